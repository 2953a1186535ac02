/** Undo of one's own changes only, with the cursor put back where it was. */

import { type EditorState, TextSelection } from "@tiptap/pm/state";
import * as Y from "yjs";
import { indexOf, posOf } from "../model/positions.ts";
import { type BoundView, fromText } from "./binding.ts";

interface SavedSelection {
  readonly anchor: Y.RelativePosition;
  readonly head: Y.RelativePosition;
}

/** A place in the text that stays with its neighbours; the unit before it holds it. */
export function relativeAt(text: Y.Text, state: EditorState, pos: number): Y.RelativePosition {
  return Y.createRelativePositionFromTypeIndex(text, indexOf(state.doc, pos), -1);
}

/** Where a relative place is in the document now; null if it belongs to another text. */
export function absoluteIn(
  text: Y.Text,
  state: EditorState,
  at: Y.RelativePosition,
): number | null {
  if (text.doc === null) return null;
  const found = Y.createAbsolutePositionFromRelativePosition(at, text.doc);
  return found === null || found.type !== text ? null : posOf(state.doc, found.index);
}

type Item = Y.UndoManager["undoStack"][number];

export interface UndoOptions {
  readonly text: Y.Text;
  readonly notes: Y.Map<Y.Text>;
  readonly origin: object;
  /** The locked block that taking this step back would alter, if any. */
  readonly blockedBy: (item: Item) => string | null;
  readonly onBlocked: (blockId: string) => void;
  /** Milliseconds in which changes go together as one step. */
  readonly captureTimeout?: number;
}

export class Undo {
  readonly manager: Y.UndoManager;
  readonly #options: UndoOptions;
  #view: BoundView | null = null;
  #before: SavedSelection | null = null;

  constructor(options: UndoOptions) {
    this.#options = options;
    this.manager = new Y.UndoManager([options.text, options.notes], {
      trackedOrigins: new Set([options.origin]),
      captureTimeout: options.captureTimeout ?? 500,
      // Undoing "insert a footnote" takes its reference away and leaves the note: somebody may
      // have written in it meanwhile.
      deleteFilter: (item) =>
        !(item.parent === options.notes && item.content instanceof Y.ContentType),
    });
    this.manager.on("stack-item-added", ({ stackItem }) => {
      stackItem.meta.set(this, this.#before ?? this.#selection());
      this.#before = null;
    });
    this.manager.on("stack-item-popped", ({ stackItem }) => {
      this.#restore(stackItem.meta.get(this) as SavedSelection | null | undefined);
    });
  }

  attach(view: BoundView): void {
    this.#view = view;
  }

  noteBefore(state: EditorState): void {
    this.#before = this.#saved(state);
  }

  undo(): boolean {
    return this.#step(this.manager.undoStack, () => this.manager.undo());
  }

  redo(): boolean {
    return this.#step(this.manager.redoStack, () => this.manager.redo());
  }

  get mayUndo(): boolean {
    return this.manager.undoStack.length > 0;
  }

  get mayRedo(): boolean {
    return this.manager.redoStack.length > 0;
  }

  destroy(): void {
    this.manager.destroy();
  }

  /** A step that would alter a locked block is dropped, so that the one before it can be taken. */
  #step(stack: Item[], take: () => Item | null): boolean {
    const item = stack[stack.length - 1];
    if (item === undefined) return false;
    const blockId = this.#options.blockedBy(item);
    if (blockId !== null) {
      stack.pop();
      this.#options.onBlocked(blockId);
      return false;
    }
    this.#before = this.#selection();
    const taken = take();
    this.#before = null;
    return taken !== null;
  }

  #selection(): SavedSelection | null {
    return this.#view === null ? null : this.#saved(this.#view.state);
  }

  #saved(state: EditorState): SavedSelection {
    const { anchor, head } = state.selection;
    return {
      anchor: relativeAt(this.#options.text, state, anchor),
      head: relativeAt(this.#options.text, state, head),
    };
  }

  #restore(saved: SavedSelection | null | undefined): void {
    if (!saved || this.#view === null) return;
    const { state } = this.#view;
    const anchor = absoluteIn(this.#options.text, state, saved.anchor);
    const head = absoluteIn(this.#options.text, state, saved.head);
    if (anchor === null || head === null) return;
    const selection = TextSelection.between(state.doc.resolve(anchor), state.doc.resolve(head));
    const tr = state.tr.setSelection(selection).setMeta(fromText, true);
    // A footnote's editor has its own place on the page: the text must not jump away from it.
    this.#view.dispatch(this.#view.hasFocus?.() === true ? tr.scrollIntoView() : tr);
  }
}
