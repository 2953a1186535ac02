/** Holds one flat Y.Text and one ProseMirror view together: each shows what the other holds. */

import type { Node } from "@tiptap/pm/model";
import {
  type EditorState,
  Plugin,
  PluginKey,
  type Selection,
  TextSelection,
  type Transaction,
} from "@tiptap/pm/state";
import type * as Y from "yjs";
import { indexOf } from "../model/positions.ts";
import type { Shape } from "../model/project.ts";
import { applyDelta, type DeltaOp, hasEqualLength } from "./apply.ts";
import { type Change, diffTokens, isChange } from "./diff.ts";
import { followHand } from "./hand.ts";
import { changedRanges } from "./ranges.ts";
import { resync, showsText } from "./resync.ts";
import { type Token, tokensBetween } from "./tokens.ts";
import { writeChanges } from "./write.ts";

/** What the binding needs of an EditorView; a test can do without a page. */
export interface BoundView {
  readonly state: EditorState;
  dispatch(tr: Transaction): void;
  hasFocus?(): boolean;
}

export interface BindingOptions {
  readonly text: Y.Text;
  readonly shape: Shape;
  /** Origin of the transactions that local changes make; an undo manager tracks it. */
  readonly origin: object;
  /** Called inside the transaction, for each token about to be inserted. */
  readonly onInsert?: (token: Token) => void;
  /** Called before a local change is written, with the state as it was before it. */
  readonly onBeforeWrite?: (before: EditorState) => void;
}

interface Log {
  readonly transactions: readonly Transaction[];
  readonly before: EditorState | null;
}

/** A change of more parts than this is a whole text that arrives: it is read anew. */
const MOST_PARTS = 300;

const EMPTY_LOG: Log = { transactions: [], before: null };

/** Marks a transaction that came from the text: nothing may refuse it or write it back. */
export const fromText = new PluginKey<Log>("text");

export function isFromText(tr: Transaction): boolean {
  return tr.getMeta(fromText) === true;
}

export class Binding {
  /** Passes over text that had to be corrected; tests and reports read it. */
  corrections = 0;
  readonly #options: BindingOptions;
  readonly #consumed = new WeakSet<Log>();
  #view: BoundView | null = null;
  #writing = false;

  constructor(options: BindingOptions) {
    this.#options = options;
  }

  get text(): Y.Text {
    return this.#options.text;
  }

  plugin(): Plugin<Log> {
    return new Plugin<Log>({
      key: fromText,
      state: {
        init: () => EMPTY_LOG,
        apply: (tr, log, before) => this.#note(tr, log, before),
      },
      view: (view) => this.attach(view),
    });
  }

  /** Begin to show the text in `view`; the view must have this binding's plugin in its state. */
  attach(view: BoundView): { update: () => void; destroy: () => void } {
    this.#view = view;
    const observer = (event: Y.YTextEvent): void => this.#read(event);
    this.text.observe(observer);
    return {
      update: () => this.flush(),
      destroy: () => {
        this.text.unobserve(observer);
        this.#view = null;
      },
    };
  }

  /** Show the text as it is now; for the first time, or when in doubt. */
  load(): void {
    this.#dispatch((tr) => resync(tr, this.text, this.#options.shape));
  }

  /** Show the text anew if the view does not show exactly it: too slow for each key. */
  verify(): boolean {
    const doc = this.#view?.state.doc;
    if (doc === undefined || showsText(doc, this.text, this.#options.shape)) return true;
    this.#correct();
    return false;
  }

  #note(tr: Transaction, log: Log, before: EditorState): Log {
    const open = this.#consumed.has(log) ? EMPTY_LOG : log;
    if (!tr.docChanged || isFromText(tr)) return open;
    return {
      transactions: [...open.transactions, tr],
      before: open.before ?? before,
    };
  }

  /** Write what was done here since the last time, as one transaction. */
  flush(): void {
    const view = this.#view;
    const log = view === null ? undefined : fromText.getState(view.state);
    if (view === null || !log?.before || this.#consumed.has(log)) return;
    this.#consumed.add(log);
    const before = log.before.doc;
    const ranges = changedRanges(log.transactions, before, view.state.doc);
    const planned = ranges.map((range) => ({
      start: indexOf(before, range.oldFrom),
      changes: diffTokens(
        tokensBetween(before, range.oldFrom, range.oldTo),
        tokensBetween(view.state.doc, range.newFrom, range.newTo),
      ),
    }));
    const work = planned.filter(({ changes }) => changes.some(isChange));
    if (work.length > 0) this.#options.onBeforeWrite?.(log.before);
    const deviates = this.#write(work.reverse()) || flipsImplicit(before, view.state.doc);
    if (deviates || !hasEqualLength(view.state.doc, this.text)) this.#correct();
  }

  /** Last range first, so that the indexes of the earlier ones stay true. */
  #write(work: readonly { start: number; changes: readonly Change[] }[]): boolean {
    if (work.length === 0) return false;
    let deviates = false;
    this.#writing = true;
    try {
      this.text.doc?.transact(() => {
        for (const { start, changes } of work) {
          for (const { op, token } of changes) if (op === "insert") this.#options.onInsert?.(token);
          if (writeChanges(this.text, start, changes)) deviates = true;
        }
      }, this.#options.origin);
    } finally {
      this.#writing = false;
    }
    return deviates;
  }

  #read(event: Y.YTextEvent): void {
    if (this.#view === null || this.#writing) return;
    this.flush();
    const delta = event.delta as readonly DeltaOp[];
    if (delta.length === 0) return;
    if (delta.length > MOST_PARTS) {
      this.load();
      return;
    }
    try {
      this.#dispatch((tr) => applyDelta(tr, this.text, delta, this.#options.shape));
    } catch (error) {
      console.error("A change to the text was shown by reading it anew.", error);
      this.#correct();
    }
    if (!hasEqualLength(this.#view.state.doc, this.text)) this.#correct();
  }

  #correct(): void {
    this.corrections += 1;
    this.#dispatch((tr) => resync(tr, this.text, this.#options.shape));
  }

  #dispatch(change: (tr: Transaction) => void): void {
    if (this.#view === null) return;
    followHand(this.#view);
    const tr = this.#view.state.tr;
    change(tr);
    if (!tr.docChanged) return;
    keepCursor(tr, this.#view.state.selection);
    this.#view.dispatch(tr.setMeta(fromText, true).setMeta("addToHistory", false));
  }
}

/** What somebody else writes where the cursor is comes after it: nobody is carried along. */
function keepCursor(tr: Transaction, before: Selection): void {
  if (!(before instanceof TextSelection)) return;
  const [anchor, head] = [before.anchor, before.head].map((pos) => {
    return tr.doc.resolve(tr.mapping.map(pos, -1));
  });
  if (!anchor?.parent.inlineContent || !head?.parent.inlineContent) return;
  tr.setSelection(new TextSelection(anchor, head));
}

/** A first block that gained or lost its marker has been written as more than its tokens say. */
function flipsImplicit(before: Node, after: Node): boolean {
  return before.firstChild?.attrs.implicit !== after.firstChild?.attrs.implicit;
}
