"""The only doors from an id to a row: what is absent and what is not yours give the same 404."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.access.actor import Actor, Role
from app.access.rights import Right, acting_role, refusal
from app.db.ledger import in_session
from app.db.prepared import Among, Plain, Prepared
from app.db.tables import (
    HallScreen,
    MandateItem,
    Meeting,
    Report,
    Seat,
    SeatRole,
    Section,
    Subgroup,
    SubgroupMember,
    WorkingGroup,
)
from app.errors import Forbidden, NotFound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Access(Generic[T]):
    """A row that the actor may see, the roles they hold there, and the role in which they act."""

    row: T
    roles: frozenset[Role]
    acting_role: Role
    own_subgroups: frozenset[UUID]
    """The subgroups that the actor sits in."""
    led_subgroups: frozenset[UUID]
    """The subgroups that the actor convenes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member is in one working group."""

    roles: frozenset[Role]
    own_subgroups: frozenset[UUID]
    led_subgroups: frozenset[UUID]


NOBODY = Standing(frozenset(), frozenset(), frozenset())


async def standing_of(session: AsyncSession, member_id: UUID, working_group_id: UUID) -> Standing:
    """Return the roles and subgroups of a member in a working group; all empty without a seat."""
    found = await standings_of(session, [member_id], working_group_id)
    return found.get(member_id, NOBODY)


async def standings_of(
    session: AsyncSession, member_ids: Collection[UUID] | None, working_group_id: UUID
) -> dict[UUID, Standing]:
    """Return the standing of each of the members who has a seat in the working group.

    member_ids: None for everybody who has one.
    """
    look = partial(look_up_standings, member_ids=member_ids, working_group_id=working_group_id)
    return await in_session(session, look)


def look_up_standings(
    connection: Plain, member_ids: Collection[UUID] | None, working_group_id: UUID
) -> dict[UUID, Standing]:
    """Return the same, in the midst of a trip."""
    group = {"group": working_group_id}
    roles: dict[UUID, set[Role]] = {}
    for member_id, role in _fetch(_SEATS, connection, member_ids, group):
        roles.setdefault(member_id, set()).add(Role(role))
    if not roles:
        return {}
    own: dict[UUID, set[UUID]] = {member_id: set() for member_id in roles}
    led: dict[UUID, set[UUID]] = {member_id: set() for member_id in roles}
    for member_id, subgroup_id, convenor in _fetch(_PLACES, connection, member_ids, group):
        if member_id in roles:
            own[member_id].add(subgroup_id)
            led[member_id] |= {subgroup_id} if convenor else set()
    for member_id in roles:
        roles[member_id] |= {Role.CONVENOR} if led[member_id] else set()
    return {
        member_id: _shared(
            Standing(frozenset(own_roles), frozenset(own[member_id]), frozenset(led[member_id]))
        )
        for member_id, own_roles in roles.items()
    }


_Reading: TypeAlias = tuple[Prepared[Any], Among]
"""A statement about everybody in a group, and the same about some."""


def _reading(query: Select[*tuple[Any, ...]], of: InstrumentedAttribute[UUID]) -> _Reading:
    return Prepared(query), Among(lambda ids: query.where(of.in_(ids)))


_GROUP = bindparam("group", type_=Uuid())
_SEATS = _reading(
    select(Seat.member_id, SeatRole.role)
    .join(SeatRole, Seat.id == SeatRole.seat_id)
    .where(Seat.working_group_id == _GROUP),
    Seat.member_id,
)
_PLACES = _reading(
    select(SubgroupMember.member_id, SubgroupMember.subgroup_id, SubgroupMember.convenor)
    .join(Subgroup, Subgroup.id == SubgroupMember.subgroup_id)
    .where(Subgroup.working_group_id == _GROUP),
    SubgroupMember.member_id,
)


def _fetch(
    reading: _Reading,
    connection: Plain,
    member_ids: Collection[UUID] | None,
    group: Mapping[str, UUID],
) -> Sequence[tuple[Any, ...]]:
    of_all, of_some = reading
    if member_ids is None:
        return of_all.fetch(connection, group)
    return of_some.fetch(connection, member_ids, group)


@lru_cache(maxsize=4096)
def _shared(standing: Standing) -> Standing:
    """Most members of a group are the same in it: what is remembered of many takes little room."""
    return standing


async def access_working_group(
    session: AsyncSession, actor: Actor, working_group_id: UUID, right: Right = Right.SEE
) -> Access[WorkingGroup]:
    """Return the working group if the actor has a seat in it and the right."""
    row = await session.get(WorkingGroup, working_group_id)
    return await _checked(session, actor, row, working_group_id, right)


async def access_report(
    session: AsyncSession, actor: Actor, report_id: UUID, right: Right = Right.SEE
) -> Access[Report]:
    """Return the report if the actor has a seat in its working group and the right."""
    row = await session.get(Report, report_id)
    return await _checked(session, actor, row, row.working_group_id if row else None, right)


async def access_section(
    session: AsyncSession, actor: Actor, section_id: UUID, right: Right = Right.SEE
) -> Access[Section]:
    """Return the section if the actor has a seat in its report's working group and the right."""
    row = await session.get(Section, section_id)
    group_id = await _group_of_report(session, row.report_id) if row else None
    return await _checked(session, actor, row, group_id, right)


async def access_meeting(
    session: AsyncSession, actor: Actor, meeting_id: UUID, right: Right = Right.SEE
) -> Access[Meeting]:
    """Return the meeting if the actor has a seat in its report's working group and the right."""
    row = await session.get(Meeting, meeting_id)
    group_id = await _group_of_report(session, row.report_id) if row else None
    return await _checked(session, actor, row, group_id, right)


async def access_screen(
    session: AsyncSession, actor: Actor, screen_id: UUID, right: Right = Right.SHOW_SCREEN
) -> Access[HallScreen]:
    """Return the hall screen if the actor has the right in its meeting's working group."""
    row = await session.get(HallScreen, screen_id)
    meeting = await session.get(Meeting, row.meeting_id) if row else None
    group_id = await _group_of_report(session, meeting.report_id) if meeting else None
    return await _checked(session, actor, row, group_id, right)


async def access_mandate_item(
    session: AsyncSession, actor: Actor, mandate_item_id: UUID, right: Right = Right.SEE
) -> Access[MandateItem]:
    """Return the mandate item if the actor has the right in its report's working group."""
    row = await session.get(MandateItem, mandate_item_id)
    group_id = await _group_of_report(session, row.report_id) if row else None
    return await _checked(session, actor, row, group_id, right)


async def access_subgroup(
    session: AsyncSession, actor: Actor, subgroup_id: UUID, right: Right = Right.SEE
) -> Access[Subgroup]:
    """Return the subgroup if the actor has a seat in its working group and the right."""
    row = await session.get(Subgroup, subgroup_id)
    return await _checked(session, actor, row, row.working_group_id if row else None, right)


def role_in(standing: Standing, actor: Actor, right: Right) -> Role:
    """Return the role in which somebody of this standing uses a right.

    Raises: NotFound for nobody's standing; Forbidden without the right.
    """
    if not standing.roles:
        raise NotFound
    role = acting_role(standing.roles, right, actor.acting_role)
    if role is None:
        raise Forbidden(refusal(right))
    return role


async def _group_of_report(session: AsyncSession, report_id: UUID) -> UUID | None:
    return await session.scalar(select(Report.working_group_id).where(Report.id == report_id))


async def _checked(
    session: AsyncSession, actor: Actor, row: T | None, group_id: UUID | None, right: Right
) -> Access[T]:
    if row is None or group_id is None:
        raise NotFound
    standing = await standing_of(session, actor.member_id, group_id)
    role = role_in(standing, actor, right)
    return Access(row, standing.roles, role, standing.own_subgroups, standing.led_subgroups)
