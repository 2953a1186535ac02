/** Pure: what a hall screen knows, and how each thing that it hears changes that. */
import { plainText } from "../reading/block";
import { type HallMessage, type HallPicture, readHallMessage } from "./picture";

/** The server speaks at least every 5 s; after this silence the text may be old. */
export const SILENCE_MS = 8000;

/** Where the words on the floor last changed: behind this many characters of the paragraph. */
export interface Change {
  readonly paragraphId: string;
  readonly offset: number;
}

export interface HallState {
  readonly picture: HallPicture | null;
  /** The server's sentence when there is nothing more to show. */
  readonly closed: string | null;
  /** This device's clock when the server was last heard, in ms; null: never yet. */
  readonly heardAt: number | null;
  /** The line is down. */
  readonly isDropped: boolean;
  /** The server's sentence when it has no place for this screen now. */
  readonly refusal: string | null;
  /** What to add to this device's clock to get the server's, in ms. */
  readonly skewMs: number;
  readonly change: Change | null;
}

export const UNHEARD: HallState = {
  picture: null,
  closed: null,
  heardAt: null,
  isDropped: false,
  refusal: null,
  skewMs: 0,
  change: null,
};

export type HallEvent =
  | { readonly type: "message"; readonly payload: string; readonly now: number }
  | { readonly type: "dropped"; readonly refusal?: string };

export function reduceHall(state: HallState, event: HallEvent): HallState {
  if (event.type === "dropped") {
    return { ...state, isDropped: true, refusal: event.refusal ?? null };
  }
  const message = readHallMessage(event.payload);
  return message ? heard(state, message, event.now) : state;
}

function heard(state: HallState, message: HallMessage, now: number): HallState {
  const live = { ...state, heardAt: now, isDropped: false, refusal: null };
  if (message.type === "closed") return { ...live, closed: message.reason };
  const skewMs = skewOf(message.at, now, state.skewMs);
  if (message.type === "tick") return { ...live, skewMs };
  const change = changeBetween(state, message);
  return { ...live, skewMs, picture: message, closed: null, change };
}

function skewOf(at: string, now: number, before: number): number {
  const server = Date.parse(at);
  return Number.isNaN(server) ? before : server - now;
}

function changeBetween(state: HallState, picture: HallPicture): Change | null {
  const before = wordsOnFloor(state.picture);
  const after = wordsOnFloor(picture);
  if (after === null || before?.id !== after.id) return null;
  const offset = endOfChange(before.text, after.text);
  return offset === null ? state.change : { paragraphId: after.id, offset };
}

function wordsOnFloor(picture: HallPicture | null): { id: string; text: string } | null {
  const block = picture?.blocks.find((one) => one.on_floor);
  return block?.id ? { id: block.id, text: plainText(block.runs) } : null;
}

/** Where, in the new text, what is different ends; null if nothing is. */
export function endOfChange(before: string, after: string): number | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return after.length - end;
}

/** Since when what is shown may be old, on this device's clock; null while it is live. */
export function notLiveSince(state: HallState, now: number): number | null {
  if (state.heardAt === null || state.closed !== null) return null;
  const isSilent = now - state.heardAt > SILENCE_MS;
  return state.isDropped || isSilent ? state.heardAt : null;
}

/** Seconds of the meeting's time used by now: it goes on while the meeting is open and live. */
export function usedSeconds(state: HallState, now: number): number {
  const { picture } = state;
  if (!picture) return 0;
  const used = picture.gauge.time_used_s;
  if (picture.meeting.state !== "open" || state.closed !== null) return used;
  const last = notLiveSince(state, now) ?? now;
  const since = (last + state.skewMs - Date.parse(picture.at)) / 1000;
  return used + Math.max(0, Math.floor(since));
}
