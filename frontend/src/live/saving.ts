/** Pure: what the pill beside a text says, from what the wire has told so far. */

export interface WireFacts {
  socket: "connecting" | "connected" | "disconnected";
  /** The server let this member in. */
  admitted: boolean;
  /** The first exchange of states is done. */
  synced: boolean;
  /** The member may write, not only read. */
  writable: boolean;
  /** Changes sent or waiting that the server has not acknowledged. */
  unsynced: number;
  /** Was ever synced: then a lost line is "offline", not "connecting". */
  everSynced: boolean;
  /** Sentence with which the server kept this member out. */
  denied: string | null;
  /** Why the server could keep nothing of late: a sentence; null once it keeps things again. */
  unsaved: string | null;
  /** The text differs from the server's although nothing is on its way. */
  differs: boolean;
  /** The text was dropped and is being taken from the server anew. */
  reloading: boolean;
  /** What is wrong with the stored text, of which only the beginning is shown: a sentence. */
  damage: string | null;
}

export type LiveState =
  | { kind: "connecting" }
  | { kind: "saved" }
  | { kind: "reading" }
  | { kind: "saving"; unsynced: number }
  | { kind: "unsaved"; unsynced: number; reason: string }
  | { kind: "offline"; unsynced: number }
  | { kind: "stale" }
  | { kind: "damaged"; reason: string }
  | { kind: "denied"; reason: string };

export const UNHEARD: WireFacts = {
  socket: "connecting",
  admitted: false,
  synced: false,
  writable: false,
  unsynced: 0,
  everSynced: false,
  denied: null,
  unsaved: null,
  differs: false,
  reloading: false,
  damage: null,
};

export function liveState(facts: WireFacts): LiveState {
  if (facts.denied !== null) return { kind: "denied", reason: facts.denied };
  if (facts.socket !== "connected" || !facts.admitted || !facts.synced) {
    if (!facts.everSynced) return { kind: "connecting" };
    if (facts.socket === "connected" && facts.reloading) return { kind: "stale" };
    return { kind: "offline", unsynced: facts.unsynced };
  }
  if (facts.damage !== null) return { kind: "damaged", reason: facts.damage };
  if (facts.unsynced > 0 && facts.unsaved !== null) {
    return { kind: "unsaved", unsynced: facts.unsynced, reason: facts.unsaved };
  }
  if (facts.unsynced > 0) return { kind: "saving", unsynced: facts.unsynced };
  if (facts.differs) return { kind: "stale" };
  return { kind: facts.writable ? "saved" : "reading" };
}

export function sameState(a: LiveState, b: LiveState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
