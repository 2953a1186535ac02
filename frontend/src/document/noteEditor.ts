/** The small editor of one footnote's text; what it writes is undone with the section's text. */

import { EditorView } from "@tiptap/pm/view";
import type { NoteEditor } from "./api.ts";
import { followHand } from "./binding/hand.ts";
import type { TextSession } from "./binding/session.ts";
import { commandFor } from "./commands/byName.ts";
import { noteKeys } from "./commands/keymap.ts";
import { pastePlugin } from "./paste/plugin.ts";

interface NoteOptions {
  readonly id: string;
  readonly element: HTMLElement;
  readonly session: TextSession;
  readonly mayEdit: () => boolean;
  readonly label: string;
}

/** Null if the section has no text for this footnote. */
export function openNote({ id, element, session, mayEdit, label }: NoteOptions): NoteEditor | null {
  const undo = () => session.undo.undo();
  const redo = () => session.undo.redo();
  const note = session.noteState(id, mayEdit, [
    noteKeys({ undo, redo }),
    pastePlugin({ session, noteOf: () => [], inNote: true }),
  ]);
  if (note === null) return null;
  const view = new EditorView(element, {
    state: note.state,
    editable: mayEdit,
    handleDOMEvents: { keydown: followHand },
    attributes: {
      class: "document-note",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": label,
    },
  });
  note.binding.load();
  return {
    editorView: view,
    run(name, argument = "") {
      if (!mayEdit()) return false;
      if (name === "undo") return undo();
      if (name === "redo") return redo();
      return commandFor(name, argument)(view.state, view.dispatch, view);
    },
    focus: () => view.focus(),
    destroy: () => {
      if (!view.isDestroyed) view.destroy();
    },
  };
}
