/** What a simulated person does: random edits of the document, as an editor would make them. */

import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import { TextSelection, type Transaction } from "@tiptap/pm/state";
import { schema } from "../model/schema.ts";
import type { FuzzClient } from "./client.ts";
import type { HeadlessView } from "./headlessView.ts";
import type { Random } from "./random.ts";

/** Gives each typed character a code point of its own; every seventh needs a surrogate pair. */
export class Alphabet {
  #next = 0;

  text(length: number): string {
    let text = "";
    for (let n = 0; n < length; n += 1) {
      this.#next += 1;
      text += String.fromCodePoint((this.#next % 7 === 0 ? 0x20000 : 0x4e00) + this.#next);
    }
    return text;
  }
}

export interface Turn {
  readonly client: FuzzClient;
  readonly random: Random;
  readonly alphabet: Alphabet;
}

type Action = (turn: Turn) => void;

function place(doc: Node, random: Random): number {
  const block = random.below(doc.childCount);
  let pos = 0;
  for (let n = 0; n < block; n += 1) pos += doc.child(n).nodeSize;
  return pos + 1 + random.below(doc.child(block).content.size + 1);
}

function stretch(doc: Node, random: Random, most: number): { from: number; to: number } {
  const from = place(doc, random);
  return { from, to: Math.min(from + 1 + random.below(most), doc.resolve(from).end()) };
}

function twoPlaces(doc: Node, random: Random): { from: number; to: number } {
  const [a, b] = [place(doc, random), place(doc, random)];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

function cursorOrPlace({ client, random }: Turn): number {
  const { state } = client.view;
  return random.chance(0.6) ? state.selection.head : place(state.doc, random);
}

function send(view: HeadlessView, tr: Transaction): void {
  if (tr.docChanged) view.dispatch(tr);
}

const type: Action = (turn) => {
  const { view } = turn.client;
  const at = view.state.doc.resolve(cursorOrPlace(turn));
  if (!at.parent.isTextblock) return;
  const tr = view.state.tr.insertText(turn.alphabet.text(1 + turn.random.below(4)), at.pos);
  send(view, tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(at.pos)))));
};

const deleteInBlock: Action = ({ client: { view }, random }) => {
  const { from, to } = stretch(view.state.doc, random, 4);
  if (from < to) send(view, view.state.tr.delete(from, to));
};

const deleteAcross: Action = ({ client: { view }, random }) => {
  const { from, to } = twoPlaces(view.state.doc, random);
  if (to - from < 30) send(view, view.state.tr.delete(from, to));
};

const replace: Action = ({ client: { view }, random, alphabet }) => {
  const { from, to } = stretch(view.state.doc, random, 5);
  send(view, view.state.tr.insertText(alphabet.text(1 + random.below(3)), from, to));
};

const split: Action = (turn) => {
  const { view } = turn.client;
  const at = view.state.doc.resolve(cursorOrPlace(turn));
  if (at.parent.isTextblock) send(view, view.state.tr.split(at.pos));
};

const merge: Action = ({ client: { view }, random }) => {
  const { doc } = view.state;
  if (doc.childCount < 2) return;
  const at = doc.resolve(place(doc, random));
  if (at.before() > 0) send(view, view.state.tr.join(at.before()));
};

function markOf(random: Random) {
  const key = random.pick(["strong", "em", "link", "comment"]);
  if (key === "link") return schema.mark("link", { href: `https://x.example/${random.below(3)}` });
  if (key !== "comment") return schema.mark(key);
  return schema.mark("kept", { key: `comment:c${random.below(1000)}`, value: true });
}

const mark: Action = ({ client: { view }, random }) => {
  const { doc, tr } = view.state;
  const { from, to } = random.chance(0.6) ? stretch(doc, random, 6) : twoPlaces(doc, random);
  if (from < to) send(view, tr.addMark(from, to, markOf(random)));
};

const unmark: Action = ({ client: { view }, random }) => {
  const { doc, tr } = view.state;
  const { from, to } = random.chance(0.6) ? stretch(doc, random, 6) : twoPlaces(doc, random);
  if (from < to)
    send(view, tr.removeMark(from, to, schema.marks[random.pick(["strong", "em", "link"])]));
};

const blockAttrs: Action = ({ client: { view }, random }) => {
  const pos = view.state.doc.resolve(place(view.state.doc, random)).before();
  const attrs = view.state.doc.nodeAt(pos)?.attrs;
  const [kind, level] = random.pick([
    ["para", 0],
    ["heading", 2],
    ["subpara", 1],
    ["subpara", 2],
  ] as const);
  const dir = random.chance(0.2) ? random.pick(["", "rtl"]) : attrs?.dir;
  send(view, view.state.tr.setNodeMarkup(pos, undefined, { ...attrs, kind, level, dir }));
};

const paste: Action = ({ client: { view }, random, alphabet }) => {
  const { doc } = view.state;
  const blocks = Array.from({ length: 2 + random.below(2) }, () => {
    const known = random.chance(0.5) ? doc.child(random.below(doc.childCount)).attrs.id : null;
    const text = schema.text(alphabet.text(1 + random.below(3)));
    return schema.node("block", { id: known, kind: "para" }, text);
  });
  const open = random.below(2);
  const at = place(doc, random);
  send(view, view.state.tr.replace(at, at, new Slice(Fragment.from(blocks), open, open)));
};

const atom: Action = (turn) => {
  const { view } = turn.client;
  const at = view.state.doc.resolve(cursorOrPlace(turn));
  if (!at.parent.isTextblock) return;
  const id = turn.client.session.ids.note();
  const node = turn.random.pick([
    schema.node("lineBreak"),
    schema.node("unknownEmbed", { value: { chart: turn.random.below(9) } }),
    schema.node("footnote", { id }),
    schema.node("footnote", { id }),
  ]);
  turn.client.session.beginNote(id, [{ text: turn.alphabet.text(2), attrs: {} }]);
  send(view, view.state.tr.insert(at.pos, node));
};

/** Cut and paste of one block, footnotes and all: its marker and text are deleted and new. */
export const move: Action = ({ client: { view }, random }) => {
  const { doc, tr } = view.state;
  if (doc.childCount < 3) return;
  const at = doc.resolve(place(doc, random));
  const block = at.parent;
  tr.delete(at.before(), at.after());
  const target = tr.doc.resolve(place(tr.doc, random)).before();
  send(view, tr.insert(target, block));
};

const editNote: Action = ({ client, random, alphabet }) => {
  const ids = client.noteIds();
  const view = ids.length > 0 ? client.noteView(random.pick(ids)) : null;
  if (view === null) return;
  const { doc, tr } = view.state;
  const { from, to } = stretch(doc, random, 3);
  const what = random.below(4);
  if (what < 2) send(view, tr.insertText(alphabet.text(1 + random.below(3)), from));
  else if (what === 2 && from < to) send(view, tr.delete(from, to));
  else if (from < to) send(view, tr.addMark(from, to, schema.mark("em")));
  if (random.chance(0.1)) client.closeNotes();
};

export const undo: Action = ({ client }) => {
  client.session.undo.undo();
};

export const redo: Action = ({ client }) => {
  client.session.undo.redo();
};

const WEIGHTS: readonly (readonly [Action, number])[] = [
  [type, 30],
  [deleteInBlock, 7],
  [deleteAcross, 4],
  [replace, 5],
  [split, 9],
  [merge, 8],
  [mark, 9],
  [unmark, 5],
  [blockAttrs, 5],
  [paste, 4],
  [atom, 5],
  [move, 2],
  [editNote, 9],
  [undo, 7],
  [redo, 3],
];

const TOTAL = WEIGHTS.reduce((sum, [, weight]) => sum + weight, 0);

export function randomAction(random: Random): Action {
  let ticket = random.below(TOTAL);
  for (const [action, weight] of WEIGHTS) {
    if (ticket < weight) return action;
    ticket -= weight;
  }
  return type;
}
