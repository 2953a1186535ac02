import { expect, test } from "vitest";
import { type Block, firstWords, isConsidered, plainText, safeAddress, trailOf } from "./block";

function aBlock(id: string, label: string, kind = "para", level = 0): Block {
  return { id, label, kind, level, dir: "", runs: [{ text: "Words." }] };
}

test("only words count as plain text; a footnote's call does not", () => {
  const runs = [{ text: "One" }, { br: true as const }, { fn: 1, note: [{ text: "note" }] }];

  expect(plainText(runs)).toBe("One\n");
});

test.each([
  ["Short.", "Short."],
  ["Cut between two words here", "Cut between two…"],
  ["Undividable-and-very-long", "Undividable-and-v…"],
  ["不能在词间断开的一个很长很长很长的句子在这里", "不能在词间断开的一个很长很长很长的…"],
])("the first words of %j", (text, shown) => {
  expect(firstWords([{ text }], 17)).toBe(shown);
});

test("a label is said with those above it", () => {
  const blocks = [
    aBlock("p1", "45"),
    aBlock("p2", "(a)", "subpara", 1),
    aBlock("p3", "(i)", "subpara", 2),
    aBlock("p4", "(b)", "subpara", 1),
    aBlock("p5", "", "plain"),
  ];

  expect(trailOf(blocks, "p3")).toEqual(["45", "(a)", "(i)"]);
  expect(trailOf(blocks, "p4")).toEqual(["45", "(b)"]);
  expect(trailOf(blocks, "p5")).toEqual([]);
  expect(trailOf(blocks, "pnone")).toEqual([]);
});

test("headings and empty blocks are not considered in a reading", () => {
  expect(isConsidered(aBlock("p1", "1"))).toBe(true);
  expect(isConsidered(aBlock("p1", "", "heading", 1))).toBe(false);
  expect(isConsidered({ ...aBlock("p1", "1"), runs: [{ text: " … " }] })).toBe(false);
});

test("only addresses that a reader may open are links", () => {
  expect(safeAddress("https://example.org/a")).toBe("https://example.org/a");
  expect(safeAddress("javascript:alert(1)")).toBeUndefined();
  expect(safeAddress(7)).toBeUndefined();
});
