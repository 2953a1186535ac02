/** Working groups, their members and subgroups. */
import { answer, api } from "./client";
import type { components } from "./generated";
import type { Member, NewMember, Subgroup, WorkingGroup } from "./shapes";

type Schemas = components["schemas"];

const GROUP = "/api/v1/working-groups/{working_group_id}";
const MEMBER = `${GROUP}/members/{member_id}` as const;
const PLACE = "/api/v1/subgroups/{subgroup_id}/members/{member_id}";

const ofGroup = (working_group_id: string) => ({ path: { working_group_id } });
const ofMember = (working_group_id: string, member_id: string) => ({
  path: { working_group_id, member_id },
});
const ofSubgroup = (subgroup_id: string) => ({ path: { subgroup_id } });

/** With the one-time link of its first secretariat. */
export const makeGroup = (body: Schemas["GroupCreated"]): Promise<Schemas["GroupMade"]> =>
  answer(api.POST("/api/v1/working-groups", { body }));

export const getGroup = (id: string): Promise<WorkingGroup> =>
  answer(api.GET(GROUP, { params: ofGroup(id) }));

export const listMembers = (groupId: string): Promise<Member[]> =>
  answer(api.GET(`${GROUP}/members`, { params: ofGroup(groupId) }));

/** With a one-time link, unless the person can sign in already. */
export const inviteMember = (groupId: string, body: NewMember): Promise<Schemas["Invitation"]> =>
  answer(api.POST(`${GROUP}/members`, { params: ofGroup(groupId), body }));

export const changeMember = (
  groupId: string,
  memberId: string,
  body: Schemas["SeatChanged"],
): Promise<Member> => answer(api.PATCH(MEMBER, { params: ofMember(groupId, memberId), body }));

export const removeMember = (groupId: string, memberId: string): Promise<unknown> =>
  answer(api.DELETE(MEMBER, { params: ofMember(groupId, memberId) }));

export const makeSignInLink = (groupId: string, memberId: string): Promise<{ link: string }> =>
  answer(api.POST(`${MEMBER}/links`, { params: ofMember(groupId, memberId) }));

export const listSubgroups = (groupId: string): Promise<Subgroup[]> =>
  answer(api.GET(`${GROUP}/subgroups`, { params: ofGroup(groupId) }));

export const makeSubgroup = (groupId: string, name: string): Promise<Subgroup> =>
  answer(api.POST(`${GROUP}/subgroups`, { params: ofGroup(groupId), body: { name } }));

export const renameSubgroup = (id: string, name: string): Promise<Subgroup> =>
  answer(api.PATCH("/api/v1/subgroups/{subgroup_id}", { params: ofSubgroup(id), body: { name } }));

export const dropSubgroup = (id: string): Promise<unknown> =>
  answer(api.DELETE("/api/v1/subgroups/{subgroup_id}", { params: ofSubgroup(id) }));

export const putInSubgroup = (
  subgroup_id: string,
  member_id: string,
  convenor: boolean,
): Promise<Subgroup> =>
  answer(api.PUT(PLACE, { params: { path: { subgroup_id, member_id } }, body: { convenor } }));

export const takeFromSubgroup = (subgroup_id: string, member_id: string): Promise<unknown> =>
  answer(api.DELETE(PLACE, { params: { path: { subgroup_id, member_id } } }));
