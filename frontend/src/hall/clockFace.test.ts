import { expect, test } from "vitest";
import { clockFace } from "./clockFace";

const MIDNIGHT = Date.parse("2026-11-24T23:00:00Z");

test("the clock shows the report's zone, in twenty-four hours", () => {
  expect(clockFace(MIDNIGHT, "Europe/Zurich", "en")).toBe("00:00");
  expect(clockFace(MIDNIGHT, "Asia/Kolkata", "en")).toBe("04:30");
});

test("an unknown zone does not stop the clock", () => {
  expect(clockFace(MIDNIGHT, "Nowhere/Land", "en")).toMatch(/^\d\d:\d\d$/);
});
