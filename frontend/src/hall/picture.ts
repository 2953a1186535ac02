/** Pure: what the hall screen's socket says. The server sends pictures whole and nothing private. */
import type { Block, ReadingStatus } from "../reading/block";

export interface HallBlock extends Block {
  readonly status: ReadingStatus;
  readonly on_floor: boolean;
}

export interface Counts {
  readonly paragraphs: number;
  readonly agreed: number;
  readonly bracketed: number;
  readonly parked: number;
  readonly open: number;
}

export interface GaugeFacts {
  readonly words: number;
  readonly words_agreed: number;
  readonly time_used_s: number;
  readonly time_planned_s: number;
}

export interface HallMeeting {
  readonly title: string;
  readonly state: "open" | "suspended" | "closed";
  readonly reading: number;
  readonly zone: string;
}

export interface HallPicture {
  readonly type: "screen";
  readonly version: number;
  /** When the server made it. */
  readonly at: string;
  readonly report: { readonly title: string; readonly symbol: string };
  readonly meeting: HallMeeting;
  readonly section: {
    readonly number: string;
    readonly title: string;
    /** What is stored is not all that was written: what is shown is whole, but older. */
    readonly is_damaged: boolean;
  } | null;
  readonly floor: {
    readonly paragraph_id: string;
    readonly label: string;
    readonly status: ReadingStatus;
  } | null;
  readonly blocks: readonly HallBlock[];
  readonly counts: Counts;
  readonly gauge: GaugeFacts;
}

export type HallMessage =
  | HallPicture
  | { readonly type: "tick"; readonly at: string }
  | { readonly type: "closed"; readonly reason: string };

/** The message, or null for one that this page does not know. */
export function readHallMessage(payload: string): HallMessage | null {
  const message = parse(payload);
  if (message?.type === "tick" && typeof message.at === "string") return message as HallMessage;
  if (message?.type === "closed" && typeof message.reason === "string") {
    return message as HallMessage;
  }
  return message !== null && isPicture(message) ? (message as unknown as HallPicture) : null;
}

const PARTS = ["report", "meeting", "counts", "gauge"];

function isPicture(message: Record<string, unknown>): boolean {
  const isWhole = PARTS.every((part) => isObject(message[part])) && Array.isArray(message.blocks);
  return message.type === "screen" && isWhole && typeof message.at === "string";
}

function parse(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
