import { expect, test } from "vitest";
import { drop, isWithin, moved, type Node, step } from "./outline";

/** A, B (B1, B2 (B2a)), C */
const OUTLINE: Node[] = [
  { id: "A", parent_id: null },
  { id: "B", parent_id: null },
  { id: "B1", parent_id: "B" },
  { id: "B2", parent_id: "B" },
  { id: "B2a", parent_id: "B2" },
  { id: "C", parent_id: null },
];

const order = (nodes: readonly Node[]): string => nodes.map((node) => node.id).join(" ");

test("a section moves over its neighbour and no further than the ends", () => {
  expect(step(OUTLINE, "B", "up")).toEqual({ parent_id: null, position: 0 });
  expect(step(OUTLINE, "B", "down")).toEqual({ parent_id: null, position: 2 });
  expect(step(OUTLINE, "A", "up")).toBeNull();
  expect(step(OUTLINE, "B2", "down")).toBeNull();
});

test("inwards makes it the last child of the section before it", () => {
  expect(step(OUTLINE, "C", "in")).toEqual({ parent_id: "B", position: 2 });
  expect(step(OUTLINE, "B1", "in")).toBeNull();
});

test("outwards puts it right after its parent", () => {
  expect(step(OUTLINE, "B1", "out")).toEqual({ parent_id: null, position: 2 });
  expect(step(OUTLINE, "A", "out")).toBeNull();
});

test("a section is never dropped into itself", () => {
  expect(drop(OUTLINE, "B", "B2a", "inside")).toBeNull();
  expect(drop(OUTLINE, "B", "B", "after")).toBeNull();
  expect(isWithin(OUTLINE, "B2a", "B")).toBe(true);
});

test("a drop counts the siblings without the one that is moved", () => {
  expect(drop(OUTLINE, "A", "C", "before")).toEqual({ parent_id: null, position: 1 });
  expect(drop(OUTLINE, "C", "B1", "after")).toEqual({ parent_id: "B", position: 1 });
  expect(drop(OUTLINE, "C", "B2", "inside")).toEqual({ parent_id: "B2", position: 1 });
});

test("the outline shows the move at once, with everything under it", () => {
  expect(order(moved(OUTLINE, "B", { parent_id: null, position: 2 }))).toBe("A C B B1 B2 B2a");
  expect(order(moved(OUTLINE, "C", { parent_id: "B", position: 1 }))).toBe("A B B1 C B2 B2a");
  expect(order(moved(OUTLINE, "A", { parent_id: null, position: 0 }))).toBe("A B B1 B2 B2a C");
});
