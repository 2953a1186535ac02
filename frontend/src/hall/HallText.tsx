/** The text of a hall screen: the paragraph on the floor is always in sight. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ReadingBlock } from "../reading/ReadingBlock";
import type { Change } from "./hallState";
import type { HallBlock } from "./picture";
import { fittingSize, scrollTo } from "./sight";

interface HallTextProps {
  blocks: readonly HallBlock[];
  change: Change | null;
  /** The size wished for; letters are smaller while the paragraph on the floor would not fit. */
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
  /** For what the size was found, and the size: letters do not grow while somebody deletes. */
  fittedFor: string;
  size: number;
}

const NOWHERE: Placed = { floorId: null, tops: new Map(), fittedFor: "", size: 0 };

function useFloorInSight(view: RefObject<HTMLDivElement | null>, shown: HallTextProps): void {
  const { blocks, change, size } = shown;
  const placed = useRef<Placed>(NOWHERE);
  const resized = useResized(view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: resized changes the measures that are read here.
  useLayoutEffect(() => {
    if (!view.current) return;
    const floorId = blocks.find((block) => block.on_floor)?.id ?? null;
    const fitted = fitLetters(view.current, floorId, size, placed.current);
    placed.current = bringIntoSight(view.current, floorId, change, fitted);
  }, [view, blocks, change, size, resized]);
}

/** Counts up whenever the window through which the text is seen has another size. */
function useResized(view: RefObject<HTMLDivElement | null>): number {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (!view.current) return;
    const observer = new ResizeObserver(() => setTimes((before) => before + 1));
    observer.observe(view.current);
    // Typefaces that come late change the height of the text.
    if (view.current.firstElementChild) observer.observe(view.current.firstElementChild);
    return () => observer.disconnect();
  }, [view]);
  return times;
}

/** Letters as large as wished, or as the paragraph on the floor lets them be. */
function fitLetters(
  view: HTMLElement,
  floorId: string | null,
  wished: number,
  before: Placed,
): Placed {
  const floor = floorId ? blockOf(view, floorId) : null;
  const fittedFor = `${floorId} ${wished} ${view.clientWidth} ${view.clientHeight}`;
  const start = fittedFor === before.fittedFor ? before.size : wished;
  const set = (size: number) => view.style.setProperty("--hall-size", String(size));
  const fits = (tried: number): boolean => {
    set(tried);
    return floor === null || floor.offsetHeight <= view.clientHeight * FITTING;
  };
  const size = fittingSize(wished, fits, start);
  set(size);
  return { ...before, fittedFor, size };
}

/** The share of the window that a paragraph may take and still be wholly in sight. */
const FITTING = 0.94;

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
  return { ...before, floorId, tops };
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
