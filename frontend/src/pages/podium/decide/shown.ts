/** Pure: the paragraph exactly as it is shown, to which a decision binds. */
import type { DecisionCall, Verb } from "../../../api/plenary";
import type { LiveState } from "../../../live/saving";
import type { Block, ReadingStatus } from "../../../reading/block";

export interface HashedBlock extends Block {
  readonly hash: string;
}

export interface Shown {
  readonly sectionId: string;
  readonly paragraphId: string;
  /** As it is said aloud: "45 (c)". */
  readonly label: string;
  readonly block: HashedBlock;
  /** The last commit that this page had heard of. */
  readonly seq: number;
  readonly status: ReadingStatus;
  readonly isOnFloor: boolean;
}

/** What cannot be decided now, and which sentence says why. */
export type Hindrance = "none_shown" | "not_open" | "not_live" | "not_reading" | "not_on_floor";

interface Circumstances {
  readonly shown: Shown | null;
  readonly meeting: "open" | "suspended" | "closed";
  readonly text: LiveState["kind"];
  readonly isReading: boolean;
}

export function hindranceOf({ shown, meeting, text, isReading }: Circumstances): Hindrance | null {
  if (meeting !== "open") return "not_open";
  if (!shown) return "none_shown";
  if (verbsFor(shown).length === 0) return "not_on_floor";
  if (!isReading) return "not_reading";
  return text === "saved" || text === "reading" ? null : "not_live";
}

/** The verbs that make sense for a paragraph of this status. */
export function verbsFor({ status, isOnFloor }: Shown): Verb[] {
  if (status === "agreed") return ["reopen"];
  const verbs: Verb[] = [];
  if (isOnFloor) verbs.push("agree");
  if (isOnFloor && status !== "bracketed") verbs.push("bracket");
  if (isOnFloor && status !== "parked") verbs.push("park");
  if (status !== "tabled") verbs.push("reopen");
  return verbs;
}

export function callFor(shown: Shown, verb: Verb, reason: string): DecisionCall {
  return {
    section_id: shown.sectionId,
    paragraph_id: shown.paragraphId,
    verb,
    seen_hash: shown.block.hash,
    seen_seq: shown.seq,
    reason: reason.trim(),
  };
}

/** Whether the text on the page is still the one that the question was asked about. */
export function hasMoved(asked: Shown, now: Shown | null): boolean {
  return now?.block.hash !== asked.block.hash || now.paragraphId !== asked.paragraphId;
}

/** One key per question; `crypto.randomUUID` is absent on a plain-HTTP address in a hall. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
