"""Reads people for people: who I am, who sits in a group, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Role, StakeholderGroup
from app.access.load import Access
from app.access.rights import ORDER, Right, acting_role
from app.accounts.schemas import (
    GroupName,
    Me,
    MemberShown,
    SeatShown,
    SubgroupMemberShown,
    SubgroupPlace,
    SubgroupShown,
)
from app.db.tables import Member, Seat, SeatRole, Subgroup, SubgroupMember, WorkingGroup
from app.errors import NotFound

_Place = tuple[UUID, UUID]
"""A working group and a member."""


async def show_me(session: AsyncSession, member_id: UUID) -> Me:
    """Return the member with every seat, its roles and its subgroups."""
    member = await session.get_one(Member, member_id)
    found = await session.execute(
        select(Seat, WorkingGroup)
        .join(WorkingGroup, WorkingGroup.id == Seat.working_group_id)
        .where(Seat.member_id == member_id)
        .order_by(WorkingGroup.name, WorkingGroup.id)
    )
    roles = await _roles(session, Seat.member_id == member_id)
    places = await _places(session, SubgroupMember.member_id == member_id)
    seats = [
        SeatShown(
            working_group=GroupName(id=group.id, name=group.name),
            stakeholder_group=StakeholderGroup(seat.stakeholder_group),
            country=seat.country,
            personal_capacity=seat.personal_capacity,
            roles=all_roles(roles[group.id, member_id], places[group.id, member_id]),
            subgroups=places[group.id, member_id],
        )
        for seat, group in found
    ]
    return Me(
        id=member.id,
        name=member.name,
        email=member.email,
        is_system_administrator=member.is_system_administrator,
        has_password=member.password_hash is not None,
        seats=seats,
    )


async def list_members(
    session: AsyncSession, access: Access[WorkingGroup], reader_id: UUID
) -> list[MemberShown]:
    """Return everybody who has a seat in the working group, by name, as the reader may see them.

    Addresses are for whoever looks after people; the reader's own is there for everybody.
    """
    members = await _members(session, Seat.working_group_id == access.row.id)
    if acting_role(access.roles, Right.MANAGE_PEOPLE, None) is not None:
        return members
    return [
        one if one.id == reader_id else one.model_copy(update={"email": None}) for one in members
    ]


async def show_member(
    session: AsyncSession, working_group_id: UUID, member_id: UUID
) -> MemberShown:
    """Return one member of the working group.

    Raises: NotFound without a seat there.
    """
    seat = (Seat.working_group_id == working_group_id) & (Seat.member_id == member_id)
    for member in await _members(session, seat):
        return member
    raise NotFound


async def list_subgroups(session: AsyncSession, working_group_id: UUID) -> list[SubgroupShown]:
    """Return the working group's subgroups by name, each with its people, convenors first."""
    return await _subgroups(session, Subgroup.working_group_id == working_group_id)


async def show_subgroup(session: AsyncSession, subgroup_id: UUID) -> SubgroupShown:
    """Return one subgroup with its people."""
    (shown,) = await _subgroups(session, Subgroup.id == subgroup_id)
    return shown


async def list_groups(session: AsyncSession, member_id: UUID) -> list[WorkingGroup]:
    """Return the working groups in which the member has a seat, by name."""
    found = await session.scalars(
        select(WorkingGroup)
        .join(Seat, Seat.working_group_id == WorkingGroup.id)
        .where(Seat.member_id == member_id)
        .order_by(WorkingGroup.name, WorkingGroup.id)
    )
    return list(found)


def all_roles(of_seat: Collection[Role], places: Collection[SubgroupPlace]) -> list[Role]:
    """Return the roles of a seat, and convenor for whoever leads a subgroup, highest first."""
    leads = {Role.CONVENOR} if any(place.convenor for place in places) else set()
    return [role for role in ORDER if role in {*of_seat, *leads}]


async def _members(session: AsyncSession, which: ColumnElement[bool]) -> list[MemberShown]:
    found = await session.execute(
        select(Seat, Member)
        .join(Member, Member.id == Seat.member_id)
        .where(which)
        .order_by(Member.name, Member.id)
    )
    rows = found.all()
    roles = await _roles(session, which)
    of_these = SubgroupMember.member_id.in_(select(Seat.member_id).where(which))
    places = await _places(session, of_these)
    return [
        MemberShown(
            id=member.id,
            name=member.name,
            email=member.email,
            stakeholder_group=StakeholderGroup(seat.stakeholder_group),
            country=seat.country,
            personal_capacity=seat.personal_capacity,
            roles=all_roles(
                roles[seat.working_group_id, member.id], places[seat.working_group_id, member.id]
            ),
            subgroups=places[seat.working_group_id, member.id],
        )
        for seat, member in rows
    ]


async def _subgroups(session: AsyncSession, which: ColumnElement[bool]) -> list[SubgroupShown]:
    subgroups = list(
        await session.scalars(select(Subgroup).where(which).order_by(Subgroup.name, Subgroup.id))
    )
    found = await session.execute(
        select(SubgroupMember, Member)
        .join(Member, Member.id == SubgroupMember.member_id)
        .join(Subgroup, Subgroup.id == SubgroupMember.subgroup_id)
        .where(which)
        .order_by(SubgroupMember.convenor.desc(), Member.name, Member.id)
    )
    people: dict[UUID, list[SubgroupMemberShown]] = defaultdict(list)
    for place, member in found:
        people[place.subgroup_id].append(
            SubgroupMemberShown(id=member.id, name=member.name, convenor=place.convenor)
        )
    return [SubgroupShown(id=row.id, name=row.name, members=people[row.id]) for row in subgroups]


async def _roles(
    session: AsyncSession, which: ColumnElement[bool]
) -> defaultdict[_Place, list[Role]]:
    found = await session.execute(
        select(Seat.working_group_id, Seat.member_id, SeatRole.role)
        .join(SeatRole, SeatRole.seat_id == Seat.id)
        .where(which)
    )
    roles: defaultdict[_Place, list[Role]] = defaultdict(list)
    for group_id, member_id, role in found:
        roles[group_id, member_id].append(Role(role))
    return roles


async def _places(
    session: AsyncSession, which: ColumnElement[bool]
) -> defaultdict[_Place, list[SubgroupPlace]]:
    found = await session.execute(
        select(Subgroup, SubgroupMember)
        .join(SubgroupMember, SubgroupMember.subgroup_id == Subgroup.id)
        .where(which)
        .order_by(Subgroup.name, Subgroup.id)
    )
    places: defaultdict[_Place, list[SubgroupPlace]] = defaultdict(list)
    for subgroup, place in found:
        places[subgroup.working_group_id, place.member_id].append(
            SubgroupPlace(id=subgroup.id, name=subgroup.name, convenor=place.convenor)
        )
    return places
