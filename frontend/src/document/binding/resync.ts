/** Makes the editor's document show exactly what the flat text says, changing as little as it can. */

import { type Node, Slice } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { ReplaceStep } from "@tiptap/pm/transform";
import type * as Y from "yjs";
import { sameInline } from "../model/inlines.ts";
import { project, type Shape } from "../model/project.ts";

/** Whether two documents show the same text; the order of an equal set of marks does not count. */
export function sameText(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.isText || a.isInline) return sameInline(a, b);
  if (!a.sameMarkup(b)) return false;
  const x = piecesOf(a);
  const y = piecesOf(b);
  return x.length === y.length && x.every((node, n) => sameText(node, y[n] as Node));
}

/** Neighbouring text that differs only in the order of its marks is one piece. */
function piecesOf(parent: Node): Node[] {
  const pieces: Node[] = [];
  parent.forEach((node) => {
    const last = pieces[pieces.length - 1];
    if (
      last?.isText &&
      node.isText &&
      sameInline(last.type.schema.text("x", last.marks), last.type.schema.text("x", node.marks))
    ) {
      pieces[pieces.length - 1] = last.type.schema.text(`${last.text}${node.text}`, last.marks);
    } else {
      pieces.push(node);
    }
  });
  return pieces;
}

export function showsText(doc: Node, text: Y.Text, shape: Shape): boolean {
  return sameText(doc, project(text, shape));
}

/** Afterwards the document in `tr` is the projection of `text`; a cursor elsewhere stays. */
export function resync(tr: Transaction, text: Y.Text, shape: Shape): void {
  const wanted = project(text, shape);
  alignMarkup(tr, wanted);
  const start = tr.doc.content.findDiffStart(wanted.content);
  if (start === null) return;
  const end = tr.doc.content.findDiffEnd(wanted.content);
  if (end === null) return;
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  replaceSafely(tr, wanted, { from: start, to: end.a + overlap, wantedTo: end.b + overlap });
}

/** Where the blocks are one to one, a difference of attributes moves no text. */
function alignMarkup(tr: Transaction, wanted: Node): void {
  if (tr.doc.childCount !== wanted.childCount) return;
  let pos = 0;
  wanted.forEach((block, _offset, n) => {
    const current = tr.doc.child(n);
    if (!current.sameMarkup(block)) tr.setNodeMarkup(pos, undefined, block.attrs);
    pos += current.nodeSize;
  });
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly wantedTo: number;
}

function replaceSafely(tr: Transaction, wanted: Node, { from, to, wantedTo }: Stretch): void {
  const step = new ReplaceStep(from, to, wanted.slice(from, wantedTo));
  const result = tr.maybeStep(step);
  if (result.failed !== null || !sameText(tr.doc, wanted)) {
    tr.step(new ReplaceStep(0, tr.doc.content.size, new Slice(wanted.content, 0, 0)));
  }
}
