/** Pure: whether this device follows the room, or its member reads elsewhere. */
import type { ReportView } from "../../live/reportView";

export type Follow =
  | { readonly mode: "room" }
  | { readonly mode: "roam"; readonly sectionId: string };

export const IN_THE_ROOM: Follow = { mode: "room" };

export type FollowEvent =
  /** The member picked a section. */
  | { readonly type: "chose"; readonly sectionId: string }
  /** The member scrolled away from the paragraph on the floor. */
  | { readonly type: "wandered"; readonly sectionId: string }
  | { readonly type: "back" };

export function reduceFollow(follow: Follow, event: FollowEvent): Follow {
  if (event.type === "back") return IN_THE_ROOM;
  if (event.type === "wandered" && follow.mode === "roam") return follow;
  return { mode: "roam", sectionId: event.sectionId };
}

/** The section to show: the chosen one while it exists, else the room's. */
export function sectionShown(view: ReportView, follow: Follow): string | null {
  const isThere = (id: string) => view.sections.some((section) => section.id === id);
  if (follow.mode === "roam" && isThere(follow.sectionId)) return follow.sectionId;
  const floor = view.meeting?.floor?.section_id;
  if (floor && isThere(floor)) return floor;
  const reading = view.sections.find(({ state }) => state === "in_reading");
  return (reading ?? view.sections[0])?.id ?? null;
}
