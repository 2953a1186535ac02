/** Who is signed in, for every page behind the sign-in. */
import { createContext, useContext } from "react";
import type { Me, Role } from "../api/shapes";

export const Member = createContext<Me | null>(null);

export function useMember(): Me {
  const me = useContext(Member);
  if (!me) throw new Error("This page is shown only to a member who has signed in.");
  return me;
}

/** The roles that the member holds in a working group. */
export function rolesIn(me: Me, workingGroupId: string): readonly Role[] {
  return me.seats.find((seat) => seat.working_group.id === workingGroupId)?.roles ?? [];
}

export function isSecretariat(me: Me, workingGroupId: string): boolean {
  return rolesIn(me, workingGroupId).includes("secretariat");
}
