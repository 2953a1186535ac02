import { expect, test } from "vitest";
import { fittingSize, type Sight, SMALLEST, scrollTo } from "./sight";

const VIEW = 1000;
const still: Sight = {
  view: VIEW,
  top: 300,
  height: 200,
  now: 100,
  limit: 5000,
  line: null,
  isNew: false,
};

/** The paragraph, or the line, lies inside the window after the scroll. */
function isSeen(top: number, height: number, scrolled: number): boolean {
  return scrolled <= top && top + height <= scrolled + VIEW;
}

test("what is in sight stays where it is", () => {
  expect(scrollTo(still)).toBe(100);
});

test("a new paragraph on the floor gets room above it", () => {
  const scrolled = scrollTo({ ...still, top: 1500, isNew: true });

  expect(isSeen(1500, 200, scrolled)).toBe(true);
  expect(1500 - scrolled).toBeGreaterThan(100);
});

test.each([0, 10, 400, 940])("a paragraph of %d is wholly in sight wherever it was", (height) => {
  for (const now of [0, 500, 1200, 3000]) {
    for (const isNew of [true, false]) {
      const scrolled = scrollTo({ ...still, top: 1600, height, now, isNew });
      expect(isSeen(1600, height, scrolled)).toBe(true);
    }
  }
});

test("a paragraph that grows out of the window is brought back", () => {
  const scrolled = scrollTo({ ...still, top: 900, height: 300, now: 100 });

  expect(isSeen(900, 300, scrolled)).toBe(true);
});

test("a paragraph taller than the window begins at its beginning", () => {
  expect(scrollTo({ ...still, top: 1000, height: 3000, isNew: true })).toBe(970);
});

test("in a tall paragraph the line that changed is in sight", () => {
  for (const top of [1010, 2000, 3900]) {
    const line = { top, height: 60 };
    const scrolled = scrollTo({ ...still, top: 1000, height: 3000, now: 970, line });
    expect(isSeen(top, 60, scrolled)).toBe(true);
  }
});

test("in a tall paragraph a change that is seen moves nothing", () => {
  const line = { top: 1500, height: 60 };

  expect(scrollTo({ ...still, top: 1000, height: 3000, now: 1100, line })).toBe(1100);
});

test("it never scrolls beyond the text", () => {
  expect(scrollTo({ ...still, top: 10, isNew: true })).toBe(0);
  expect(scrollTo({ ...still, top: 5900, height: 100, isNew: true, limit: 5000 })).toBe(5000);
});

test("letters shrink only as far as the paragraph needs", () => {
  expect(fittingSize(4.5, () => true)).toBe(4.5);
  expect(fittingSize(4.5, (size) => size <= 3.7)).toBe(3.5);
  expect(fittingSize(4.5, (size) => size <= SMALLEST)).toBe(SMALLEST);
});

test("whoever asks for larger letters gets larger letters", () => {
  const fits = (size: number) => size <= 4;

  expect(fittingSize(5, fits)).toBe(4);
  expect(fittingSize(9, fits)).toBe(9);
});

test("letters that gave way do not grow again, and do not give way without end", () => {
  expect(fittingSize(4.5, () => true, 3.5)).toBe(3.5);
  expect(fittingSize(9, (size) => size <= 6, 7.5)).toBe(9);
});

test("a paragraph that fits at no readable size keeps the size that was wished for", () => {
  expect(fittingSize(4.5, () => false)).toBe(4.5);
});
