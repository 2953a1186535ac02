/** The texts of all sections before the plenary: the live one, and the others as of their heads. */
import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { getTextAt } from "../../../api/revisions";
import { labelBlocks } from "../../../document/numbering";
import type { ReportView } from "../../../live/reportView";
import type { Block } from "../../../reading/block";
import { rowsOf, type SectionRows, sectionsBeforePlenary } from "./paragraphs";

interface LiveSection {
  id: string | null;
  blocks: readonly Block[] | null;
}

/**
 * A section's text at its head never changes, so each is fetched once. What a section last read as
 * stays while the next text is on its way: rows that come and go would lose the reader's place.
 */
export function useSectionRows(view: ReportView, live: LiveSection): SectionRows[] {
  const sections = useMemo(() => sectionsBeforePlenary(view), [view]);
  const texts = useQueries({
    queries: sections.map(({ id, head_seq }) => ({
      queryKey: ["text", id, head_seq],
      queryFn: () => getTextAt(id, head_seq),
      enabled: id !== live.id || live.blocks === null,
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
    })),
  });
  const last = useRef(new Map<string, readonly Block[]>());
  return sections.map((section, at) => {
    const isLive = section.id === live.id && live.blocks !== null;
    const blocks = isLive ? live.blocks : labelled(texts[at]?.data?.blocks, section.start_number);
    if (blocks) last.current.set(section.id, blocks);
    const known = last.current.get(section.id);
    return { section, rows: known ? rowsOf(view, section.id, known) : null };
  });
}

/** Numbers as they run through the report now, whatever they were when the text was fetched. */
function labelled(blocks: readonly Block[] | undefined, start: number): Block[] | null {
  if (!blocks) return null;
  const kinds = blocks.map(({ kind, level }) => ({ kind: kind as "para", level }));
  const labels = labelBlocks(kinds, start);
  return blocks.map((block, at) => ({ ...block, label: labels[at] ?? "" }));
}
