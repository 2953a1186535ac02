import { expect, test } from "vitest";
import { isAddress } from "./LinkDialog";
import { kindOf } from "./Toolbar";

test("a link leads to a page or a mail box, and runs no script", () => {
  for (const address of ["https://example.org/a", "http://example.org", "mailto:a@example.org"]) {
    expect(isAddress(address)).toBe(true);
  }
  for (const trap of ["javascript:alert(1)", "data:text/html,x", "example.org", "https://", ""]) {
    expect(isAddress(trap)).toBe(false);
  }
});

test("the kind under the cursor is named as the act that makes it", () => {
  expect(kindOf({ kind: "para", level: 0 })).toBe("paragraph");
  expect(kindOf({ kind: "subpara", level: 2 })).toBe("subparagraph");
  expect(kindOf({ kind: "heading", level: 2 })).toBe("heading2");
  expect(kindOf({ kind: "plain", level: 0 })).toBe("plain");
});
