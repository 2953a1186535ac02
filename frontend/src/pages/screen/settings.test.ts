import { expect, test } from "vitest";
import { SMALLEST } from "../../hall/sight";
import { actOf, DEFAULT, LARGEST, readSettings, resized } from "./settings";

const bare = { ctrlKey: false, metaKey: false, altKey: false };

test.each([
  ["+", "larger"],
  ["-", "smaller"],
  ["F", "full_screen"],
  ["d", "dark_light"],
  ["x", null],
])("the key %s means %s", (key, act) => {
  expect(actOf({ ...bare, key })).toBe(act);
});

test("the browser keeps its own keys", () => {
  expect(actOf({ ...bare, key: "+", ctrlKey: true })).toBeNull();
  expect(actOf({ ...bare, key: "d", metaKey: true })).toBeNull();
});

test("letters never get smaller or larger than can be read", () => {
  let settings = DEFAULT;
  for (let press = 0; press < 20; press += 1) settings = resized(settings, "larger");
  expect(settings.size).toBe(LARGEST);
  for (let press = 0; press < 20; press += 1) settings = resized(settings, "smaller");
  expect(settings.size).toBe(SMALLEST);
});

test.each([null, "", "huge", "40", "-1"])("%j is no size: the default holds", (stored) => {
  expect(readSettings(stored)).toEqual(DEFAULT);
});

test("the size of the last time is taken up", () => {
  expect(readSettings("7.5")).toEqual({ size: 7.5 });
});
