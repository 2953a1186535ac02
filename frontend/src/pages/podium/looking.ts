/** Where somebody at the podium looks; it does not move the room. */
import type { ReportView } from "../../live/reportView";
import { sectionsBeforePlenary } from "./list/paragraphs";

export interface Looking {
  readonly sectionId: string;
  readonly paragraphId: string | null;
}

/** What was chosen, else the floor, else the beginning of what is before the plenary. */
export function placeOf(view: ReportView, chosen: Looking | null): Looking | null {
  const floor = view.meeting?.floor;
  if (chosen) return chosen;
  if (floor) return { sectionId: floor.section_id, paragraphId: floor.paragraph_id };
  const ready = sectionsBeforePlenary(view);
  const first = ready.find(({ state }) => state !== "read") ?? ready[0];
  return first ? { sectionId: first.id, paragraphId: null } : null;
}
