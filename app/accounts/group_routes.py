"""Routes of working groups, their members and subgroups."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.access.load import access_subgroup, access_working_group
from app.access.rights import Right
from app.access.web import ActorDep, ReadDep, WorkDep, settings_of
from app.accounts import groups, members, shown
from app.accounts.keys import link_address, make_link
from app.accounts.schemas import (
    GroupCreated,
    GroupMade,
    GroupShown,
    Invitation,
    LinkMade,
    MemberInvited,
    MemberShown,
    PlaceGiven,
    SeatChanged,
    SubgroupAsked,
    SubgroupShown,
)
from app.db.unit_of_work import Work

router = APIRouter(tags=["working groups"])


@router.get("/working-groups")
async def my_working_groups(actor: ActorDep, session: ReadDep) -> list[GroupShown]:
    """List the working groups in which I have a seat."""
    rows = await shown.list_groups(session, actor.member_id)
    return [GroupShown(id=row.id, name=row.name, mandate=row.mandate) for row in rows]


@router.post("/working-groups", status_code=201)
async def new_working_group(
    asked: GroupCreated, request: Request, actor: ActorDep, work: WorkDep
) -> GroupMade:
    """Make a working group, and invite its first secretariat if one is named."""
    groups.check_system_administrator(actor)
    group, member, is_new = await groups.create_group(work, asked)
    link = await _link(work, request, member.id) if member and is_new else None
    return GroupMade(id=group.id, name=group.name, mandate=group.mandate, link=link)


@router.get("/working-groups/{working_group_id}")
async def one_working_group(
    working_group_id: UUID, actor: ActorDep, session: ReadDep
) -> GroupShown:
    """Show one of my working groups."""
    group = (await access_working_group(session, actor, working_group_id)).row
    return GroupShown(id=group.id, name=group.name, mandate=group.mandate)


@router.get("/working-groups/{working_group_id}/members")
async def working_group_members(
    working_group_id: UUID, actor: ActorDep, session: ReadDep
) -> list[MemberShown]:
    """List who has a seat, by name; with addresses for whoever looks after people."""
    access = await access_working_group(session, actor, working_group_id)
    return await shown.list_members(session, access, actor.member_id)


@router.post("/working-groups/{working_group_id}/members", status_code=201)
async def invite_member(
    working_group_id: UUID,
    asked: MemberInvited,
    request: Request,
    actor: ActorDep,
    work: WorkDep,
) -> Invitation:
    """Give somebody a seat; whoever is new gets a one-time link to pass on."""
    await access_working_group(work.session, actor, working_group_id, Right.MANAGE_PEOPLE)
    member, is_new = await members.invite(work, working_group_id, asked)
    link = await _link(work, request, member.id) if is_new else None
    invited = await shown.show_member(work.session, working_group_id, member.id)
    return Invitation(member=invited, link=link)


@router.patch("/working-groups/{working_group_id}/members/{member_id}")
async def change_member(
    working_group_id: UUID, member_id: UUID, asked: SeatChanged, actor: ActorDep, work: WorkDep
) -> MemberShown:
    """Change a member's seat or roles; what is left out stays."""
    await access_working_group(work.session, actor, working_group_id, Right.MANAGE_PEOPLE)
    await members.change_member(work, working_group_id, member_id, asked)
    return await shown.show_member(work.session, working_group_id, member_id)


@router.delete("/working-groups/{working_group_id}/members/{member_id}", status_code=204)
async def remove_member(
    working_group_id: UUID, member_id: UUID, actor: ActorDep, work: WorkDep
) -> None:
    """Take away a member's seat; acts at once, on open screens too."""
    await access_working_group(work.session, actor, working_group_id, Right.MANAGE_PEOPLE)
    await members.remove_member(work, working_group_id, member_id)


@router.post("/working-groups/{working_group_id}/members/{member_id}/links", status_code=201)
async def new_link(
    working_group_id: UUID, member_id: UUID, request: Request, actor: ActorDep, work: WorkDep
) -> LinkMade:
    """Make a one-time sign-in link for a member who sits in this group only."""
    await access_working_group(work.session, actor, working_group_id, Right.MANAGE_PEOPLE)
    await members.only_ours(work.session, working_group_id, member_id)
    return LinkMade(link=await _link(work, request, member_id))


@router.get("/working-groups/{working_group_id}/subgroups")
async def working_group_subgroups(
    working_group_id: UUID, actor: ActorDep, session: ReadDep
) -> list[SubgroupShown]:
    """List the subgroups with their people."""
    await access_working_group(session, actor, working_group_id)
    return await shown.list_subgroups(session, working_group_id)


@router.post("/working-groups/{working_group_id}/subgroups", status_code=201)
async def new_subgroup(
    working_group_id: UUID, asked: SubgroupAsked, actor: ActorDep, work: WorkDep
) -> SubgroupShown:
    """Make a subgroup."""
    await access_working_group(work.session, actor, working_group_id, Right.MANAGE_PEOPLE)
    subgroup = await groups.create_subgroup(work, working_group_id, asked.name)
    return await shown.show_subgroup(work.session, subgroup.id)


@router.patch("/subgroups/{subgroup_id}")
async def rename_subgroup(
    subgroup_id: UUID, asked: SubgroupAsked, actor: ActorDep, work: WorkDep
) -> SubgroupShown:
    """Give a subgroup another name."""
    access = await access_subgroup(work.session, actor, subgroup_id, Right.MANAGE_PEOPLE)
    await groups.rename_subgroup(work, access.row, asked.name)
    return await shown.show_subgroup(work.session, subgroup_id)


@router.delete("/subgroups/{subgroup_id}", status_code=204)
async def delete_subgroup(subgroup_id: UUID, actor: ActorDep, work: WorkDep) -> None:
    """Dissolve a subgroup that has no section."""
    access = await access_subgroup(work.session, actor, subgroup_id, Right.MANAGE_PEOPLE)
    await groups.delete_subgroup(work, access.row)


@router.put("/subgroups/{subgroup_id}/members/{member_id}")
async def place_in_subgroup(
    subgroup_id: UUID, member_id: UUID, asked: PlaceGiven, actor: ActorDep, work: WorkDep
) -> SubgroupShown:
    """Give a member a place in the subgroup, as its convenor or not."""
    access = await access_subgroup(work.session, actor, subgroup_id, Right.MANAGE_PEOPLE)
    await groups.place_in_subgroup(work, access.row, member_id, convenor=asked.convenor)
    return await shown.show_subgroup(work.session, subgroup_id)


@router.delete("/subgroups/{subgroup_id}/members/{member_id}", status_code=204)
async def take_from_subgroup(
    subgroup_id: UUID, member_id: UUID, actor: ActorDep, work: WorkDep
) -> None:
    """End a member's place in the subgroup."""
    access = await access_subgroup(work.session, actor, subgroup_id, Right.MANAGE_PEOPLE)
    await groups.take_from_subgroup(work, access.row, member_id)


async def _link(work: Work, request: Request, member_id: UUID) -> str:
    settings = settings_of(request)
    return link_address(settings.address, await make_link(work, member_id, settings.link_hours))
