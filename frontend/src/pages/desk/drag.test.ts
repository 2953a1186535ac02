import { expect, test } from "vitest";
import { sideAt } from "./drag";

test("a section dropped on the edge of another goes beside it, in its middle inside it", () => {
  expect([0.1, 0.5, 0.9].map(sideAt)).toEqual(["before", "inside", "after"]);
});
