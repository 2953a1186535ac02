/** Copy, cut, paste and drop: what comes in is clean, what moves inside the text stays itself. */

import { Fragment, type Node, type Slice } from "@tiptap/pm/model";
import { Plugin, TextSelection, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import type { TextSession } from "../binding/session.ts";
import { setLink } from "../commands/inline.ts";
import type { NoteReader } from "../hashing.ts";
import { isSafeHref, schema } from "../model/schema.ts";
import { draftOfHtml, inlinesOf } from "./clean.ts";
import { COPY_ATTRIBUTE, clipboardSerializer, clipboardText } from "./copy.ts";
import { type Draft, draftOfText, EMPTY_DRAFT } from "./draft.ts";
import { blockNode, insertBlocks, insertInline } from "./insert.ts";

export interface PasteOptions {
  readonly session: TextSession;
  readonly noteOf: NoteReader;
  /** A footnote's text takes one line of words and no footnotes. */
  readonly inNote: boolean;
}

/** The last copy made here: pasted here again it keeps ids, footnotes and unknown marks. */
interface OwnCopy {
  readonly token: string;
  readonly slice: Slice;
}

export function pastePlugin(options: PasteOptions): Plugin {
  let own: OwnCopy | null = null;
  let copies = 0;
  const page = crypto.getRandomValues(new Uint32Array(2)).join("-");
  return new Plugin({
    props: {
      transformCopied(slice) {
        copies += 1;
        own = { token: `${page}-${copies}`, slice };
        return slice;
      },
      clipboardSerializer: clipboardSerializer(options.noteOf, () => own?.token ?? ""),
      clipboardTextSerializer: (slice) => clipboardText(slice.content.content),
      handlePaste: (view, event) => receive(view, event.clipboardData, own, options),
      handleDrop(view, event, _slice, moved) {
        if (moved) return false;
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (at === null) return true;
        const $at = view.state.doc.resolve(at.pos);
        view.dispatch(view.state.tr.setSelection(TextSelection.near($at)));
        return receive(view, event.dataTransfer, own, options);
      },
    },
  });
}

/** Always true: what cannot be understood is left out rather than given to the browser. */
function receive(
  view: EditorView,
  transfer: DataTransfer | null,
  own: OwnCopy | null,
  options: PasteOptions,
): boolean {
  const html = transfer?.getData("text/html") ?? "";
  const text = transfer?.getData("text/plain") ?? "";
  const tr = view.state.tr;
  if (own !== null && html.includes(`${COPY_ATTRIBUTE}="${own.token}"`)) {
    insertNodes(tr, own.slice.content.content, options);
  } else if (isSafeHref(text.trim()) && !tr.selection.empty) {
    return setLink(text.trim())(view.state, view.dispatch);
  } else {
    insertDraft(tr, readDraft(html, text, options), options);
  }
  if (tr.docChanged) view.dispatch(tr.scrollIntoView().setMeta("paste", true));
  return true;
}

function readDraft(html: string, text: string, { session }: PasteOptions): Draft {
  const draft = html === "" ? EMPTY_DRAFT : draftOfHtml(html, session.ids.note);
  return draft.blocks.length > 0 ? draft : draftOfText(text);
}

function insertDraft(tr: Transaction, draft: Draft, options: PasteOptions): void {
  if (draft.blocks.length === 0) return;
  for (const [id, pieces] of draft.notes) options.session.beginNote(id, pieces);
  insertNodes(tr, draft.blocks.map(blockNode), options);
}

function insertNodes(tr: Transaction, nodes: readonly Node[], { inNote }: PasteOptions): void {
  const blocks = nodes.filter((node) => node.isTextblock);
  const isInline = blocks.length === 0;
  if (!isInline && !inNote) {
    insertBlocks(tr, blocks);
    return;
  }
  const inlines = isInline
    ? nodes
    : inlinesOf(blocks.map((block) => ({ ...PLAIN, inlines: block.children })));
  const fitting = inNote ? inlines.filter(isPlain) : inlines;
  insertInline(tr, Fragment.fromArray([...fitting]));
}

const PLAIN = { kind: "para", level: 0, dir: "" } as const;

function isPlain(node: Node): boolean {
  return node.isText || node.type === schema.nodes.lineBreak;
}
