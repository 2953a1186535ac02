/** What the report's channel says: the view that every device and every screen draws from. */

export type ParagraphStatus = "agreed" | "bracketed" | "parked";

export type SectionState =
  | "outlined"
  | "drafting"
  | "subgroup_review"
  | "signed_off"
  | "consolidated"
  | "in_reading"
  | "read";

export interface SectionView {
  id: string;
  parent_id: string | null;
  depth: number;
  number: string;
  title: string;
  state: SectionState;
  subgroup_id: string | null;
  /** Number of the first numbered paragraph of this section. */
  start_number: number;
  head_seq: number;
  paragraphs: number;
  words: number;
  words_agreed: number;
  agreed: number;
  bracketed: number;
  parked: number;
}

export interface StatusView {
  status: ParagraphStatus;
  at: string;
  section_id: string;
  hash: string;
  label: string;
  by: string;
}

export interface PersonView {
  member_id: string;
  name: string;
}

export interface MeetingView {
  id: string;
  title: string;
  state: "open" | "suspended" | "closed";
  reading: number;
  opened_at: string;
  planned_minutes: number;
  used_s: number;
  chair: PersonView;
  pen: PersonView | null;
  floor: { section_id: string; paragraph_id: string; label: string; since: string } | null;
  counts: { paragraphs: number; agreed: number; bracketed: number; parked: number; open: number };
  gauge: { words: number; words_agreed: number; time_used_s: number; time_planned_s: number };
}

export interface ReportView {
  version: number;
  report_id: string;
  title: string;
  symbol: string;
  zone: string;
  sections: SectionView[];
  statuses: Record<string, StatusView>;
  meeting: MeetingView | null;
}

/** Who is in a section's room now. */
export interface PresentMember {
  member_id: string;
  name: string;
  colour: string;
}

export type Presence = Record<string, PresentMember[]>;

export type ReportMessage =
  | { type: "view"; view: ReportView }
  | { type: "presence"; sections: Presence };

/** The message, or null if it is not one that this page knows. */
export function readReportMessage(payload: string): ReportMessage | null {
  const message = parseObject(payload);
  if (message?.type === "view" && isObject(message.view)) return message as ReportMessage;
  if (message?.type === "presence" && isObject(message.sections)) return message as ReportMessage;
  return null;
}

export type SectionMessage =
  | { type: "head"; seq: number; hash: string }
  | { type: "refused"; reason: string }
  | { type: "unsaved"; reason: string }
  | { type: "damaged"; reason: string };

const WITH_REASON: readonly unknown[] = ["refused", "unsaved", "damaged"];

export function readSectionMessage(payload: string): SectionMessage | null {
  const message = parseObject(payload);
  if (message?.type === "head" && typeof message.seq === "number") return message as SectionMessage;
  if (WITH_REASON.includes(message?.type) && typeof message?.reason === "string") {
    return message as SectionMessage;
  }
  return null;
}

function parseObject(payload: string): Record<string, unknown> | null {
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
