import { expect, test } from "vitest";
import type { WireBlock } from "../../api/revisions";
import { leftBy } from "./restoring";

function aBlock(id: string, label: string, hash: string): WireBlock {
  return { id, label, hash, kind: "para", level: 0, dir: "", runs: [], status: "tabled" };
}

test("agreed paragraphs that read otherwise then, or were not there, are left", () => {
  const now = [aBlock("p1", "1", "a"), aBlock("p2", "2", "b"), aBlock("p3", "3", "c")];
  const then = [aBlock("p1", "1", "a"), aBlock("p2", "2", "other")];

  expect(leftBy(now, then, new Set(["p1", "p2", "p3"]))).toEqual([
    { id: "p2", label: "2" },
    { id: "p3", label: "3" },
  ]);
  expect(leftBy(now, then, new Set())).toEqual([]);
});
