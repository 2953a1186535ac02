/** What a paste brings: blocks of inline content and the texts of their footnotes. */

import type { Node } from "@tiptap/pm/model";
import type { NotePiece } from "../binding/session.ts";
import { wellFormed } from "../guards/surrogates.ts";
import type { BlockKind } from "../model/keys.ts";
import { schema } from "../model/schema.ts";

export interface DraftBlock {
  readonly kind: BlockKind;
  readonly level: number;
  readonly dir: string;
  readonly inlines: readonly Node[];
}

export interface Draft {
  readonly blocks: readonly DraftBlock[];
  /** By the id of the reference in `blocks`. */
  readonly notes: ReadonlyMap<string, readonly NotePiece[]>;
}

export const EMPTY_DRAFT: Draft = { blocks: [], notes: new Map() };

/** More than a long report; a paste beyond it would freeze the page. */
export const MOST_BLOCKS = 5000;

/** Control characters but tab and new line, invisible separators, the stand-in for an atom. */
const INVISIBLE = /[^\P{Cc}\t\n]|[\u00ad\u200b\u2028\u2029\ufeff\ufffc]/gu;

/** Text as it may stand in a block: whole characters, no control signs, no stand-in for an atom. */
export function cleanText(text: string): string {
  return wellFormed(text.replace(INVISIBLE, ""));
}

/** Plain text: a line is a block, a line that only separates two of them is nothing. */
export function draftOfText(text: string): Draft {
  const lines = text
    .split(/\r\n?|\n|\u2028|\u2029/)
    .map((line) => cleanText(line).replace(/\t+/g, " ").trimEnd())
    .filter((line) => line.trim() !== "")
    .slice(0, MOST_BLOCKS);
  const blocks = lines.map((line) => ({
    kind: "para" as const,
    level: 0,
    dir: "",
    inlines: [schema.text(line)],
  }));
  return { blocks, notes: new Map() };
}
