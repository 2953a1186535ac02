/** Keys of the outline: arrows walk from section to section, Alt and an arrow moves the section. */
import type { KeyboardEvent } from "react";
import type { DeskSection } from "../../api/shapes";
import { type Direction, type Place, step } from "./outline";

const STEPS: Record<string, Direction> = { ArrowUp: "up", ArrowDown: "down" };

/** The key that points along the line of reading goes inwards. */
function directionOf(key: string, rtl: boolean): Direction | null {
  const inward = rtl ? "ArrowLeft" : "ArrowRight";
  const outward = rtl ? "ArrowRight" : "ArrowLeft";
  if (key === inward) return "in";
  if (key === outward) return "out";
  return STEPS[key] ?? null;
}

export function useOutlineKeys(
  sections: readonly DeskSection[],
  move: (id: string, place: Place) => void,
): (event: KeyboardEvent<HTMLElement>) => void {
  const shift = (id: string, direction: Direction): void => {
    const section = sections.find((node) => node.id === id);
    const place = section?.may.edit_outline ? step(sections, id, direction) : null;
    if (place) move(id, place);
  };
  return (event) => {
    const link = (event.target as HTMLElement).closest<HTMLElement>("[data-section]");
    const direction = directionOf(event.key, document.documentElement.dir === "rtl");
    if (!link?.dataset.section || !direction) return;
    const along = direction === "up" || direction === "down";
    if (!event.altKey && !along) return;
    event.preventDefault();
    if (event.altKey) shift(link.dataset.section, direction);
    else walk(event.currentTarget, link, direction === "down" ? 1 : -1);
  };
}

function walk(outline: HTMLElement, from: HTMLElement, by: number): void {
  const links = [...outline.querySelectorAll<HTMLElement>("[data-section]")];
  links[links.indexOf(from) + by]?.focus();
}
