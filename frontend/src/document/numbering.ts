/** Labels of paragraphs inside one section: "12", "(a)", "(i)". The server owns the start number. */

import type { BlockKind } from "./model/keys.ts";

export interface Labelled {
  readonly kind: BlockKind;
  readonly level: number;
}

/** One label for each block, "" where none is due; sub-paragraphs begin anew at each paragraph. */
export function labelBlocks(blocks: readonly Labelled[], start: number): string[] {
  let number = start;
  let letters = 0;
  let romans = 0;
  return blocks.map(({ kind, level }) => {
    if (kind === "para" || kind === "heading") {
      letters = 0;
      romans = 0;
      if (kind === "heading") return "";
      number += 1;
      return String(number - 1);
    }
    if (kind !== "subpara") return "";
    if (level > 1) {
      romans += 1;
      return `(${toRoman(romans)})`;
    }
    letters += 1;
    romans = 0;
    return `(${toLetters(letters)})`;
  });
}

function toLetters(count: number): string {
  let rest = count;
  let letters = "";
  while (rest > 0) {
    letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters;
    rest = Math.floor((rest - 1) / 26);
  }
  return letters;
}

const FIGURES: readonly (readonly [number, string])[] = [
  [1000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];
const LARGEST_ROMAN = 3999;

function toRoman(count: number): string {
  if (count > LARGEST_ROMAN) return String(count);
  let rest = count;
  let figures = "";
  for (const [value, figure] of FIGURES) {
    figures += figure.repeat(Math.floor(rest / value));
    rest %= value;
  }
  return figures;
}
