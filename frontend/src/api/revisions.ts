/** Looking back at a section: its timeline, its text at a moment, comparisons, restoring. */
import { answer, api } from "./client";
import type { SectionState } from "./shapes";

export interface Named {
  id: string;
  name: string;
}

export interface Moment {
  kind: "edit" | "decision" | "revision" | "state";
  from_seq: number;
  to_seq: number;
  began_at: string;
  ended_at: string;
  member: Named | null;
  acting_role: string;
  subgroup: string | null;
  /** Letters, not words. */
  added: number;
  removed: number;
  revision: Named | null;
  state: { from: SectionState; to: SectionState; reason: string } | null;
  decision: {
    id: string;
    paragraph_id: string;
    label: string;
    verb: "agree" | "bracket" | "park" | "reopen";
    status_after: "tabled" | "agreed" | "bracketed" | "parked";
    reason: string;
  } | null;
}

export interface Timeline {
  moments: Moment[];
  next_before: number | null;
  head_seq: number;
}

export interface WireRun {
  text?: string;
  marks?: Record<string, unknown>;
  br?: true;
  fn?: number;
  note?: WireRun[];
  embed?: unknown;
}

export interface WireBlock {
  id: string | null;
  kind: string;
  level: number;
  dir: string;
  label: string;
  runs: WireRun[];
  hash: string;
  status: "tabled" | "agreed" | "bracketed" | "parked";
}

export interface TextAt {
  seq: number;
  at: string | null;
  title: string;
  blocks: WireBlock[];
}

export interface Writer {
  member_id: string | null;
  name: string;
  acting_role: string;
  subgroup: string | null;
  at: string;
}

export interface Piece {
  op: "same" | "ins" | "del";
  text: string;
  marks: Record<string, unknown>;
  by: Writer | null;
  /** The marks before, where only they changed. */
  was?: Record<string, unknown>;
  fn?: boolean;
  note?: Piece[];
}

export interface ChangedBlock {
  id: string | null;
  label: string;
  kind: string;
  level: number;
  dir: string;
  change: "same" | "added" | "removed" | "changed";
  moved: boolean;
  status: WireBlock["status"];
  by: Writer | null;
  pieces: Piece[];
}

export interface Changes {
  from: number;
  to: number;
  blocks: ChangedBlock[];
  people: Named[];
}

export interface Restored {
  seq: number;
  left: { paragraph_id: string; label: string; reason: string }[];
}

const ofSection = (section_id: string) => ({ path: { section_id } });

export const getTimeline = async (sectionId: string, before: number | null): Promise<Timeline> => {
  const params = { ...ofSection(sectionId), query: { before } };
  return (await answer(
    api.GET("/api/v1/sections/{section_id}/timeline", { params }),
  )) as unknown as Timeline;
};

export const getTextAt = async (sectionId: string, seq: number): Promise<TextAt> => {
  const params = { ...ofSection(sectionId), query: { seq } };
  return (await answer(
    api.GET("/api/v1/sections/{section_id}/text", { params }),
  )) as unknown as TextAt;
};

export const getChanges = async (sectionId: string, from: number, to: number): Promise<Changes> => {
  const params = { ...ofSection(sectionId), query: { from, to } };
  return (await answer(
    api.GET("/api/v1/sections/{section_id}/changes", { params }),
  )) as unknown as Changes;
};

export const nameRevision = (sectionId: string, name: string, seq: number): Promise<Named> =>
  answer(
    api.POST("/api/v1/sections/{section_id}/revisions", {
      params: ofSection(sectionId),
      body: { name, seq },
    }),
  );

export const restoreText = async (sectionId: string, seq: number): Promise<Restored> => {
  const params = ofSection(sectionId);
  return (await answer(
    api.POST("/api/v1/sections/{section_id}/restore", { params, body: { seq } }),
  )) as unknown as Restored;
};
