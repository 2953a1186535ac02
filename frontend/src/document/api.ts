/** The values that a page hands to the editor and gets back from it. */

import type { EditorView } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { BlockKind } from "./model/keys.ts";

/** What a meeting holds of one paragraph, with the words and the symbol that the page shows. */
export interface BlockStatus {
  readonly status: "agreed" | "bracketed" | "parked";
  readonly word: string;
  readonly symbol: string;
}

/** All that is drawn over the text and does not come from the text. A plain value, sent whole. */
export interface TextView {
  /** Number of the section's first numbered paragraph. */
  readonly startNumber: number;
  /** Blocks that may not change; an attempt is refused on the spot. */
  readonly locked: ReadonlySet<string>;
  readonly statuses: Readonly<Record<string, BlockStatus>>;
  readonly floor: {
    readonly blockId: string;
    readonly word: string;
    readonly symbol: string;
  } | null;
}

export const EMPTY_VIEW: TextView = {
  startNumber: 1,
  locked: new Set(),
  statuses: {},
  floor: null,
};

/** Sentences and words that the editor itself puts on the screen or into a label. */
export interface EditorWords {
  /** Accessible name of the text. */
  readonly text: string;
  /** Accessible name of a footnote mark; `{number}` is replaced. */
  readonly footnote: string;
  /** Title of an element that this version cannot show. */
  readonly unknown: string;
  /** Shown in an empty section. */
  readonly placeholder: string;
}

export interface EditorOptions {
  readonly element: HTMLElement;
  readonly ydoc: Y.Doc;
  readonly words: EditorWords;
  readonly awareness?: Awareness | undefined;
  /** Written to awareness as `user`; the server puts its own in place. */
  readonly user?: { readonly name: string; readonly color: string } | undefined;
  readonly editable?: boolean | undefined;
  readonly view?: Partial<TextView> | undefined;
  /** A local change was refused because it would alter this locked block. */
  readonly onRefused?: ((blockId: string) => void) | undefined;
  /** A footnote mark was clicked, or has just been inserted. */
  readonly onFootnote?: ((footnote: FootnoteRef) => void) | undefined;
  /** Mod-K: the page asks for an address and calls `run("link", address)`. */
  readonly onLink?: ((current: string) => void) | undefined;
}

export interface FootnoteRef {
  readonly id: string;
  /** Place in the section's order, from 1. */
  readonly number: number;
  readonly blockId: string | null;
  readonly text: string;
  /** Its paragraph is locked: show the text, do not offer to edit it. */
  readonly locked: boolean;
}

/** What the buttons of a page show. */
export interface EditorState {
  readonly editable: boolean;
  readonly blockId: string | null;
  readonly kind: BlockKind;
  readonly level: number;
  readonly locked: boolean;
  readonly strong: boolean;
  readonly em: boolean;
  readonly link: string;
  readonly mayUndo: boolean;
  readonly mayRedo: boolean;
}

/** Names for `run`: each is also a key (see commands/keymap.ts). */
export type CommandName =
  | "strong"
  | "em"
  /** argument: the address; empty removes the link. */
  | "link"
  | "footnote"
  | "lineBreak"
  | "nest"
  | "unnest"
  | "paragraph"
  | "subparagraph"
  | "plain"
  | "heading1"
  | "heading2"
  | "heading3"
  | "direction"
  | "undo"
  | "redo";

export interface DocumentEditor {
  readonly editorView: EditorView;
  /** The same object until something in it changes: fit for useSyncExternalStore. */
  state(): EditorState;
  subscribe(listener: () => void): () => void;
  setView(view: Partial<TextView>): void;
  setEditable(editable: boolean): void;
  run(name: CommandName, argument?: string): boolean;
  /** In the text's order; the same array until one of them changes. */
  footnotes(): readonly FootnoteRef[];
  /** A small editor for a footnote's text; its changes share this editor's undo. */
  openFootnote(id: string, element: HTMLElement): NoteEditor | null;
  /** Put the cursor at a block's start and bring it into sight; false if it is not here. */
  goTo(blockId: string): boolean;
  focus(): void;
  destroy(): void;
}

export interface NoteEditor {
  readonly editorView: EditorView;
  run(name: "strong" | "em" | "link" | "lineBreak" | "undo" | "redo", argument?: string): boolean;
  focus(): void;
  destroy(): void;
}
