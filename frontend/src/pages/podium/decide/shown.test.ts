import { expect, test } from "vitest";
import { callFor, hasMoved, hindranceOf, newKey, type Shown, verbsFor } from "./shown";

function aShown(change: Partial<Shown> = {}, hash = "a".repeat(64)): Shown {
  return {
    sectionId: "s1",
    paragraphId: "p1",
    label: "12",
    block: {
      id: "p1",
      kind: "para",
      level: 0,
      dir: "",
      label: "12",
      runs: [{ text: "States should." }],
      hash,
    },
    seq: 7,
    status: "tabled",
    isOnFloor: true,
    ...change,
  };
}

test("a decision binds to what was shown", () => {
  expect(callFor(aShown(), "agree", "  ")).toEqual({
    section_id: "s1",
    paragraph_id: "p1",
    verb: "agree",
    seen_hash: "a".repeat(64),
    seen_seq: 7,
    reason: "",
  });
});

test.each([
  [aShown(), ["agree", "bracket", "park"]],
  [aShown({ isOnFloor: false }), []],
  [aShown({ status: "agreed" }), ["reopen"]],
  [aShown({ status: "bracketed" }), ["agree", "park", "reopen"]],
  [aShown({ status: "parked", isOnFloor: false }), ["reopen"]],
])("%# only the verbs that the procedure allows are offered", (shown, verbs) => {
  expect(verbsFor(shown)).toEqual(verbs);
});

const well = { shown: aShown(), meeting: "open", text: "saved", isReading: true } as const;

test("nothing is decided while the meeting is suspended or the text is not live", () => {
  expect(hindranceOf(well)).toBeNull();
  expect(hindranceOf({ ...well, meeting: "suspended" })).toBe("not_open");
  expect(hindranceOf({ ...well, shown: null })).toBe("none_shown");
  expect(hindranceOf({ ...well, isReading: false })).toBe("not_reading");
  expect(hindranceOf({ ...well, shown: aShown({ isOnFloor: false }) })).toBe("not_on_floor");
  for (const text of [
    "saving",
    "unsaved",
    "offline",
    "connecting",
    "stale",
    "damaged",
    "denied",
  ] as const) {
    expect(hindranceOf({ ...well, text })).toBe("not_live");
  }
});

test("other words, another paragraph or none: the text has moved", () => {
  expect(hasMoved(aShown(), aShown({ seq: 9 }))).toBe(false);
  expect(hasMoved(aShown(), aShown({}, "b".repeat(64)))).toBe(true);
  expect(hasMoved(aShown(), aShown({ paragraphId: "p2" }))).toBe(true);
  expect(hasMoved(aShown(), null)).toBe(true);
});

test("each question has its own key", () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(newKey()).not.toBe(newKey());
});
