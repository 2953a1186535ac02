/** One section's live text to read; while it follows, the paragraph on the floor stays in sight. */
import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ReportView } from "../../live/reportView";
import { ReadingBlock } from "../../reading/ReadingBlock";
import { Denied, LiveNotice } from "../../shell/LiveNotices";
import { useLiveDocument, useObservable } from "../../shell/live";
import { useLiveBlocks } from "../../shell/liveBlocks";
import { Skeleton } from "../../ui/Notice";

interface RoomTextProps {
  reportId: string;
  view: ReportView;
  sectionId: string;
  isFollowing: boolean;
  /** The member has scrolled the floor out of sight. */
  onWander: () => void;
}

const CONNECTING = { kind: "connecting" } as const;

export function RoomText({ reportId, view, sectionId, isFollowing, onWander }: RoomTextProps) {
  const { t } = useTranslation();
  const section = view.sections.find(({ id }) => id === sectionId);
  const live = useLiveDocument(reportId, sectionId);
  const state = useObservable(live?.state, CONNECTING);
  const blocks = useLiveBlocks(live, section?.start_number ?? 1);
  const floor = view.meeting?.floor;
  const floorId = floor?.section_id === sectionId ? floor.paragraph_id : null;
  const text = useRef<HTMLElement>(null);
  useFloorInSight(text, isFollowing ? floorId : null, blocks);
  // Only as the section comes up: whoever scrolls away from the floor stays where they are.
  const wasChosen = useRef(!isFollowing);
  useEffect(() => {
    if (wasChosen.current) text.current?.scrollIntoView({ block: "start" });
  }, []);
  useWandering(text, isFollowing && blocks ? floorId : null, onWander);
  if (state.kind === "denied") {
    return <Denied reason={state.reason} live={live} />;
  }
  return (
    <article className="room-text" ref={text}>
      <h2>
        {section?.number ? <bdi className="soft">{section.number} </bdi> : null}
        <bdi>{section?.title}</bdi>
      </h2>
      {state.kind === "damaged" ? <LiveNotice state={state} writable={false} /> : null}
      {blocks === null ? <Skeleton lines={8} label={t("draft.loading")} /> : null}
      {blocks?.length === 0 ? <p className="soft">{t("meeting.empty")}</p> : null}
      {blocks?.map((block, at) => (
        <ReadingBlock
          key={block.id ?? `at ${at}`}
          block={block}
          status={(block.id && view.statuses[block.id]?.status) || "tabled"}
          isOnFloor={block.id !== null && block.id === floorId}
        />
      ))}
    </article>
  );
}

function blockOf(text: HTMLElement | null, id: string | null): HTMLElement | null {
  return id === null ? null : (text?.querySelector(`[data-block="${CSS.escape(id)}"]`) ?? null);
}

/** A new paragraph glides to the middle; one that grows is kept in sight. */
function useFloorInSight(
  text: RefObject<HTMLElement | null>,
  floorId: string | null,
  blocks: readonly unknown[] | null,
): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (blocks === null) return;
    const block = blockOf(text.current, floorId);
    if (block) {
      const isNew = before.current !== floorId;
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || !before.current;
      const isTall = block.offsetHeight > window.innerHeight * 0.6;
      block.scrollIntoView({
        block: isNew ? (isTall ? "start" : "center") : "nearest",
        behavior: isStill ? "instant" : "smooth",
      });
    }
    before.current = floorId;
  }, [text, floorId, blocks]);
}

/** Scrolling that the page did itself is nobody's wish to leave. */
const OWN_WISH_MS = 1500;

function useWandering(
  text: RefObject<HTMLElement | null>,
  floorId: string | null,
  onWander: () => void,
): void {
  const wander = useRef(onWander);
  wander.current = onWander;
  useEffect(() => {
    const block = blockOf(text.current, floorId);
    if (!block) return;
    let wishedAt = 0;
    const wished = (): void => {
      wishedAt = Date.now();
    };
    const observer = new IntersectionObserver(([seen]) => {
      const isOwnWish = Date.now() - wishedAt < OWN_WISH_MS;
      if (seen && !seen.isIntersecting && isOwnWish) wander.current();
    });
    observer.observe(block);
    const wishes = ["wheel", "touchmove", "keydown", "pointerdown"] as const;
    for (const wish of wishes) window.addEventListener(wish, wished, { passive: true });
    return () => {
      observer.disconnect();
      for (const wish of wishes) window.removeEventListener(wish, wished);
    };
  }, [text, floorId]);
}
