// @vitest-environment jsdom
import { expect, test } from "vitest";
import { initials } from "./Avatars";
import { spot } from "./Menu";

test("initials come from any script and any number of names", () => {
  expect(initials("Amina Haddad")).toBe("AH");
  expect(initials("Maria de la Cruz")).toBe("MC");
  expect(initials("李军")).toBe("李");
  expect(initials("𝒜lan Turing")).toBe("𝒜T");
  expect(initials("")).toBe("");
});

test("a menu opens under its button and never off the window", () => {
  window.innerWidth = 400;
  window.innerHeight = 300;
  const list = new DOMRect(0, 0, 200, 120);
  expect(spot(new DOMRect(20, 20, 40, 40), list)).toEqual({ left: 20, top: 64 });
  expect(spot(new DOMRect(350, 20, 40, 40), list).left).toBe(196);
  expect(spot(new DOMRect(20, 250, 40, 40), list).top).toBe(130);
});
