/** Moving sections with the pointer: the handle that is dragged, the rows that take it. */
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeskSection } from "../../api/shapes";
import { Icon } from "../../ui/Icon";
import { drop, type Place, type Side } from "./outline";

/** Browsers hide what is dragged until it is dropped, so the page itself remembers it. */
let dragged: string | null = null;

export function Handle({ section }: { section: DeskSection }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer only; Alt and arrows do the same.
    <span
      className="outline-handle"
      draggable
      title={t("desk.drag", { title: section.title })}
      onDragStart={(event) => {
        dragged = section.id;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", section.title);
        const row = event.currentTarget.closest<HTMLElement>(".outline-row");
        if (row) event.dataTransfer.setDragImage(row, 12, 20);
      }}
      onDragEnd={() => {
        dragged = null;
      }}
    >
      <Icon name="drag" />
    </span>
  );
}

/** Upper part: before; lower part: after; between: inside. */
export function sideAt(share: number): Side {
  if (share < 0.3) return "before";
  return share > 0.7 ? "after" : "inside";
}

export function useDropTarget(
  sections: readonly DeskSection[],
  section: DeskSection,
  onMove: (id: string, place: Place) => void,
) {
  const [side, setSide] = useState<Side | undefined>();
  const placeOf = (event: DragEvent<HTMLElement>): [Side, Place] | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const over = sideAt((event.clientY - box.top) / box.height);
    const place = dragged ? drop(sections, dragged, section.id, over) : null;
    return place ? [over, place] : null;
  };
  return {
    side,
    onDragOver: (event: DragEvent<HTMLElement>): void => {
      const found = placeOf(event);
      if (found) event.preventDefault();
      setSide(found?.[0]);
    },
    onDragLeave: (): void => setSide(undefined),
    onDrop: (event: DragEvent<HTMLElement>): void => {
      const found = placeOf(event);
      setSide(undefined);
      if (!found || !dragged) return;
      event.preventDefault();
      onMove(dragged, found[1]);
    },
  };
}
