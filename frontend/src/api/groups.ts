/** Working groups, their members and subgroups. */
import { request } from "./client";
import type { Member, NewMember, Subgroup, WorkingGroup } from "./shapes";

export const listGroups = (): Promise<WorkingGroup[]> => request("GET", "/working-groups");

export interface NewGroup {
  name: string;
  mandate: string;
  secretariat: { name: string; email: string } | null;
}

/** With the one-time link of its first secretariat. */
export const makeGroup = (group: NewGroup): Promise<WorkingGroup & { link: string | null }> =>
  request("POST", "/working-groups", { body: group });

export const getGroup = (id: string): Promise<WorkingGroup> =>
  request("GET", `/working-groups/${id}`);

export const listMembers = (groupId: string): Promise<Member[]> =>
  request("GET", `/working-groups/${groupId}/members`);

export const inviteMember = (
  groupId: string,
  member: NewMember,
): Promise<{ member: Member; link: string | null }> =>
  request("POST", `/working-groups/${groupId}/members`, { body: member });

export const changeMember = (
  groupId: string,
  memberId: string,
  changes: Partial<NewMember>,
): Promise<Member> =>
  request("PATCH", `/working-groups/${groupId}/members/${memberId}`, { body: changes });

export const removeMember = (groupId: string, memberId: string): Promise<void> =>
  request("DELETE", `/working-groups/${groupId}/members/${memberId}`);

export const makeSignInLink = (groupId: string, memberId: string): Promise<{ link: string }> =>
  request("POST", `/working-groups/${groupId}/members/${memberId}/links`);

export const listSubgroups = (groupId: string): Promise<Subgroup[]> =>
  request("GET", `/working-groups/${groupId}/subgroups`);

export const makeSubgroup = (groupId: string, name: string): Promise<Subgroup> =>
  request("POST", `/working-groups/${groupId}/subgroups`, { body: { name } });

export const renameSubgroup = (id: string, name: string): Promise<Subgroup> =>
  request("PATCH", `/subgroups/${id}`, { body: { name } });

export const dropSubgroup = (id: string): Promise<void> => request("DELETE", `/subgroups/${id}`);

export const putInSubgroup = (id: string, memberId: string, convenor: boolean): Promise<unknown> =>
  request("PUT", `/subgroups/${id}/members/${memberId}`, { body: { convenor } });

export const takeFromSubgroup = (id: string, memberId: string): Promise<void> =>
  request("DELETE", `/subgroups/${id}/members/${memberId}`);
