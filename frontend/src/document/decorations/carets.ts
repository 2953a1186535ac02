/** Shows where the others are, and tells them where this cursor is. */

import { type EditorState, Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { isFromText } from "../binding/binding.ts";
import { followHand } from "../binding/hand.ts";
import { absoluteIn, relativeAt } from "../binding/undo.ts";

interface Presence {
  readonly user?: { readonly name?: unknown; readonly color?: unknown };
  readonly cursor?: { readonly anchor?: unknown; readonly head?: unknown } | null;
}

const caretsKey = new PluginKey<DecorationSet>("carets");

export function caretsPlugin(text: Y.Text, awareness: Awareness): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      init: (_config, state) => drawCarets(text, awareness, state),
      apply: (tr, drawn, _before, after) => {
        // A place is told before the text that it lies in has come: it is found when that has.
        if (tr.getMeta(caretsKey) === true || isFromText(tr)) {
          return drawCarets(text, awareness, after);
        }
        return tr.docChanged ? drawn.map(tr.mapping, tr.doc) : drawn;
      },
    },
    props: { decorations: (state) => caretsKey.getState(state) },
    view: (view) => new Courier(text, awareness, view),
  });
}

/** Between the awareness and one view, in both directions. */
class Courier {
  readonly #text: Y.Text;
  readonly #awareness: Awareness;
  readonly #view: EditorView;
  #sent = "";

  constructor(text: Y.Text, awareness: Awareness, view: EditorView) {
    this.#text = text;
    this.#awareness = awareness;
    this.#view = view;
    awareness.on("change", this.#redraw);
    view.dom.addEventListener("focusin", this.#send);
    view.dom.addEventListener("focusout", this.#send);
  }

  update(): void {
    this.#send();
  }

  destroy(): void {
    this.#awareness.off("change", this.#redraw);
    this.#view.dom.removeEventListener("focusin", this.#send);
    this.#view.dom.removeEventListener("focusout", this.#send);
    if (this.#awareness.getLocalState() !== null) {
      this.#awareness.setLocalStateField("cursor", null);
    }
  }

  readonly #redraw = (change: { added: number[]; updated: number[]; removed: number[] }): void => {
    const own = this.#awareness.clientID;
    const others = [...change.added, ...change.updated, ...change.removed];
    if (this.#view.isDestroyed || others.every((id) => id === own)) return;
    followHand(this.#view);
    this.#view.dispatch(this.#view.state.tr.setMeta(caretsKey, true));
  };

  /** The place goes out as a relative one, and only when it is another: nothing for a mere redraw. */
  readonly #send = (): void => {
    if (this.#awareness.getLocalState() === null) return;
    const cursor = this.#view.hasFocus() ? this.#cursor() : null;
    const next = JSON.stringify(cursor);
    if (next === this.#sent) return;
    this.#sent = next;
    this.#awareness.setLocalStateField("cursor", cursor);
  };

  #cursor(): { anchor: unknown; head: unknown } {
    const { state } = this.#view;
    const placeOf = (pos: number): unknown =>
      Y.relativePositionToJSON(relativeAt(this.#text, state, pos));
    return { anchor: placeOf(state.selection.anchor), head: placeOf(state.selection.head) };
  }
}

function drawCarets(text: Y.Text, awareness: Awareness, state: EditorState): DecorationSet {
  const decorations: Decoration[] = [];
  awareness.getStates().forEach((presence, clientId) => {
    if (clientId === awareness.clientID) return;
    decorations.push(...drawOne(text, state, presence as Presence, clientId));
  });
  return DecorationSet.create(state.doc, decorations);
}

function drawOne(
  text: Y.Text,
  state: EditorState,
  presence: Presence,
  clientId: number,
): Decoration[] {
  const anchor = placeOf(text, state, presence.cursor?.anchor);
  const head = placeOf(text, state, presence.cursor?.head);
  if (anchor === null || head === null) return [];
  const name = typeof presence.user?.name === "string" ? presence.user.name : "";
  const color = safeColor(presence.user?.color);
  const caret = Decoration.widget(head, () => caretElement(name, color), {
    key: `${clientId} ${name} ${color}`,
    side: 10,
    ignoreSelection: true,
  });
  if (anchor === head) return [caret];
  const range = Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), {
    class: "remote-selection",
    style: `--person: ${color}`,
  });
  return [range, caret];
}

/** Awareness comes from others: a place of any other shape is no place. */
function placeOf(text: Y.Text, state: EditorState, stored: unknown): number | null {
  if (stored === null || typeof stored !== "object") return null;
  try {
    const pos = absoluteIn(text, state, Y.createRelativePositionFromJSON(stored));
    // Index 0 of a text whose first block has a marker lies before that block's own text.
    return pos === null ? null : Math.max(pos, 1);
  } catch {
    return null;
  }
}

function safeColor(color: unknown): string {
  return typeof color === "string" && /^#[0-9a-f]{3,8}$/i.test(color) ? color : "#646b71";
}

/** Without width and out of the flow, so that neither line nor letters move. */
function caretElement(name: string, color: string): HTMLElement {
  const caret = document.createElement("span");
  caret.className = "remote-caret";
  caret.style.setProperty("--person", color);
  const label = document.createElement("bdi");
  label.className = "remote-name";
  label.textContent = name;
  caret.append(label);
  return caret;
}
