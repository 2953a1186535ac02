import { expect, test } from "vitest";
import {
  endOfChange,
  type HallState,
  notLiveSince,
  reduceHall,
  SILENCE_MS,
  UNHEARD,
  usedSeconds,
} from "./hallState";
import type { HallPicture } from "./picture";

const AT = "2026-11-24T09:00:00+00:00";
const NOW = Date.parse(AT);

function aPicture(words = "States should ensure access.", change: Partial<HallPicture> = {}) {
  const picture: HallPicture = {
    type: "screen",
    version: 1,
    at: AT,
    report: { title: "Report", symbol: "WG/1" },
    meeting: { title: "Morning", state: "open", reading: 1, zone: "Europe/Zurich" },
    section: { number: "I.", title: "Introduction", is_damaged: false },
    floor: { paragraph_id: "pfloor", label: "12", status: "tabled" },
    blocks: [
      {
        id: "pfloor",
        kind: "para",
        level: 0,
        dir: "",
        label: "12",
        runs: [{ text: words }],
        status: "tabled",
        on_floor: true,
      },
    ],
    counts: { paragraphs: 10, agreed: 2, bracketed: 1, parked: 0, open: 7 },
    gauge: { words: 100, words_agreed: 20, time_used_s: 60, time_planned_s: 600 },
    ...change,
  };
  return picture;
}

function hear(state: HallState, message: unknown, now = NOW): HallState {
  return reduceHall(state, { type: "message", payload: JSON.stringify(message), now });
}

test("a picture is shown whole, and the screen is live", () => {
  const state = hear(UNHEARD, aPicture());

  expect(state.picture?.floor?.label).toBe("12");
  expect(notLiveSince(state, NOW)).toBeNull();
});

test("a dropped line keeps the text and says since when it is old", () => {
  const state = reduceHall(hear(UNHEARD, aPicture()), { type: "dropped" });

  expect(state.picture).not.toBeNull();
  expect(notLiveSince(state, NOW + 60_000)).toBe(NOW);
});

test("a silent line is no live line", () => {
  const state = hear(UNHEARD, aPicture());

  expect(notLiveSince(state, NOW + SILENCE_MS)).toBeNull();
  expect(notLiveSince(state, NOW + SILENCE_MS + 1)).toBe(NOW);
});

test("a tick keeps an unchanged text live", () => {
  const state = hear(hear(UNHEARD, aPicture()), { type: "tick", at: AT }, NOW + 7000);

  expect(notLiveSince(state, NOW + 14_000)).toBeNull();
});

test("the next message heals the screen", () => {
  const dropped = reduceHall(hear(UNHEARD, aPicture()), { type: "dropped" });
  const state = hear(dropped, aPicture(), NOW + 60_000);

  expect(notLiveSince(state, NOW + 60_000)).toBeNull();
});

test("a screen that never heard anything has no time to tell", () => {
  const state = reduceHall(UNHEARD, { type: "dropped" });

  expect(notLiveSince(state, NOW)).toBeNull();
  expect(state.isDropped).toBe(true);
});

test("a closed meeting is said in the server's words, and is not called old", () => {
  const closed = hear(hear(UNHEARD, aPicture()), { type: "closed", reason: "Closed." });
  const state = reduceHall(closed, { type: "dropped" });

  expect(state.closed).toBe("Closed.");
  expect(state.picture).not.toBeNull();
  expect(notLiveSince(state, NOW + 60_000)).toBeNull();
});

test.each(["", "{", "[]", "null", '{"type":"screen"}', '{"type":"view"}', '{"type":"closed"}'])(
  "%s changes nothing",
  (payload) => {
    const state = hear(UNHEARD, aPicture());

    expect(reduceHall(state, { type: "message", payload, now: NOW })).toBe(state);
  },
);

test("typing on the floor is remembered by the place where it ended", () => {
  const state = hear(hear(UNHEARD, aPicture()), aPicture("States should all ensure access."));

  expect(state.change).toEqual({ paragraphId: "pfloor", offset: "States should all ".length });
});

test("another picture of the same words keeps the place of the last change", () => {
  const typed = hear(hear(UNHEARD, aPicture()), aPicture("States should all ensure access."));
  const state = hear(typed, aPicture("States should all ensure access.", { version: 2 }));

  expect(state.change).toEqual(typed.change);
});

test("another paragraph on the floor has no change yet", () => {
  const typed = hear(hear(UNHEARD, aPicture("One.")), aPicture("One two."));
  const moved = aPicture("One two.", {
    blocks: aPicture("Three.").blocks.map((block) => ({ ...block, id: "pother" })),
  });

  expect(hear(typed, moved).change).toBeNull();
});

test.each([
  ["", "a", 1],
  ["abc", "abc", null],
  ["abc", "abXc", 3],
  ["abc", "ac", 1],
  ["aa", "aaa", 3],
  ["one two", "one", 3],
])("from %j to %j the change ends at %j", (before, after, end) => {
  expect(endOfChange(before, after)).toBe(end);
});

test("the meeting's time goes on by the server's clock while the meeting sits", () => {
  const slow = NOW - 3_600_000;
  const state = hear(UNHEARD, aPicture(), slow);

  expect(usedSeconds(state, slow + 5000)).toBe(65);
});

test("the meeting's time stands still while it is suspended, or not live", () => {
  const meeting = { ...aPicture().meeting, state: "suspended" as const };
  const suspended = hear(UNHEARD, aPicture("", { meeting }));
  const lost = reduceHall(hear(UNHEARD, aPicture()), { type: "dropped" });

  expect(usedSeconds(suspended, NOW + 5000)).toBe(60);
  expect(usedSeconds(lost, NOW + 5000)).toBe(60);
});
