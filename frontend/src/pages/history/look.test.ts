import { expect, test } from "vitest";
import { addressOf, readLook } from "./look";

const HEAD = 99;

test.each([
  ["", { kind: "text", at: 99 }],
  ["?at=12", { kind: "text", at: 12 }],
  ["?at=500", { kind: "text", at: 99 }],
  ["?at=-1", { kind: "text", at: 99 }],
  ["?at=1e3", { kind: "text", at: 99 }],
  ["?from=3&to=9", { kind: "changes", from: 3, to: 9 }],
  ["?from=9&to=3", { kind: "changes", from: 3, to: 9 }],
  ["?from=3", { kind: "text", at: 99 }],
  ["?from=x&to=9&at=4", { kind: "text", at: 4 }],
])("%j is read", (search, look) => {
  expect(readLook(search, HEAD)).toEqual(look);
});

test("an address leads back to the same look", () => {
  for (const look of [readLook("?at=0", HEAD), readLook("?from=0&to=7", HEAD)]) {
    expect(readLook(addressOf(look), HEAD)).toEqual(look);
  }
});
