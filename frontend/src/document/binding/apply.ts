/** Lays what happened to the flat text on the editor's document, step by step. */

import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { ReplaceStep } from "@tiptap/pm/transform";
import type * as Y from "yjs";
import { attrsOf, isMarker, marksOf } from "../model/inlines.ts";
import { type Attrs, isBlockKey, type Json } from "../model/keys.ts";
import { blockAt, indexOf, posOf, unitsOf } from "../model/positions.ts";
import { blockAttrsOf, inlineOf, type Shape } from "../model/project.ts";
import { type BlockAttrs, blockType, IMPLICIT_BLOCK } from "../model/schema.ts";
import { attrsAt, embedValue } from "../model/units.ts";

export interface DeltaOp {
  readonly insert?: unknown;
  readonly delete?: number;
  readonly retain?: number;
  readonly attributes?: Record<string, Json>;
}

/** `delta` tells how the text came to be as it now is; the document in `tr` is that of before. */
export function applyDelta(
  tr: Transaction,
  text: Y.Text,
  delta: readonly DeltaOp[],
  shape: Shape,
): void {
  const applier = new Applier(tr, text, shape);
  for (const op of delta) applier.take(op);
  applier.dropEmptyImplicit();
}

class Applier {
  readonly #tr: Transaction;
  readonly #text: Y.Text;
  readonly #shape: Shape;
  #index = 0;

  constructor(tr: Transaction, text: Y.Text, shape: Shape) {
    this.#tr = tr;
    this.#text = text;
    this.#shape = shape;
  }

  take(op: DeltaOp): void {
    if (op.retain !== undefined) {
      if (op.attributes !== undefined) this.#format(op.retain, op.attributes);
      this.#index += op.retain;
    } else if (op.delete !== undefined) {
      this.#delete(op.delete);
    } else if (op.insert !== undefined) {
      this.#insert(op.insert, op.attributes ?? {});
    }
  }

  #insert(insert: unknown, attrs: Attrs): void {
    const value = embedValue(insert);
    const size = typeof value === "string" ? value.length : 1;
    if (this.#shape === "section" && typeof value !== "string" && isMarker(value)) {
      this.#insertMarker(attrs);
    } else {
      this.#insertInline(inlineOf(value, attrs));
    }
    this.#index += size;
  }

  #insertInline(node: Node): void {
    const pos = posOf(this.#tr.doc, this.#index);
    if (pos === 0) {
      this.#replace(0, 0, new Slice(Fragment.from(blockType.create(IMPLICIT_BLOCK, node)), 0, 0));
    } else {
      this.#replace(pos, pos, new Slice(Fragment.from(node), 0, 0));
    }
  }

  #insertMarker(attrs: Attrs): void {
    const block = blockAttrsOf(attrs);
    const pos = posOf(this.#tr.doc, this.#index);
    if (this.#index > 0) {
      const current = this.#tr.doc.resolve(pos).parent;
      const both = [blockType.create(current.attrs), blockType.create(block)];
      this.#replace(pos, pos, new Slice(Fragment.fromArray(both), 1, 1));
    } else if (pos === 1) {
      this.#tr.setNodeMarkup(0, undefined, block);
    } else {
      this.#replace(0, 0, new Slice(Fragment.from(blockType.create(block)), 0, 0));
    }
  }

  #delete(units: number): void {
    const doc = this.#tr.doc;
    const from = posOf(doc, this.#index);
    const to = posOf(doc, this.#index + units);
    if (from > 0) this.#replace(from, to, Slice.empty);
    else this.#deleteFromStart(to);
  }

  /** The first marker goes: what is left of its block's text belongs to no marker. */
  #deleteFromStart(to: number): void {
    if (to > 1) this.#replace(1, to, Slice.empty);
    this.#tr.setNodeMarkup(0, undefined, IMPLICIT_BLOCK);
  }

  /** The text's attributes are read where a marker's change as a whole; marks change one by one. */
  #format(units: number, changed: Record<string, Json>): void {
    const doc = this.#tr.doc;
    const end = this.#index + units;
    if (Object.keys(changed).some(isBlockKey) || this.#shape === "section") {
      this.#formatMarkers(doc, end);
    }
    const keys = Object.keys(changed).filter((key) => !isBlockKey(key));
    if (keys.length === 0) return;
    doc.nodesBetween(posOf(doc, this.#index), posOf(doc, end), (node, pos) => {
      if (node.isInline) this.#formatInline(node, pos, end, changed);
      return node.isBlock;
    });
  }

  #formatInline(node: Node, pos: number, end: number, changed: Record<string, Json>): void {
    const doc = this.#tr.doc;
    const from = Math.max(pos, posOf(doc, this.#index));
    const to = Math.min(pos + node.nodeSize, posOf(doc, end));
    if (from >= to) return;
    const before = attrsOf(node.marks);
    const after = marksOf({ ...before, ...withoutBlockKeys(changed) });
    for (const mark of node.marks) if (!mark.isInSet(after)) this.#tr.removeMark(from, to, mark);
    for (const mark of after) if (!mark.isInSet(node.marks)) this.#tr.addMark(from, to, mark);
  }

  #formatMarkers(doc: Node, end: number): void {
    const places: { pos: number; index: number }[] = [];
    const first = blockAt(doc, this.#index);
    let pos = 0;
    for (let n = 0; n < doc.childCount; n += 1) {
      const block = doc.child(n);
      const index = n < first ? -1 : indexOf(doc, pos);
      if (index >= end) break;
      if (index >= this.#index && !block.attrs.implicit) places.push({ pos, index });
      pos += block.nodeSize;
    }
    const found = attrsAt(
      this.#text,
      places.map(({ index }) => index),
    );
    places.forEach((place, n) => {
      this.#setBlock(place.pos, blockAttrsOf(found[n] ?? {}));
    });
  }

  #setBlock(pos: number, attrs: BlockAttrs): void {
    const node = this.#tr.doc.nodeAt(pos);
    if (node !== null && !node.hasMarkup(blockType, attrs)) {
      this.#tr.setNodeMarkup(pos, undefined, attrs);
    }
  }

  #replace(from: number, to: number, slice: Slice): void {
    this.#tr.step(new ReplaceStep(from, to, slice));
  }

  /** An implicit block without text exists only where there is nothing else. */
  dropEmptyImplicit(): void {
    const { doc } = this.#tr;
    const first = doc.firstChild;
    if (doc.childCount > 1 && first?.attrs.implicit && first.content.size === 0) {
      this.#replace(0, first.nodeSize, Slice.empty);
    }
  }
}

function withoutBlockKeys(attrs: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(attrs).filter(([key]) => !isBlockKey(key)));
}

/** The text has as many units as the document shows: a cheap sign that they belong together. */
export function hasEqualLength(doc: Node, text: Y.Text): boolean {
  return unitsOf(doc) === text.length;
}
