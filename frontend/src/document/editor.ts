/** The editor of one section's text: a ProseMirror view with everything that belongs to it. */

import {
  type Plugin,
  type EditorState as ProseState,
  TextSelection,
  type Transaction,
} from "@tiptap/pm/state";
import { EditorView } from "@tiptap/pm/view";
import {
  type CommandName,
  type DocumentEditor,
  type EditorOptions,
  type EditorState,
  EMPTY_VIEW,
  type FootnoteRef,
  type NoteEditor,
  type TextView,
} from "./api.ts";
import { followHand } from "./binding/hand.ts";
import { TextSession } from "./binding/session.ts";
import { commandFor } from "./commands/byName.ts";
import { insertFootnote, linkAt, selectedFootnote } from "./commands/inline.ts";
import { labelRules } from "./commands/inputRules.ts";
import { textKeys } from "./commands/keymap.ts";
import { caretsPlugin } from "./decorations/carets.ts";
import { showView, viewPlugin } from "./decorations/view.ts";
import { readState } from "./editorState.ts";
import { locksPlugin } from "./guards/locks.ts";
import { lockTouchedBy } from "./guards/undoneLocks.ts";
import { openNote } from "./noteEditor.ts";
import { pastePlugin } from "./paste/plugin.ts";
import { footnotesOf, notesOf } from "./reading.ts";

/** Show `ydoc` in `element`, to be edited together; the caller destroys it. */
export function createEditor(options: EditorOptions): DocumentEditor {
  return new SectionEditor(options);
}

class SectionEditor implements DocumentEditor {
  readonly editorView: EditorView;
  readonly #options: EditorOptions;
  readonly #session: TextSession;
  readonly #listeners = new Set<() => void>();
  readonly #notes = new Set<NoteEditor>();
  #shown: TextView;
  #editable: boolean;
  #state: EditorState;
  #footnotes: readonly FootnoteRef[] = [];
  #verifying: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#shown = { ...EMPTY_VIEW, ...options.view };
    this.#editable = options.editable ?? true;
    this.#session = new TextSession(options.ydoc, {
      blockedBy: (step) =>
        lockTouchedBy(this.#session.body, this.#session.notes, step, this.#shown.locked),
      onBlocked: (blockId) => options.onRefused?.(blockId),
    });
    if (options.user !== undefined) options.awareness?.setLocalStateField("user", options.user);
    this.editorView = this.#createView();
    this.#session.binding.load();
    this.#session.undo.attach(this.editorView);
    this.#state = this.#readState();
    const { manager } = this.#session.undo;
    for (const event of ["stack-item-added", "stack-item-popped", "stack-cleared"] as const) {
      manager.on(event, () => this.#tell());
    }
    this.#session.notes.observeDeep(this.#tell);
  }

  #createView(): EditorView {
    const { words, element } = this.#options;
    return new EditorView(element, {
      state: this.#session.initialState(this.#plugins()),
      editable: () => this.#editable,
      attributes: () => ({
        class: "document",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": words.text,
        "aria-readonly": String(!this.#editable),
      }),
      dispatchTransaction: (tr) => this.#dispatch(tr),
      handleDOMEvents: { keydown: followHand },
      handleClickOn: (_view, _pos, node) => {
        if (node.type.name !== "footnote") return false;
        this.#announceNote(String(node.attrs.id));
        return true;
      },
    });
  }

  #dispatch(tr: Transaction): void {
    const before = this.editorView.state;
    const after = before.apply(tr);
    const isRefused = tr.docChanged && after === before;
    this.editorView.updateState(isRefused ? before.apply(placeOnly(before, tr)) : after);
    if (tr.docChanged) this.#verifyLater();
    this.#tell();
  }

  #plugins(): Plugin[] {
    const { awareness, words } = this.#options;
    const plugins = [
      locksPlugin(
        () => this.#shown.locked,
        (blockId) => this.#options.onRefused?.(blockId),
      ),
      labelRules(),
      textKeys({
        undo: () => this.#session.undo.undo(),
        redo: () => this.#session.undo.redo(),
        footnote: this.#footnoteCommand(),
        openFootnote: (state) => this.#announceNote(selectedFootnote(state)),
        link: (state) => {
          this.#options.onLink?.(linkAt(state));
          return this.#options.onLink !== undefined;
        },
      }),
      pastePlugin({ session: this.#session, noteOf: notesOf(this.#options.ydoc), inNote: false }),
      viewPlugin(this.#shown, words),
    ];
    return awareness ? [...plugins, caretsPlugin(this.#session.body, awareness)] : plugins;
  }

  state = (): EditorState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  setView(view: Partial<TextView>): void {
    this.#shown = { ...this.#shown, ...view };
    if (this.editorView.isDestroyed) return;
    followHand(this.editorView);
    this.editorView.dispatch(showView(this.editorView.state.tr, this.#shown));
    this.#refreshNotes();
  }

  /** A footnote is open to editing as long as its paragraph is. */
  #refreshNotes(): void {
    for (const { editorView } of this.#notes) if (!editorView.isDestroyed) editorView.setProps({});
  }

  setEditable(editable: boolean): void {
    if (editable === this.#editable) return;
    this.#editable = editable;
    this.editorView.setProps({});
    this.#refreshNotes();
    this.#tell();
  }

  run(name: CommandName, argument = ""): boolean {
    if (!this.#editable) return false;
    if (name === "undo") return this.#session.undo.undo();
    if (name === "redo") return this.#session.undo.redo();
    const command = name === "footnote" ? this.#footnoteCommand() : commandFor(name, argument);
    const done = command(this.editorView.state, this.editorView.dispatch, this.editorView);
    if (name !== "footnote") this.editorView.focus();
    return done;
  }

  #footnoteCommand() {
    return insertFootnote(this.#session.ids, (id) => this.#announceNote(id));
  }

  /** False if there is no such footnote, as when a lock has refused it. */
  #announceNote(id: string | null): boolean {
    const footnote = this.footnotes().find((each) => each.id === id);
    if (footnote === undefined) return false;
    this.#options.onFootnote?.(footnote);
    return true;
  }

  footnotes = (): readonly FootnoteRef[] => this.#footnotes;

  #readFootnotes(): readonly FootnoteRef[] {
    const { doc } = this.editorView.state;
    return footnotesOf(doc, notesOf(this.#options.ydoc), this.#shown.locked);
  }

  openFootnote(id: string, element: HTMLElement): NoteEditor | null {
    const mayEdit = () =>
      this.#editable && this.footnotes().some((each) => each.id === id && !each.locked);
    const note = openNote({
      id,
      element,
      mayEdit,
      session: this.#session,
      label: this.#noteLabel(id),
    });
    if (note !== null) this.#notes.add(note);
    return note;
  }

  #noteLabel(id: string): string {
    const number = this.footnotes().find((each) => each.id === id)?.number ?? 0;
    return this.#options.words.footnote.replace("{number}", String(number));
  }

  goTo(blockId: string): boolean {
    const { state } = this.editorView;
    let place: number | null = null;
    state.doc.forEach((block, pos) => {
      if (place === null && block.attrs.id === blockId) place = pos;
    });
    if (place === null) return false;
    const selection = TextSelection.near(state.doc.resolve(place + 1));
    this.editorView.dispatch(state.tr.setSelection(selection).scrollIntoView());
    return true;
  }

  focus(): void {
    this.editorView.focus();
  }

  destroy(): void {
    clearTimeout(this.#verifying);
    this.#session.notes.unobserveDeep(this.#tell);
    for (const note of this.#notes) note.destroy();
    this.editorView.destroy();
    this.#session.destroy();
    this.#listeners.clear();
  }

  #readState(): EditorState {
    const { undo } = this.#session;
    return readState(this.editorView.state, {
      editable: this.#editable,
      locked: this.#shown.locked,
      mayUndo: undo.mayUndo,
      mayRedo: undo.mayRedo,
    });
  }

  readonly #tell = (): void => {
    const state = this.#readState();
    const footnotes = this.#readFootnotes();
    const isSame = same(state, this.#state) && same(footnotes, this.#footnotes);
    if (isSame) return;
    if (!same(state, this.#state)) this.#state = state;
    if (!same(footnotes, this.#footnotes)) this.#footnotes = footnotes;
    for (const listener of this.#listeners) listener();
  };

  /** The cheap check of each change counts units; in a pause the whole text is compared. */
  #verifyLater(): void {
    clearTimeout(this.#verifying);
    this.#verifying = setTimeout(() => this.#session.binding.verify(), PAUSE_MS);
  }
}

const PAUSE_MS = 2000;

/** A refused change leaves the cursor where it was tried, if it was not there already. */
function placeOnly(before: ProseState, tr: Transaction): Transaction {
  const { head } = before.selection;
  const back = tr.mapping.invert();
  const tried = { from: back.map(tr.selection.from, -1), to: back.map(tr.selection.to, 1) };
  if (tried.from <= head && head <= tried.to) return before.tr;
  return before.tr.setSelection(TextSelection.near(before.doc.resolve(tried.to)));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
