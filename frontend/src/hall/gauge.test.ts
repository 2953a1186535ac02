import { expect, test } from "vitest";
import { asHours, readGauge, share } from "./gauge";

test.each([
  [0, 0, 0, 0],
  [0, 10, 0, 0],
  [3126, 7412, 42, 3126 / 7412],
  [999, 1000, 99, 0.999],
  [1, 1000, 0, 0.001],
  [10, 10, 100, 1],
  [15, 10, 150, 1],
  [-5, 10, 0, 0],
])("%d of %d is %d per cent", (part, all, percent, filled) => {
  expect(share(part, all)).toEqual({ percent, filled });
});

const FACTS = { words: 200, words_agreed: 50, time_used_s: 0, time_planned_s: 3600 };

test("words and time stand beside each other", () => {
  const gauge = readGauge(FACTS, 1800);

  expect(gauge.words.percent).toBe(25);
  expect(gauge.time.percent).toBe(50);
  expect(gauge.usedMinutes).toBe(30);
  expect(gauge.overMinutes).toBe(0);
});

test("the first second over the planned time counts as a minute", () => {
  expect(readGauge(FACTS, 3600).overMinutes).toBe(0);
  expect(readGauge(FACTS, 3601).overMinutes).toBe(1);
  expect(readGauge(FACTS, 3601).time.filled).toBe(1);
});

test("a meeting with no planned time is never over it", () => {
  expect(readGauge({ ...FACTS, time_planned_s: 0 }, 500).overMinutes).toBe(0);
});

test.each([
  [0, "0:00"],
  [65, "1:05"],
  [600, "10:00"],
])("%d minutes are %s hours", (minutes, shown) => {
  expect(asHours(minutes)).toBe(shown);
});
