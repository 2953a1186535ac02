/** In the middle: the paragraph as the room sees it, and under it the section's live text. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "../../../api/shapes";
import type { LiveDocument } from "../../../live/liveDocument";
import type { MeetingView, ReportView } from "../../../live/reportView";
import { useObservable } from "../../../shell/live";
import { SavePill } from "../../../shell/SavePill";
import { Text } from "../../../shell/writing/Text";
import type { Shown } from "../decide/shown";
import { bringInSight } from "../inSight";
import type { Looking } from "../looking";
import type { PodiumActs } from "../usePodium";
import { FloorCard } from "./FloorCard";

interface MiddleProps {
  report: Report;
  view: ReportView;
  meeting: MeetingView;
  place: Looking;
  isLooking: boolean;
  live: LiveDocument | null;
  shown: Shown | null;
  acts: PodiumActs;
  onBack: () => void;
}

const CONNECTING = { kind: "connecting" } as const;

export function Middle(props: MiddleProps) {
  const { report, view, meeting, place, live } = props;
  const { t } = useTranslation();
  const state = useObservable(live?.state, CONNECTING);
  const text = useRef<HTMLDivElement>(null);
  const section = report.sections.find(({ id }) => id === place.sectionId);
  const seen = view.sections.find(({ id }) => id === place.sectionId);
  useRenewed(live, `${meeting.pen?.member_id} ${meeting.state} ${seen?.state}`);
  useInSight(text, place.paragraphId, live);
  return (
    <div className="podium-middle">
      <FloorCard {...props} />
      <section className="podium-text" ref={text} aria-label={t("podium.text")}>
        <header className="podium-text-head">
          <h2>
            <bdi className="podium-number">{seen?.number}</bdi> <bdi>{seen?.title}</bdi>
          </h2>
          <SavePill state={state} />
        </header>
        {live && section ? (
          <Text key={section.id} section={section} live={live} view={view} />
        ) : null}
      </section>
    </div>
  );
}

/** Whoever gets or loses the pen is asked in again by the server, with the new right. */
function useRenewed(live: LiveDocument | null, right: string): void {
  const before = useRef(right);
  useEffect(() => {
    if (before.current !== right) live?.renew();
    before.current = right;
  }, [live, right]);
}

/** The paragraph that is looked at comes into sight; a moment later if the text is not there yet. */
function useInSight(
  text: { readonly current: HTMLElement | null },
  paragraphId: string | null,
  live: LiveDocument | null,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another live text has to be waited for anew.
  useEffect(() => {
    const root = text.current;
    if (!root || paragraphId === null) return;
    const bring = (): boolean => {
      const block = root.querySelector<HTMLElement>(`[data-id="${CSS.escape(paragraphId)}"]`);
      if (block) bringInSight(root, block);
      return block !== null;
    };
    if (bring()) return;
    const waiting = new MutationObserver(() => {
      if (bring()) waiting.disconnect();
    });
    waiting.observe(root, { childList: true, subtree: true });
    return () => waiting.disconnect();
  }, [text, paragraphId, live]);
}
