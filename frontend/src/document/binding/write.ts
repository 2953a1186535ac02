/** Writes a list of changes into the flat text, by the rules that keep formatting from leaking. */

import type * as Y from "yjs";
import {
  type Attrs,
  isBlockKey,
  isInEffect,
  isKeyed,
  isSimple,
  type Json,
  SIMPLE_MARKS,
  sameJson,
} from "../model/keys.ts";
import { type Neighbours, neighboursAt, nextMarkers, sharedKeys } from "../model/units.ts";
import { type Change, isChange } from "./diff.ts";
import type { Token } from "./tokens.ts";

/** A place behind which the next marker must stop these marks. */
interface Firebreak {
  readonly index: number;
  readonly keys: readonly string[];
}

/**
 * Lay `changes` on the text from unit `start` on; the caller holds the transaction.
 * True if what was written may show as something else than the tokens say: an unknown key was
 * kept, a keyed mark was taken over from both neighbours, or a marker has changed, whose stored
 * attributes may now be read in another way.
 */
export function writeChanges(text: Y.Text, start: number, changes: readonly Change[]): boolean {
  const writer = new Writer(text, start);
  let n = 0;
  while (n < changes.length) n += writer.take(changes, n);
  writer.putFirebreaks();
  return writer.deviates;
}

class Writer {
  deviates = false;
  readonly #text: Y.Text;
  #index: number;
  readonly #firebreaks: Firebreak[] = [];

  constructor(text: Y.Text, start: number) {
    this.#text = text;
    this.#index = start;
  }

  /** Write one change and all that can go with it; the number of changes taken. */
  take(changes: readonly Change[], from: number): number {
    const first = changes[from];
    if (first === undefined) return 1;
    const count = runLength(changes, from);
    const run = changes.slice(from, from + count);
    const size = run.reduce((sum, { token }) => sum + token.size, 0);
    if (first.op === "delete") this.#delete(run, size);
    else if (first.op === "insert") this.#insert(run, size);
    else this.#keep(first.old, first.token, size);
    return count;
  }

  #delete(run: readonly Change[], size: number): void {
    this.#text.delete(this.#index, size);
    if (run.some(({ token }) => token.type === "marker")) this.#stop(SIMPLE_MARKS);
  }

  #keep(old: Token, token: Token, size: number): void {
    const difference = this.#difference(old.attrs, token.attrs);
    const keys = Object.keys(difference);
    if (keys.length > 0) this.#text.format(this.#index, size, difference);
    if (keys.length > 0 && token.type === "marker") this.deviates = true;
    this.#index += size;
    if (token.type !== "marker") this.#stop(keys.filter(isSimple));
  }

  /** What to format. A key that this version does not understand is never taken away. */
  #difference(old: Attrs, next: Attrs): Record<string, Json> {
    const difference: Record<string, Json> = {};
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
      const value = next[key];
      if (sameJson(old[key], value)) continue;
      if (value !== undefined) difference[key] = value;
      else if (isSimple(key)) difference[key] = false;
      else if (key === "b.dir") difference[key] = "";
      else this.deviates = true;
    }
    return difference;
  }

  #insert(run: readonly Change[], size: number): void {
    const token = run[0]?.token;
    if (token === undefined) return;
    const around = neighboursAt(this.#text, this.#index);
    const attrs = token.type === "marker" ? newMarker(token, around) : newInline(token, around);
    if (Object.keys(attrs).some((key) => isShownBy(token, key, attrs[key]))) this.deviates = true;
    if (token.embed === null) {
      this.#text.insert(this.#index, run.map((change) => change.token.content).join(""), attrs);
    } else {
      this.#text.insertEmbed(this.#index, token.embed, attrs);
    }
    this.#index += size;
    if (token.type !== "marker") this.#stop(Object.keys(attrs).filter(isSimple));
  }

  #stop(keys: readonly string[]): void {
    if (keys.length > 0) this.#firebreaks.push({ index: this.#index, keys });
  }

  /** Whatever runs on behind a written mark or a joint ends at the next marker. */
  putFirebreaks(): void {
    const markers = nextMarkers(
      this.#text,
      this.#firebreaks.map(({ index }) => index),
    );
    const wanted = new Map<number, Record<string, Json>>();
    this.#firebreaks.forEach(({ keys }, n) => {
      const marker = markers[n];
      if (!marker) return;
      const attrs = wanted.get(marker.index) ?? {};
      for (const key of keys) if (marker.attrs[key] !== false) attrs[key] = false;
      wanted.set(marker.index, attrs);
    });
    for (const [index, attrs] of wanted) {
      if (Object.keys(attrs).length > 0) this.#text.format(index, 1, attrs);
    }
  }
}

/** How many changes from here on are one operation of Yjs. */
function runLength(changes: readonly Change[], from: number): number {
  const first = changes[from];
  let count = 1;
  while (from + count < changes.length && goesWith(first, changes[from + count])) count += 1;
  return count;
}

function goesWith(first: Change | undefined, next: Change | undefined): boolean {
  if (first === undefined || first.op !== next?.op) return false;
  if (first.op === "delete") return true;
  if (first.op === "insert") {
    return (
      first.token.type === "text" &&
      next.token.type === "text" &&
      first.token.attrs === next.token.attrs
    );
  }
  if (next.op !== "keep") return false;
  if (!isChange(first)) return !isChange(next);
  return (
    first.token.type === "text" &&
    next.token.type === "text" &&
    first.token.attrs === next.token.attrs &&
    first.old.attrs === next.old.attrs
  );
}

/** Never close and reopen a key: what holds on both sides goes on, or is answered with `false`. */
function newInline(token: Token, around: Neighbours): Record<string, Json> {
  const attrs: Record<string, Json> = { ...token.attrs };
  for (const key of sharedKeys(around)) {
    if (key in attrs) continue;
    if (isSimple(key)) attrs[key] = false;
    else if (takesOver(key, around)) attrs[key] = around.left[key] ?? null;
  }
  return attrs;
}

/** A new marker says of every simple mark whether it holds: it is a firebreak from the start. */
function newMarker(token: Token, around: Neighbours): Record<string, Json> {
  const attrs: Record<string, Json> = { ...token.attrs };
  for (const key of SIMPLE_MARKS) {
    const { left, right } = around;
    attrs[key] =
      isInEffect(key, left[key]) && sameJson(left[key], right[key]) ? (left[key] ?? false) : false;
  }
  for (const key of sharedKeys(around)) {
    if (!(key in attrs) && takesOver(key, around)) attrs[key] = around.left[key] ?? null;
  }
  return attrs;
}

function takesOver(key: string, { left, right }: Neighbours): boolean {
  return isKeyed(key) && sameJson(left[key], right[key]);
}

/** Whether a written attribute shows although the token does not have it. */
function isShownBy(token: Token, key: string, value: Json | undefined): boolean {
  if (key in token.attrs || !isInEffect(key, value)) return false;
  if (token.type !== "marker") return !isBlockKey(key);
  return key.startsWith("ins:") || key.startsWith("del:");
}
