/** Pure: what the podium lets each role do. The server has the last word. */
import type { Role } from "../../api/shapes";

export interface PodiumRights {
  /** Be here at all. */
  readonly isAtPodium: boolean;
  readonly meeting: boolean;
  readonly floor: boolean;
  readonly decide: boolean;
  readonly givePen: boolean;
  readonly takePen: boolean;
  readonly screens: boolean;
}

export function rightsOf(roles: readonly Role[]): PodiumRights {
  const chair = roles.includes("chair");
  const podium = chair || roles.includes("secretariat");
  return {
    isAtPodium: podium,
    meeting: chair,
    floor: podium,
    decide: chair,
    givePen: chair,
    takePen: podium,
    screens: podium,
  };
}
