/** Between places in the editor's document and indexes in the flat text. */

import type { Node } from "@tiptap/pm/model";

interface Place {
  /** Position before the block's opening token. */
  readonly pos: number;
  readonly index: number;
  /** Units of the opening token: 1 for a marker, 0 for an implicit block. */
  readonly opening: 0 | 1;
  readonly content: number;
}

const known = new WeakMap<Node, readonly Place[]>();

/** Where each block of a document begins, here and in the flat text. */
function placesOf(doc: Node): readonly Place[] {
  const before = known.get(doc);
  if (before !== undefined) return before;
  const places: Place[] = [];
  let index = 0;
  doc.forEach((block, pos) => {
    const opening = block.attrs.implicit ? 0 : 1;
    places.push({ pos, index, opening, content: block.content.size });
    index += opening + block.content.size;
  });
  known.set(doc, places);
  return places;
}

/** The last place whose `key` is at most `value`. */
function lastAtMost(places: readonly Place[], key: "pos" | "index", value: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle]?.[key] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function indexOf(doc: Node, pos: number): number {
  const places = placesOf(doc);
  const place = places[lastAtMost(places, "pos", pos)];
  if (place === undefined) return 0;
  if (pos <= place.pos) return place.index;
  return place.index + place.opening + Math.min(pos - place.pos - 1, place.content);
}

/**
 * The place just behind unit `index - 1`, inside its block. Index 0 is the start of an implicit
 * first block's text, or the start of the document if the first block has a marker.
 */
export function posOf(doc: Node, index: number): number {
  const places = placesOf(doc);
  if (index <= 0) return places[0]?.opening === 0 ? 1 : 0;
  const place = places[lastAtMost(places, "index", index - 1)];
  if (place === undefined) return 0;
  const inside = Math.max(index - place.index - place.opening, 0);
  return place.pos + 1 + Math.min(inside, place.content);
}

/** Number of units that the flat text must have to show this document. */
export function unitsOf(doc: Node): number {
  const places = placesOf(doc);
  const last = places[places.length - 1];
  return last === undefined ? 0 : last.index + last.opening + last.content;
}

/** The number of the block that holds this unit. */
export function blockAt(doc: Node, index: number): number {
  return lastAtMost(placesOf(doc), "index", index);
}
