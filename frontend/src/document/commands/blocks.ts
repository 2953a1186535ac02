/** What a block is, and how it is split and joined: commands on the block that holds the cursor. */

import type { Node } from "@tiptap/pm/model";
import { type Command, type EditorState, TextSelection, type Transaction } from "@tiptap/pm/state";
import { type BlockKind, defaultLevel, LEVELS } from "../model/keys.ts";
import { type BlockAttrs, blockType } from "../model/schema.ts";

interface Selected {
  readonly node: Node;
  readonly pos: number;
  readonly attrs: BlockAttrs;
}

export function selectedBlocks(state: EditorState): Selected[] {
  const blocks: Selected[] = [];
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (node.isTextblock) blocks.push({ node, pos, attrs: node.attrs as BlockAttrs });
    return false;
  });
  return blocks;
}

/** Every selected block becomes what `change` says; null leaves one as it is. */
function changeBlocks(change: (attrs: BlockAttrs) => Partial<BlockAttrs> | null): Command {
  return (state, dispatch) => {
    const tr = state.tr;
    for (const { pos, attrs } of selectedBlocks(state)) {
      const wanted = change(attrs);
      if (wanted !== null) tr.setNodeMarkup(pos, undefined, { ...attrs, ...wanted });
    }
    if (!tr.docChanged) return false;
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

export function setKind(kind: BlockKind, level = defaultLevel(kind)): Command {
  return changeBlocks((attrs) =>
    attrs.kind === kind && attrs.level === level ? null : { kind, level },
  );
}

/** One step deeper: a paragraph becomes a sub-paragraph, and so on as far as its kind goes. */
export const nest: Command = changeBlocks(({ kind, level }) => {
  if (kind === "para") return { kind: "subpara", level: 1 };
  return LEVELS[kind].includes(level + 1) ? { level: level + 1 } : null;
});

export const unnest: Command = changeBlocks(({ kind, level }) => {
  if (LEVELS[kind].includes(level - 1)) return { level: level - 1 };
  return kind === "subpara" ? { kind: "para", level: 0 } : null;
});

/** Automatic, right to left, left to right, and again. */
export const turnDirection: Command = changeBlocks(({ dir }) => ({
  dir: dir === "" ? "rtl" : dir === "rtl" ? "ltr" : "",
}));

/** What a heading is followed by, and everything else by its own kind. */
function following({ kind, level, dir }: BlockAttrs): Partial<BlockAttrs> {
  if (kind === "heading") return { kind: "para", level: 0, dir };
  return { kind, level, dir };
}

/**
 * Enter. At the start of a block with text the new block comes before it, so that the text keeps
 * its marker, its id and its lock; an empty sub-paragraph, heading or plain block steps back first.
 */
export const splitBlock: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const block = $from.parent;
  if (!block.isTextblock) return false;
  const attrs = block.attrs as BlockAttrs;
  if (empty && block.content.size === 0 && attrs.kind !== "para") return stepBack(state, dispatch);
  const tr = state.tr;
  if (!empty) tr.deleteSelection();
  const at = tr.doc.resolve(tr.mapping.map($from.pos));
  const text = at.parent;
  const next = blockType.create({ ...following(text.attrs as BlockAttrs) });
  if (at.parentOffset === 0 && text.content.size > 0 && empty) {
    insertBefore(tr, at.before(), text.attrs as BlockAttrs);
  } else {
    tr.split(at.pos, 1, [{ type: blockType, attrs: next.attrs }]);
  }
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** An empty block before this one; the cursor stays with the text. */
function insertBefore(tr: Transaction, pos: number, attrs: BlockAttrs): void {
  tr.insert(pos, blockType.create({ ...following(attrs) }));
}

/** A deeper level goes up, then everything becomes a plain numbered paragraph. */
const stepBack: Command = (state, dispatch) => {
  if (unnest(state, dispatch)) return true;
  return setKind("para")(state, dispatch);
};

/** Backspace at a block's start: first its kind goes back, then it joins the one before. */
export const backspaceAtStart: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock || $from.parentOffset > 0) return false;
  const { kind } = $from.parent.attrs as BlockAttrs;
  const index = $from.index(0);
  if (kind === "subpara" || (kind !== "para" && $from.parent.content.size === 0)) {
    return stepBack(state, dispatch);
  }
  if (index === 0) return kind !== "para" && stepBack(state, dispatch);
  dispatch?.(joined(state, index).scrollIntoView());
  return true;
};

export const deleteAtEnd: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  if (!empty || !parent.isTextblock || $from.parentOffset < parent.content.size) return false;
  const index = $from.index(0) + 1;
  if (index >= state.doc.childCount) return false;
  dispatch?.(joined(state, index).scrollIntoView());
  return true;
};

/** Joins block `index` to the one before; an empty block just goes, and takes no kind with it. */
function joined(state: EditorState, index: number): Transaction {
  const tr = state.tr;
  const pos = startOf(state.doc, index);
  const before = state.doc.child(index - 1);
  const block = state.doc.child(index);
  if (before.content.size === 0) {
    tr.delete(pos - before.nodeSize, pos);
    return tr.setSelection(TextSelection.create(tr.doc, pos - before.nodeSize + 1));
  }
  if (block.content.size === 0) tr.delete(pos, pos + block.nodeSize);
  else tr.join(pos);
  return tr.setSelection(TextSelection.create(tr.doc, pos - 1));
}

function startOf(doc: Node, index: number): number {
  let pos = 0;
  for (let n = 0; n < index; n += 1) pos += doc.child(n).nodeSize;
  return pos;
}
