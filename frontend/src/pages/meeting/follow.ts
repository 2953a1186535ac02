/** Pure: which section and which paragraph a delegate's device shows. */
import type { ReportView } from "../../live/reportView";

export interface Place {
  sectionId: string;
  /** The paragraph on the floor, if it is in this section. */
  paragraphId: string | null;
}

/**
 * Where the device is: in the section that its member chose, else where the floor is, else in the
 * first section that is being read, else in the first of all; null in a report without sections.
 */
export function placeOf(view: ReportView, chosen: string | null): Place | null {
  const floor = view.meeting?.floor ?? null;
  const own = view.sections.find(({ id }) => id === chosen);
  const reading = view.sections.find(({ state }) => state === "in_reading");
  const sectionId = own?.id ?? floor?.section_id ?? reading?.id ?? view.sections[0]?.id;
  if (sectionId === undefined) return null;
  const paragraphId = floor?.section_id === sectionId ? floor.paragraph_id : null;
  return { sectionId, paragraphId };
}
