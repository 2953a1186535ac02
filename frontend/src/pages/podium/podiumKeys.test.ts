import { expect, test } from "vitest";
import { type Place, type Pressed, podiumAct } from "./podiumKeys";

const bare: Pressed = { key: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
const page: Place = { isTyping: false, hasLetters: true };
const typing: Place = { isTyping: true, hasLetters: true };

test.each([
  ["j", "next"],
  ["k", "previous"],
  ["a", "agree"],
  ["R", "reopen"],
  ["?", "help"],
  ["x", null],
  ["Enter", null],
])("outside the text the key %s means %s", (key, act) => {
  expect(podiumAct({ ...bare, key }, page)).toBe(act);
});

test.each(["j", "k", "a", "b", "p", "r", "?"])("in the text the key %s is a letter", (key) => {
  expect(podiumAct({ ...bare, key }, typing)).toBeNull();
});

test.each([
  ["PageDown", "next"],
  ["PageUp", "previous"],
  ["Enter", "agree"],
])("with Alt the key %s means %s, also while typing", (key, act) => {
  expect(podiumAct({ ...bare, key, altKey: true }, typing)).toBe(act);
});

test("whoever wants no single letters has none", () => {
  expect(podiumAct({ ...bare, key: "j" }, { ...page, hasLetters: false })).toBeNull();
  const chord = { ...bare, key: "PageDown", altKey: true };
  expect(podiumAct(chord, { ...page, hasLetters: false })).toBe("next");
});

test("the browser keeps its own keys", () => {
  expect(podiumAct({ ...bare, key: "a", ctrlKey: true }, page)).toBeNull();
  expect(podiumAct({ ...bare, key: "k", metaKey: true }, page)).toBeNull();
  expect(podiumAct({ ...bare, key: "j", altKey: true }, page)).toBeNull();
});
