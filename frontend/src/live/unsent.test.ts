import { expect, test } from "vitest";
import * as Y from "yjs";
import { unsentWords } from "./unsent";

function typed(write: (body: Y.Text) => void): Uint8Array[] {
  const doc = new Y.Doc();
  const body = doc.getText("body");
  body.insertEmbed(0, { b: 1 });
  body.insert(1, "Agreed text.");
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  write(body);
  return updates;
}

test("keystrokes one after the other are one text", () => {
  const updates = typed((body) => {
    for (const [at, letter] of [..." More words."].entries()) body.insert(13 + at, letter);
  });
  expect(unsentWords(updates)).toBe("More words.");
});

test("words of two places stand on two lines", () => {
  const updates = typed((body) => {
    body.insert(13, "at the end");
    body.insert(1, "at the start");
  });
  expect(unsentWords(updates)).toBe("at the end\nat the start");
});

test("a new paragraph begins a new line", () => {
  const updates = typed((body) => {
    body.insert(13, "one");
    body.insertEmbed(16, { b: 1 });
    body.insert(17, "two");
  });
  expect(unsentWords(updates)).toBe("one\ntwo");
});

test("a deletion alone leaves nothing to copy", () => {
  expect(unsentWords(typed((body) => body.delete(1, 6)))).toBe("");
  expect(unsentWords([])).toBe("");
});
