/** The canonical form of a block, version 1, and its SHA-256: the same here and on the server. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Node } from "@tiptap/pm/model";
import { attrsOf, embedOf } from "./model/inlines.ts";
import { isInEffect, type Json, SIMPLE_MARKS, stable } from "./model/keys.ts";
import type { BlockAttrs } from "./model/schema.ts";

type Pair = [string, Json];
type Run = [string, ...Pair[]];

const ATOM = "\ufffc";

/** The inline nodes of a footnote's text, in order; none if there is no such text. */
export type NoteReader = (id: string) => readonly Node[];

/** What a reader sees of the block: no ids, comments or suggestions; footnotes' text included. */
export function canonical(block: Node, noteOf: NoteReader): string {
  const { kind, level, dir } = block.attrs as BlockAttrs;
  const runs: Run[] = [];
  const footnotes: Run[][] = [];
  block.forEach((node) => {
    if (node.type.name === "footnote") {
      runs.push([ATOM, ...pairsOf(node), ["fn", footnotes.length]]);
      footnotes.push(noteRuns(noteOf(String(node.attrs.id))));
    } else {
      append(runs, node);
    }
  });
  return stable([kind, level, dir, runs, footnotes]);
}

export function textHash(block: Node, noteOf: NoteReader): string {
  return sha256Hex(canonical(block, noteOf));
}

export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** A reference inside a footnote is a mere embed, so that notes cannot go in circles. */
function noteRuns(inlines: readonly Node[]): Run[] {
  const runs: Run[] = [];
  for (const node of inlines) append(runs, node);
  return runs;
}

function append(runs: Run[], node: Node): void {
  const pairs = pairsOf(node);
  if (!node.isText && node.type.name !== "lineBreak") {
    runs.push([ATOM, ...pairs, ["embed", plain(embedOf(node))]]);
    return;
  }
  const text = node.isText ? (node.text ?? "") : "\n";
  const last = runs[runs.length - 1];
  if (last !== undefined && JSON.stringify(last.slice(1)) === JSON.stringify(pairs)) {
    last[0] += text;
  } else {
    runs.push([text, ...pairs]);
  }
}

function pairsOf(node: Node): Pair[] {
  const attrs = attrsOf(node.marks);
  return SIMPLE_MARKS.flatMap((key): Pair[] => {
    const value = attrs[key];
    return isInEffect(key, value) ? [[key, value]] : [];
  });
}

/** Both languages write only safe whole numbers alike. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  if (typeof value !== "number") return value;
  return Number.isSafeInteger(value) ? value : null;
}
