import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

type Theme = "light" | "dark";

function colour(name: string, theme: Theme): string {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const value = found?.[theme === "light" ? 1 : 2];
  if (!value) throw new Error(`tokens.css has no colour named ${name}`);
  return value;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const STATUSES = ["floor", "agreed", "bracketed", "parked"];
const GROUNDS = ["ground", "paper", "panel", "sunken", "hover"];

/** Ink that carries words: at least 4.5 to 1 on each ground where it is used. */
const WORDS: [ink: string, grounds: string[]][] = [
  ["ink", GROUNDS],
  ["ink-soft", GROUNDS],
  ["ink-faint", ["ground", "paper", "panel"]],
  ["accent", [...GROUNDS, "accent-soft"]],
  ["accent-ink", ["accent", "accent-strong"]],
  ["danger", ["paper", "panel", "ground", "danger-soft"]],
  ["warning", ["paper", "panel", "warning-soft"]],
  ["good", ["paper", "panel", "good-soft"]],
  ...STATUSES.map((status): [string, string[]] => [
    `${status}-ink`,
    [`${status}-fill`, "paper", "panel"],
  ]),
];

/** Lines that carry meaning: at least 3 to 1. */
const LINES: [line: string, grounds: string[]][] = [
  ["line-strong", ["ground", "paper", "panel"]],
  ["focus", GROUNDS],
  ...STATUSES.map((status): [string, string[]] => [`${status}-line`, [`${status}-fill`, "paper"]]),
];

for (const theme of ["light", "dark"] as const) {
  test.each(WORDS)(`%s can be read in the ${theme} theme`, (ink, grounds) => {
    for (const ground of grounds) {
      expect
        .soft(contrast(colour(ink, theme), colour(ground, theme)), `${ink} on ${ground}`)
        .toBeGreaterThanOrEqual(4.5);
    }
  });
  test.each(LINES)(`%s can be seen in the ${theme} theme`, (line, grounds) => {
    for (const ground of grounds) {
      expect
        .soft(contrast(colour(line, theme), colour(ground, theme)), `${line} on ${ground}`)
        .toBeGreaterThanOrEqual(3);
    }
  });
}
