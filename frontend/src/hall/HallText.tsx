/** The text of a hall screen: the paragraph on the floor is always in sight. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ReadingBlock } from "../reading/ReadingBlock";
import type { Change } from "./hallState";
import type { HallBlock } from "./picture";
import { scrollTo } from "./sight";

interface HallTextProps {
  blocks: readonly HallBlock[];
  change: Change | null;
  /** Whatever else changes how tall the text is. */
  size: number;
}

export function HallText({ blocks, change, size }: HallTextProps) {
  const view = useRef<HTMLDivElement>(null);
  useFloorInSight(view, { blocks, change, size });
  return (
    <div className="hall-view" ref={view}>
      <div className="hall-column">
        {blocks.map((block, at) => (
          <ReadingBlock
            key={block.id ?? `at ${at}`}
            block={block}
            status={block.status}
            isOnFloor={block.on_floor}
          />
        ))}
      </div>
    </div>
  );
}

interface Placed {
  floorId: string | null;
  tops: ReadonlyMap<string, number>;
}

function useFloorInSight(view: RefObject<HTMLDivElement | null>, shown: HallTextProps): void {
  const { blocks, change, size } = shown;
  const placed = useRef<Placed>({ floorId: null, tops: new Map() });
  const resized = useResized(view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: size and resized change the measures that are read here.
  useLayoutEffect(() => {
    if (!view.current) return;
    const floor = blocks.find((block) => block.on_floor) ?? null;
    placed.current = bringIntoSight(view.current, floor?.id ?? null, change, placed.current);
  }, [view, blocks, change, size, resized]);
}

/** Counts up whenever the window through which the text is seen has another size. */
function useResized(view: RefObject<HTMLDivElement | null>): number {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (!view.current) return;
    const observer = new ResizeObserver(() => setTimes((before) => before + 1));
    observer.observe(view.current);
    return () => observer.disconnect();
  }, [view]);
  return times;
}

/** First nothing seems to move although the text above has changed; then the text glides. */
function bringIntoSight(
  view: HTMLElement,
  floorId: string | null,
  change: Change | null,
  before: Placed,
): Placed {
  const tops = topsOf(view);
  view.scrollTop += shiftOf(tops, before, floorId);
  const floor = floorId ? blockOf(view, floorId) : null;
  if (floor) {
    const top = scrollTo({
      view: view.clientHeight,
      top: floor.offsetTop,
      height: floor.offsetHeight,
      now: view.scrollTop,
      limit: view.scrollHeight - view.clientHeight,
      line: change?.paragraphId === floorId ? lineAt(view, floor, change.offset) : null,
      isNew: floorId !== before.floorId,
    });
    glide(view, top, before.tops.size === 0);
  }
  return { floorId, tops };
}

function glide(view: HTMLElement, top: number, isFirst: boolean): void {
  if (Math.abs(view.scrollTop - top) < 1) return;
  const isStill = isFirst || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  view.scrollTo({ top, behavior: isStill ? "instant" : "smooth" });
}

function topsOf(view: HTMLElement): Map<string, number> {
  const blocks = [...view.querySelectorAll<HTMLElement>("[data-block]")];
  return new Map(blocks.map((block) => [block.dataset.block ?? "", block.offsetTop]));
}

function blockOf(view: HTMLElement, id: string): HTMLElement | null {
  return view.querySelector<HTMLElement>(`[data-block="${CSS.escape(id)}"]`);
}

/** How far a block that is still shown has moved: the floor's, else the last floor's, else any. */
function shiftOf(tops: ReadonlyMap<string, number>, before: Placed, floorId: string | null) {
  const wanted = [floorId, before.floorId, ...tops.keys()];
  const anchor = wanted.find((id) => id !== null && tops.has(id) && before.tops.has(id));
  if (!anchor) return 0;
  return (tops.get(anchor) ?? 0) - (before.tops.get(anchor) ?? 0);
}

/** The line in which a paragraph's character number `offset` stands. */
function lineAt(view: HTMLElement, floor: HTMLElement, offset: number) {
  const words = floor.querySelector(".reading-words");
  if (!words) return null;
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let left = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof HTMLBRElement) left -= 1;
    if (!(node instanceof Text) || isNoWord(node)) continue;
    if (left <= node.length) return boxOf(view, node, Math.max(0, left));
    left -= node.length;
  }
  return null;
}

function isNoWord(node: Text): boolean {
  return node.parentElement?.closest(".reading-bracket, .reading-call") !== null;
}

function boxOf(view: HTMLElement, node: Text, offset: number) {
  const range = document.createRange();
  range.setStart(node, Math.max(0, offset - 1));
  range.setEnd(node, offset);
  const box = range.getBoundingClientRect();
  const top = box.top - view.getBoundingClientRect().top + view.scrollTop;
  return { top, height: box.height };
}
