import { expect, test } from "vitest";
import type { Moment } from "../../api/revisions";
import {
  byDay,
  isNamedLater,
  keyOf,
  namedOnly,
  placed,
  spanOf,
  stepFrom,
  stopsOf,
} from "./moments";

function aMoment(kind: Moment["kind"], from: number, to: number, at: string): Moment {
  return {
    kind,
    from_seq: from,
    to_seq: to,
    began_at: at,
    ended_at: at,
    member: { id: "m", name: "Ana" },
    acting_role: "member",
    subgroup: null,
    added: 1,
    removed: 0,
    revision: kind === "revision" ? { id: at, name: "Sealed" } : null,
    state: null,
    decision: null,
  };
}

const MOMENTS = [
  aMoment("decision", 12, 12, "2026-11-24T09:00:00Z"),
  aMoment("revision", 11, 11, "2026-11-24T08:00:00Z"),
  aMoment("state", 11, 11, "2026-11-24T08:00:00Z"),
  aMoment("edit", 8, 11, "2026-11-23T23:30:00Z"),
  aMoment("revision", 7, 7, "2026-11-23T12:00:00Z"),
  aMoment("edit", 1, 7, "2026-11-23T11:00:00Z"),
];

test("a day begins at midnight in the report's zone", () => {
  const days = byDay(MOMENTS, "Europe/Zurich", "en");

  expect(days.map(({ moments }) => moments.length)).toEqual([4, 2]);
  expect(days[0]?.name).toBe("Tuesday, November 24, 2026");
});

test("moments that share a seq have keys of their own", () => {
  expect(new Set(MOMENTS.map(keyOf)).size).toBe(MOMENTS.length);
});

test("a name that was given later stands with the text that it names", () => {
  const late = aMoment("revision", 9, 9, "2026-11-25T10:00:00Z");
  const [, , , edit, older] = MOMENTS as [Moment, Moment, Moment, Moment, Moment];
  const shown = placed([edit, late, older]);

  expect(shown[1]?.ended_at).toBe(edit.ended_at);
  expect(shown[1]?.began_at).toBe("2026-11-25T10:00:00Z");
  expect(byDay(shown, "Europe/Zurich", "en").map(({ moments }) => moments.length)).toEqual([2, 1]);
  expect(shown.map((moment) => isNamedLater(moment, "Europe/Zurich"))).toEqual([
    false,
    true,
    false,
  ]);
});

test("only named revisions", () => {
  expect(namedOnly(MOMENTS).map(({ to_seq }) => to_seq)).toEqual([11, 7]);
});

test("a stretch of work changed what lies in it; a revision all since the one before", () => {
  const [, second, , edit, first] = MOMENTS as [Moment, Moment, Moment, Moment, Moment];

  expect(spanOf(MOMENTS, edit)).toEqual({ from: 7, to: 11 });
  expect(spanOf(MOMENTS, second)).toEqual({ from: 7, to: 11 });
  expect(spanOf(MOMENTS, first)).toEqual({ from: 0, to: 7 });
});

test("steps lead to another text each time, and end at the ends", () => {
  expect(stepFrom(MOMENTS, 12, -1)?.to_seq).toBe(11);
  expect(stepFrom(MOMENTS, 11, -1)?.to_seq).toBe(7);
  expect(stepFrom(MOMENTS, 7, -1)).toBeNull();
  expect(stepFrom(MOMENTS, 7, 1)?.to_seq).toBe(11);
  expect(stepFrom(MOMENTS, 11, 1)?.to_seq).toBe(12);
  expect(stepFrom(MOMENTS, 12, 1)).toBeNull();
});

test("a step from between two moments finds its neighbours", () => {
  expect(stepFrom(MOMENTS, 9, -1)?.to_seq).toBe(7);
  expect(stepFrom(MOMENTS, 9, 1)?.to_seq).toBe(11);
});

test("each text can be chosen once, by its name if it has one", () => {
  expect(stopsOf(MOMENTS).map(({ kind, to_seq }) => [kind, to_seq])).toEqual([
    ["decision", 12],
    ["revision", 11],
    ["revision", 7],
  ]);
});
