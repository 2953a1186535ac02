import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const css = read("./tokens.css") + read("./history.css");

function colour(name: string, theme: 0 | 1): string {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const value = found?.[theme + 1];
  if (!value) throw new Error(`No colour is named ${name}.`);
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

/** An inserted word stands on a tint of its own colour. */
function tinted(ink: string, ground: string): string {
  const parts = [1, 3, 5].map((at) => {
    const [over, under] = [ink, ground].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    return Math.round((over ?? 0) * 0.1 + (under ?? 0) * 0.9)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

test.each([0, 1, 2, 3, 4, 5])("the words of hand %d can be read in both themes", (hand) => {
  for (const theme of [0, 1] as const) {
    const ink = colour(`hand-${hand}`, theme);
    const paper = colour("paper", theme);
    expect.soft(contrast(ink, paper)).toBeGreaterThanOrEqual(4.5);
    expect.soft(contrast(ink, tinted(ink, paper))).toBeGreaterThanOrEqual(4.5);
  }
});
