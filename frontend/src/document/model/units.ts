/** Reads the flat Y.Text: its pieces in order, and the attributes in effect at a place. */

import { bytesToHex } from "@noble/hashes/utils.js";
import * as Y from "yjs";
import { isMarker } from "./inlines.ts";
import { type Attrs, isBlockKey, type Json } from "./keys.ts";

/** A stretch of text, or one embed, with everything that Yjs says of it (also `false` and `b.*`). */
export interface Piece {
  readonly insert: string | Json;
  readonly attrs: Attrs;
}

export function piecesOf(text: Y.Text): Piece[] {
  const delta = text.toDelta() as { insert: unknown; attributes?: Attrs }[];
  return delta.map(({ insert, attributes }) => ({
    insert: embedValue(insert),
    attrs: attributes ?? {},
  }));
}

/** An embed as plain JSON: shared types and bytes are things that this version cannot show. */
export function embedValue(insert: unknown): Json {
  if (insert instanceof Uint8Array) return { bytes: bytesToHex(insert) };
  if (insert instanceof Y.AbstractType) {
    return { shared: SHARED.find(([type]) => insert instanceof type)?.[1] ?? "Unknown" };
  }
  return insert as Json;
}

/** As the server names them; Y.XmlText is a Y.Text, so it comes first. */
const SHARED = [
  [Y.XmlText, "XmlText"],
  [Y.XmlElement, "XmlElement"],
  [Y.XmlFragment, "XmlFragment"],
  [Y.Map, "Map"],
  [Y.Array, "Array"],
  [Y.Text, "Text"],
] as const;

/** A unit's place, whether it is a block marker, and its attributes. */
interface Unit {
  readonly index: number;
  readonly marker: boolean;
  readonly attrs: Attrs;
}

/** Walks the visible items from the start; `visit` says false to stop. Attributes are live: copy. */
function walk(
  text: Y.Text,
  visit: (index: number, item: Y.Item, attrs: Map<string, Json>) => boolean,
): void {
  const attrs = new Map<string, Json>();
  let index = 0;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentFormat) {
      note(attrs, item.content);
    } else if (item.countable) {
      if (!visit(index, item, attrs)) return;
      index += item.length;
    }
  }
}

function note(attrs: Map<string, Json>, { key, value }: Y.ContentFormat): void {
  if (value === null) attrs.delete(key);
  else attrs.set(key, value as Json);
}

/** Attributes of the unit at each of these indexes (ascending); beyond the end: none. */
export function attrsAt(text: Y.Text, indexes: readonly number[]): Attrs[] {
  const found: Attrs[] = [];
  while (found.length < indexes.length && (indexes[found.length] ?? 0) < 0) found.push({});
  walk(text, (index, item, attrs) => {
    while (found.length < indexes.length && (indexes[found.length] ?? 0) < index + item.length) {
      found.push(Object.fromEntries(attrs));
    }
    return found.length < indexes.length;
  });
  while (found.length < indexes.length) found.push({});
  return found;
}

/** For each index (ascending), the first marker at or after it, if any. */
export function nextMarkers(text: Y.Text, indexes: readonly number[]): (Unit | null)[] {
  const found: (Unit | null)[] = [];
  walk(text, (index, item, attrs) => {
    if (!isMarkerItem(item)) return true;
    while (found.length < indexes.length && (indexes[found.length] ?? 0) <= index) {
      found.push({ index, marker: true, attrs: Object.fromEntries(attrs) });
    }
    return found.length < indexes.length;
  });
  while (found.length < indexes.length) found.push(null);
  return found;
}

export function isMarkerItem(item: Y.Item): boolean {
  return item.content instanceof Y.ContentEmbed && isMarker(item.content.embed as Json);
}

/** What a new unit takes over from both its neighbours: see `inherited`. */
export interface Neighbours {
  readonly left: Attrs;
  readonly right: Attrs;
}

export function neighboursAt(text: Y.Text, index: number): Neighbours {
  const [left, right] = attrsAt(text, [index - 1, index]);
  return { left: left ?? {}, right: right ?? {} };
}

/** Keys set to the same value on both sides, without those of blocks. */
export function sharedKeys({ left, right }: Neighbours): string[] {
  return Object.keys(left).filter((key) => !isBlockKey(key) && key in right);
}
