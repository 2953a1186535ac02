/** Pure: the paragraphs that the plenary reads, as the podium lists them. */
import type { ReportView, SectionState, SectionView } from "../../../live/reportView";
import { type Block, firstWords, isConsidered, type ReadingStatus } from "../../../reading/block";

export interface Row {
  readonly sectionId: string;
  readonly id: string;
  readonly kind: string;
  readonly level: number;
  readonly dir: string;
  /** "(a)": how it stands in the text. */
  readonly label: string;
  readonly words: string;
  readonly status: ReadingStatus;
  readonly isOnFloor: boolean;
  /** Numbered, but nothing stands in it yet: there is nothing to decide about. */
  readonly isEmpty: boolean;
}

export interface SectionRows {
  readonly section: SectionView;
  /** Null: its text has not come yet. */
  readonly rows: readonly Row[] | null;
}

export type Filter = "all" | "remaining" | "bracketed" | "parked";
export const FILTERS: readonly Filter[] = ["all", "remaining", "bracketed", "parked"];

/** The states in which a section is before the plenary. */
const BEFORE_PLENARY: readonly SectionState[] = ["consolidated", "in_reading", "read"];

export function sectionsBeforePlenary(view: ReportView): SectionView[] {
  return view.sections.filter(({ state }) => BEFORE_PLENARY.includes(state));
}

/** Whether a paragraph of the section can be put on the floor at all. */
export function mayBeRead({ state }: SectionView): boolean {
  return state === "consolidated" || state === "in_reading";
}

/** Whether the paragraph is one to be put on the floor. */
export function mayBePut({ status, isOnFloor, isEmpty }: Row): boolean {
  return status !== "agreed" && !isOnFloor && !isEmpty;
}

export function rowsOf(view: ReportView, sectionId: string, blocks: readonly Block[]): Row[] {
  const floor = view.meeting?.floor;
  return blocks.flatMap((block) => {
    const isEmpty = !isConsidered(block);
    // A number that is missing here would be looked for in the hall.
    if (block.id === null || (isEmpty && block.label === "")) return [];
    const { id, kind, level, dir, label } = block;
    return {
      sectionId,
      id,
      kind,
      level,
      dir,
      label,
      words: firstWords(block.runs, 90),
      status: view.statuses[id]?.status ?? "tabled",
      isOnFloor: floor?.paragraph_id === id && floor.section_id === sectionId,
      isEmpty,
    };
  });
}

/** Remaining is whatever is not agreed: what is bracketed or parked comes back. */
export function passes({ status, isEmpty }: Row, filter: Filter): boolean {
  if (filter === "all") return true;
  if (isEmpty) return false;
  return filter === "remaining" ? status !== "agreed" : status === filter;
}

export function countOf(sections: readonly SectionRows[], filter: Filter): number {
  const rows = sections.flatMap((section) => section.rows ?? []);
  return rows.filter((row) => !row.isEmpty && passes(row, filter)).length;
}
