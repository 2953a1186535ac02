/** Foresees whether taking a step back (or repeating it) would alter a locked block. */

import * as Y from "yjs";
import { type Attrs, type Json, SIMPLE_MARKS, sameJson } from "../model/keys.ts";
import { blockAttrsOf } from "../model/project.ts";
import { isMarkerItem } from "../model/units.ts";

type Step = Y.UndoManager["undoStack"][number];

/** One block of the stored text, as it is and as the step would leave it. */
interface Passage {
  readonly id: string | null;
  touched: boolean;
  /** The step takes this block's marker away: what remains of it joins the block before. */
  readonly markerGoes: boolean;
  remains: boolean;
  /** A marker comes back in the middle: what follows will be another block. */
  cut: boolean;
}

/** The locked block that undoing or redoing this step would alter, or null. */
export function lockTouchedBy(
  body: Y.Text,
  notes: Y.Map<Y.Text>,
  step: Step,
  locked: ReadonlySet<string>,
): string | null {
  if (locked.size === 0) return null;
  const { passages } = new Foresight(body, notes, step);
  for (let n = 0; n < passages.length; n += 1) {
    const passage = passages[n];
    if (passage?.id == null || !locked.has(passage.id)) continue;
    const next = passages[n + 1];
    const joined = next?.markerGoes === true && next.remains;
    if (passage.touched || passage.markerGoes || joined) return passage.id;
  }
  return null;
}

/** Walks the stored items with two readings of the formatting: of now, and of after the step. */
class Foresight {
  readonly passages: Passage[] = [
    { id: null, touched: false, markerGoes: false, remains: false, cut: false },
  ];
  readonly #notes: Y.Map<Y.Text>;
  readonly #step: Step;
  readonly #now: Record<string, Json> = {};
  readonly #then: Record<string, Json> = {};
  /** Items that took the place of an insertion that had been undone before. */
  readonly #redone = new Set<string>();

  constructor(body: Y.Text, notes: Y.Map<Y.Text>, step: Step) {
    this.#notes = notes;
    this.#step = step;
    const items = itemsOf(body);
    this.#followRedone(items);
    for (const item of items) this.#take(item);
  }

  #followRedone(items: readonly Y.Item[]): void {
    let before = -1;
    while (before !== this.#redone.size) {
      before = this.#redone.size;
      for (const item of items) {
        if (item.redone !== null && this.#isInserted(item)) this.#redone.add(keyOf(item.redone));
      }
    }
  }

  #isInserted(item: Y.Item): boolean {
    return overlaps(this.#step.insertions, item) || this.#redone.has(keyOf(item.id));
  }

  #goes(item: Y.Item): boolean {
    return !item.deleted && this.#isInserted(item);
  }

  /** What was typed in several steps may be stored as one item. */
  #goesWhole(item: Y.Item): boolean {
    return this.#redone.has(keyOf(item.id)) || covers(this.#step.insertions, item);
  }

  #returns(item: Y.Item): boolean {
    return item.deleted && item.redone === null && overlaps(this.#step.deletions, item);
  }

  #take(item: Y.Item): void {
    if (item.content instanceof Y.ContentFormat) this.#takeFormat(item, item.content);
    else if (isMarkerItem(item)) this.#takeMarker(item);
    else if (item.countable) this.#takeContent(item);
  }

  #takeFormat(item: Y.Item, { key, value }: Y.ContentFormat): void {
    if (!item.deleted) this.#now[key] = value as Json;
    const stays = !item.deleted && !this.#goes(item);
    if (stays || this.#returns(item)) this.#then[key] = value as Json;
  }

  #takeMarker(item: Y.Item): void {
    const current = this.passages[this.passages.length - 1];
    if (item.deleted) {
      if (current !== undefined && this.#returns(item)) current.cut = true;
      return;
    }
    const block = blockAttrsOf(this.#now);
    this.passages.push({
      id: block.id,
      touched: !sameJson(withoutExtra(block), withoutExtra(blockAttrsOf(this.#then))),
      markerGoes: this.#goes(item),
      remains: false,
      cut: false,
    });
  }

  #takeContent(item: Y.Item): void {
    const current = this.passages[this.passages.length - 1];
    if (current === undefined || (current.cut && item.deleted)) return;
    if (current.cut || this.#goes(item) || this.#returns(item)) current.touched = true;
    if (item.deleted || (this.#goes(item) && this.#goesWhole(item))) return;
    current.remains = true;
    if (!sameMarks(this.#now, this.#then) || this.#noteChanges(item)) current.touched = true;
  }

  #noteChanges(item: Y.Item): boolean {
    if (!(item.content instanceof Y.ContentEmbed)) return false;
    const { fn } = item.content.embed as { fn?: unknown };
    const text = typeof fn === "string" ? this.#notes.get(fn) : undefined;
    if (!(text instanceof Y.Text)) return false;
    return itemsOf(text).some((part) => this.#goes(part) || this.#returns(part));
  }
}

function itemsOf(text: Y.Text): Y.Item[] {
  const items: Y.Item[] = [];
  for (let item = text._start; item !== null; item = item.right) items.push(item);
  return items;
}

type Ranges = Step["insertions"];

function overlaps(ranges: Ranges, { id, length }: Y.Item): boolean {
  const own = ranges.clients.get(id.client) ?? [];
  return own.some(({ clock, len }) => clock < id.clock + length && id.clock < clock + len);
}

function covers(ranges: Ranges, { id, length }: Y.Item): boolean {
  const own = ranges.clients.get(id.client) ?? [];
  return own.some(({ clock, len }) => clock <= id.clock && id.clock + length <= clock + len);
}

function keyOf({ client, clock }: Y.ID): string {
  return `${client} ${clock}`;
}

function sameMarks(a: Attrs, b: Attrs): boolean {
  return SIMPLE_MARKS.every((key) => (a[key] || null) === (b[key] || null));
}

function withoutExtra(block: ReturnType<typeof blockAttrsOf>): Json {
  return [block.id, block.kind, block.level, block.dir];
}
