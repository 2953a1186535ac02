import { expect, test } from "vitest";
import { rightsOf } from "./rights";

test("the chair decides, the secretariat leads floor, pen and screens", () => {
  expect(rightsOf(["chair"])).toMatchObject({ decide: true, meeting: true, givePen: true });
  expect(rightsOf(["secretariat"])).toMatchObject({
    isAtPodium: true,
    floor: true,
    takePen: true,
    screens: true,
    decide: false,
    meeting: false,
    givePen: false,
  });
});

test.each([[["member"]], [["convenor"]], [["observer"]], [[]]] as const)(
  "%j is not at the podium",
  (roles) => {
    expect(Object.values(rightsOf(roles)).some(Boolean)).toBe(false);
  },
);
