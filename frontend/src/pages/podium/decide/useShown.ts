/** The paragraph that the podium looks at, exactly as it is rendered. */
import { useMemo } from "react";
import type { LiveDocument } from "../../../live/liveDocument";
import type { ReportView } from "../../../live/reportView";
import { trailOf } from "../../../reading/block";
import { useObservable } from "../../../shell/live";
import type { LiveBlock } from "../../../shell/liveBlocks";
import type { Shown } from "./shown";

interface Asked {
  view: ReportView;
  place: { sectionId: string; paragraphId: string | null } | null;
  live: LiveDocument | null;
  blocks: readonly LiveBlock[] | null;
}

export function useShown({ view, place, live, blocks }: Asked): Shown | null {
  const head = useObservable(live?.head, null);
  return useMemo(() => {
    const block = blocks?.find(({ id }) => id !== null && id === place?.paragraphId);
    if (!place?.paragraphId || !blocks || !block) return null;
    const { sectionId, paragraphId } = place;
    const floor = view.meeting?.floor;
    return {
      sectionId,
      paragraphId,
      label: trailOf(blocks, paragraphId).join(" "),
      block,
      seq: head?.seq ?? view.sections.find(({ id }) => id === sectionId)?.head_seq ?? 0,
      status: view.statuses[paragraphId]?.status ?? "tabled",
      isOnFloor: floor?.section_id === sectionId && floor.paragraph_id === paragraphId,
    };
  }, [view, place, blocks, head]);
}
