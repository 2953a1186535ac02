import { expect, test } from "vitest";
import { liveState, UNHEARD, type WireFacts } from "./saving";

const LIVE: WireFacts = {
  ...UNHEARD,
  socket: "connected",
  admitted: true,
  synced: true,
  everSynced: true,
  writable: true,
};

const kindOf = (news: Partial<WireFacts>): string => liveState({ ...LIVE, ...news }).kind;

test("a text is saved only when the server has acknowledged everything", () => {
  expect(kindOf({})).toBe("saved");
  expect(liveState({ ...LIVE, unsynced: 2 })).toEqual({ kind: "saving", unsynced: 2 });
});

test("before the first sync it is connecting, after it a lost line is offline", () => {
  expect(kindOf({ synced: false, everSynced: false })).toBe("connecting");
  expect(kindOf({ socket: "disconnected" })).toBe("offline");
  expect(kindOf({ admitted: false })).toBe("offline");
});

test("offline says how much is still to be sent", () => {
  const state = liveState({ ...LIVE, socket: "connecting", unsynced: 7 });
  expect(state).toEqual({ kind: "offline", unsynced: 7 });
});

test("what the server cannot keep is not saved, and says why, until it is kept", () => {
  const unsaved = "The server's disk is full.";
  const state = liveState({ ...LIVE, unsynced: 2, unsaved });
  expect(state).toEqual({ kind: "unsaved", unsynced: 2, reason: unsaved });
  expect(kindOf({ unsynced: 0, unsaved })).toBe("saved");
});

test("a reader is told that the text is live, not that it is saved", () => {
  expect(kindOf({ writable: false })).toBe("reading");
});

test("a refusal by the server stands before everything else", () => {
  const state = liveState({ ...LIVE, denied: "There is nothing here that you can see." });
  expect(state).toEqual({ kind: "denied", reason: "There is nothing here that you can see." });
});

test("a text that differs is stale only while nothing of ours is on its way", () => {
  expect(kindOf({ differs: true })).toBe("stale");
  expect(kindOf({ differs: true, unsynced: 1 })).toBe("saving");
});

test("a text that is taken anew is being loaded, as long as there is a line", () => {
  const reloading = { admitted: false, synced: false, reloading: true };
  expect(kindOf(reloading)).toBe("stale");
  expect(kindOf({ ...reloading, socket: "disconnected" })).toBe("offline");
  expect(kindOf({ ...reloading, everSynced: false })).toBe("connecting");
});

test("a damaged text is neither live nor saved, and says what is wrong", () => {
  const damage = "This text is damaged at row 3 of its log.";
  const state = liveState({ ...LIVE, writable: false, unsynced: 1, damage });
  expect(state).toEqual({ kind: "damaged", reason: damage });
  expect(kindOf({ damage, socket: "disconnected" })).toBe("offline");
});
