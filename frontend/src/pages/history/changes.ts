/** Pure: the changes of a comparison one after the other, and the people who made them. */
import type { ChangedBlock, Piece, Writer } from "../../api/revisions";

/** Pieces that follow each other and were all changed; or a whole block that came or went. */
export interface Change {
  /** Place in the order of the text, from 0. */
  readonly at: number;
  readonly block: number;
  readonly first: number;
  /** Behind the last piece. */
  readonly end: number;
}

/** A block's pieces cut into what stayed and what changed. */
export interface Stretch {
  readonly change: Change | null;
  readonly pieces: readonly Piece[];
}

export function isChanged(piece: Piece): boolean {
  return piece.op !== "same" || piece.was !== undefined || (piece.note?.some(isChanged) ?? false);
}

/** For each block its stretches; a block that came or went whole is one change. */
export function stretchesOf(blocks: readonly ChangedBlock[]): Stretch[][] {
  let at = 0;
  return blocks.map((block, n) => {
    const isWhole = block.change === "added" || block.change === "removed";
    return cut(block.pieces, isWhole).map(({ first, end, changed }) => {
      const pieces = block.pieces.slice(first, end);
      if (!changed) return { change: null, pieces };
      at += 1;
      return { change: { at: at - 1, block: n, first, end }, pieces };
    });
  });
}

interface Cut {
  first: number;
  end: number;
  changed: boolean;
}

function cut(pieces: readonly Piece[], isWhole: boolean): Cut[] {
  if (isWhole) return [{ first: 0, end: pieces.length, changed: true }];
  const cuts: Cut[] = [];
  pieces.forEach((piece, n) => {
    const changed = isChanged(piece);
    const last = cuts.at(-1);
    if (last?.changed === changed) last.end = n + 1;
    else cuts.push({ first: n, end: n + 1, changed });
  });
  return cuts;
}

export function changesIn(stretches: readonly (readonly Stretch[])[]): Change[] {
  return stretches.flat().flatMap(({ change }) => change ?? []);
}

/** Somebody who changed something that is shown. */
export interface Hand {
  readonly id: string;
  readonly name: string;
  readonly subgroup: string | null;
  readonly role: string;
  /** Letters. */
  readonly added: number;
  readonly removed: number;
}

export function handOf(writer: Writer | null): string {
  return writer?.member_id ?? "";
}

/** The names of those who made one change, each once. */
export function namesOf(pieces: readonly Piece[], block: ChangedBlock): string[] {
  const names = pieces.filter(isChanged).map(({ by }) => (by ?? block.by)?.name ?? "");
  return [...new Set(names)].filter((name) => name !== "");
}

/** Everybody in the order of their first change. */
export function handsIn(blocks: readonly ChangedBlock[]): Hand[] {
  const hands = new Map<string, Hand>();
  for (const block of blocks) {
    for (const piece of block.pieces) {
      if (!isChanged(piece)) continue;
      const writer = piece.by ?? block.by;
      // Of a mark alone the log does not say whose it is.
      if (piece.op === "same" && writer === null) continue;
      const id = handOf(writer);
      hands.set(id, withPiece(hands.get(id) ?? newHand(id, writer), piece));
    }
  }
  return [...hands.values()];
}

function newHand(id: string, writer: Writer | null): Hand {
  const { name = "", subgroup = null, acting_role: role = "" } = writer ?? {};
  return { id, name, subgroup, role, added: 0, removed: 0 };
}

function withPiece(hand: Hand, { op, text }: Piece): Hand {
  const letters = [...text].length;
  return {
    ...hand,
    added: hand.added + (op === "ins" ? letters : 0),
    removed: hand.removed + (op === "del" ? letters : 0),
  };
}

const COLOURS = 6;
const PATTERNS = 5;

/** Colour and pattern of a person: no two of the first thirty share both. */
export function paintOf(place: number): { colour: number; pattern: number } {
  return {
    colour: place % COLOURS,
    pattern: (place + Math.floor(place / COLOURS)) % PATTERNS,
  };
}

/** Blocks that changed, each with how many that stayed lie before it; the last entry has none. */
export function folded(blocks: readonly ChangedBlock[]): { skipped: number; at: number | null }[] {
  const shown: { skipped: number; at: number | null }[] = [];
  let skipped = 0;
  blocks.forEach((block, at) => {
    if (block.change === "same") {
      skipped += 1;
      return;
    }
    shown.push({ skipped, at });
    skipped = 0;
  });
  if (skipped > 0) shown.push({ skipped, at: null });
  return shown;
}
