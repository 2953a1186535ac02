/** Bold, italic, links, line breaks and footnotes at the selection. */

import { toggleMark } from "@tiptap/pm/commands";
import type { Node } from "@tiptap/pm/model";
import { type Command, type EditorState, NodeSelection } from "@tiptap/pm/state";
import type { NewIds } from "../binding/ids.ts";
import { isSafeHref, schema } from "../model/schema.ts";

export const toggleStrong: Command = toggleMark(schema.marks.strong);
export const toggleEm: Command = toggleMark(schema.marks.em);

/** The selection, or the link around the cursor, leads to `address`; an empty one removes it. */
export function setLink(address: string): Command {
  return (state, dispatch) => {
    const { from, to } = linkRange(state);
    if (from === to || (address !== "" && !isSafeHref(address))) return false;
    const tr = state.tr.removeMark(from, to, schema.marks.link);
    if (address !== "") tr.addMark(from, to, schema.mark("link", { href: address }));
    dispatch?.(tr);
    return true;
  };
}

/** The address at the cursor or at the start of the selection, "" if there is none. */
export function linkAt(state: EditorState): string {
  const { $from, empty } = state.selection;
  const node = empty ? ($from.nodeBefore ?? $from.nodeAfter) : $from.nodeAfter;
  return linkOf(node);
}

function linkOf(node: Node | null | undefined): string {
  const mark = node?.marks.find(({ type }) => type === schema.marks.link);
  return mark === undefined ? "" : String(mark.attrs.href);
}

function linkRange(state: EditorState): { from: number; to: number } {
  const { $from, from, to, empty } = state.selection;
  const href = linkAt(state);
  if (!empty || href === "") return { from, to };
  const range = { from, to };
  let pos = $from.start();
  $from.parent.forEach((node) => {
    const end = pos + node.nodeSize;
    if (linkOf(node) === href && pos <= from && from <= end) {
      range.from = Math.min(range.from, pos);
      range.to = Math.max(range.to, end);
    }
    pos = end;
  });
  return range;
}

export const insertLineBreak: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if (!$from.parent.isTextblock) return false;
  dispatch?.(state.tr.replaceSelectionWith(schema.node("lineBreak"), true).scrollIntoView());
  return true;
};

/** A footnote behind the selection; its text begins empty and is written in the same update. */
export function insertFootnote(ids: NewIds, inserted: (id: string) => void): Command {
  return (state, dispatch) => {
    const { $to } = state.selection;
    if (!$to.parent.isTextblock) return false;
    if (dispatch) {
      const id = ids.note();
      dispatch(state.tr.insert($to.pos, schema.node("footnote", { id })).scrollIntoView());
      inserted(id);
    }
    return true;
  };
}

/** The footnote under the selection, if it is just that. */
export function selectedFootnote(state: EditorState): string | null {
  const { selection } = state;
  const isNote = selection instanceof NodeSelection && selection.node.type.name === "footnote";
  return isNote ? String(selection.node.attrs.id) : null;
}
