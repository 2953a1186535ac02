/** Pure: what the meeting holds of one section's paragraphs, as the editor draws it. */
import type { BlockStatus, TextView } from "../document/api";
import type { ParagraphStatus, ReportView } from "../live/reportView";

export type StatusWords = Record<ParagraphStatus | "floor", string>;

/** Drawn beside the word; both faces of the report have these. */
export const STATUS_SYMBOLS: StatusWords = {
  floor: "\u25b6",
  agreed: "\u2713",
  bracketed: "[ ]",
  parked: "\u23f8",
};

export function textViewOf(view: ReportView, sectionId: string, words: StatusWords): TextView {
  const own = Object.entries(view.statuses).filter(([, held]) => held.section_id === sectionId);
  const statuses: Record<string, BlockStatus> = {};
  for (const [id, { status }] of own) {
    statuses[id] = { status, word: words[status], symbol: STATUS_SYMBOLS[status] };
  }
  const floor = view.meeting?.floor;
  return {
    startNumber: view.sections.find((section) => section.id === sectionId)?.start_number ?? 1,
    locked: new Set(own.filter(([, held]) => held.status === "agreed").map(([id]) => id)),
    statuses,
    floor:
      floor?.section_id === sectionId
        ? { blockId: floor.paragraph_id, word: words.floor, symbol: STATUS_SYMBOLS.floor }
        : null,
  };
}
