"""Members of a working group: invited, given roles, removed; every change acts at once."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Role
from app.accounts.schemas import MemberInvited, SeatChanged, SeatGiven
from app.db.tables import (
    Meeting,
    Member,
    Report,
    Seat,
    SeatRole,
    Subgroup,
    SubgroupMember,
    WorkingGroup,
)
from app.db.unit_of_work import Work
from app.errors import NotFound, Refused

_LAST = "A working group needs somebody in its secretariat: name another one first."
_ELSEWHERE = (
    "{name} also has a seat in another working group or runs this server, "
    "so the operator has to do this."
)


async def find_member(session: AsyncSession, email: str) -> Member | None:
    """Return the member with this e-mail address (in lower case), if there is one."""
    return await session.scalar(select(Member).where(Member.email == email))


async def add_member(work: Work, name: str, email: str) -> Member:
    """Make a person known who has no seat and cannot sign in yet; email: in lower case.

    Raises: Refused if the address is taken.
    """
    member = Member(name=name, email=email)
    work.session.add(member)
    try:
        await work.session.flush()
    except IntegrityError:
        raise Refused(f"Somebody with the address {email} is known already.") from None
    return member


async def invite(work: Work, working_group_id: UUID, asked: MemberInvited) -> tuple[Member, bool]:
    """Give a person a seat, and return them and whether they are new to this server.

    Raises: Refused if they have a seat there already.
    """
    await lock_group(work, working_group_id)
    member = await find_member(work.session, asked.email)
    is_new = member is None
    if member is None:
        member = await add_member(work, asked.name, asked.email)
    await give_seat(work, working_group_id, member, asked)
    return member, is_new


async def give_seat(work: Work, working_group_id: UUID, member: Member, given: SeatGiven) -> Seat:
    """Give the member a seat with its roles.

    Effects: the group's screens look again.
    Raises: Refused if they have one there already.
    """
    if await _find_seat(work.session, working_group_id, member.id) is not None:
        raise Refused(f"{member.name} has a seat in this working group already.")
    seat = Seat(
        working_group_id=working_group_id,
        member_id=member.id,
        stakeholder_group=given.stakeholder_group.value,
        country=given.country,
        personal_capacity=given.personal_capacity,
    )
    work.session.add(seat)
    await work.session.flush()
    await _set_roles(work, seat, set(given.roles))
    await touch_group(work, working_group_id)
    return seat


async def change_member(
    work: Work, working_group_id: UUID, member_id: UUID, asked: SeatChanged
) -> None:
    """Change a member's name, seat or roles.

    Effects: somebody who is left an observer leaves the subgroups; rights change at once.
    Raises: NotFound without a seat; Refused for the last of the secretariat, and for the name of
    somebody who also sits elsewhere.
    """
    await lock_group(work, working_group_id)
    seat = await _get_seat(work.session, working_group_id, member_id)
    if asked.name is not None:
        member = await only_ours(work.session, working_group_id, member_id)
        member.name = asked.name
    if asked.stakeholder_group is not None:
        seat.stakeholder_group = asked.stakeholder_group.value
    if asked.country is not None:
        seat.country = asked.country
    if asked.personal_capacity is not None:
        seat.personal_capacity = asked.personal_capacity
    if asked.roles is not None:
        await _change_roles(work, seat, set(asked.roles))
    await touch_group(work, working_group_id)


async def remove_member(work: Work, working_group_id: UUID, member_id: UUID) -> None:
    """Take away a member's seat; what they wrote and decided stays theirs.

    Effects: they leave the subgroups and lose the pen; their live connections end.
    Raises: NotFound without a seat; Refused for the last of the secretariat.
    """
    await lock_group(work, working_group_id)
    seat = await _get_seat(work.session, working_group_id, member_id)
    await _keep_a_secretariat(work.session, seat, set())
    await _leave_subgroups(work, seat)
    await _lose_pen(work, seat)
    await work.session.execute(delete(SeatRole).where(SeatRole.seat_id == seat.id))
    await work.session.delete(seat)
    await work.session.flush()
    await touch_group(work, working_group_id)


async def only_ours(session: AsyncSession, working_group_id: UUID, member_id: UUID) -> Member:
    """Return a member who has a seat in this group and nowhere else, nor runs the server.

    A secretariat speaks for its own group: it cannot open the door to another one's.
    Raises: NotFound without a seat; Refused if they sit elsewhere too.
    """
    await _get_seat(session, working_group_id, member_id)
    member = await session.get_one(Member, member_id)
    elsewhere = await session.scalar(
        select(Seat.id)
        .where(Seat.member_id == member_id, Seat.working_group_id != working_group_id)
        .limit(1)
    )
    if elsewhere is not None or member.is_system_administrator:
        raise Refused(_ELSEWHERE.format(name=member.name))
    return member


async def touch_group(work: Work, working_group_id: UUID) -> None:
    """Make everything that shows the group's reports look again, rights included."""
    reports = await work.session.scalars(
        select(Report.id).where(Report.working_group_id == working_group_id).order_by(Report.id)
    )
    for report_id in reports.all():
        await work.touch_report(report_id)


async def touch_reports_of(work: Work, member_id: UUID) -> None:
    """Make everything that shows a report of the member's groups look again, their keys included.

    To be called when a key of theirs has ended: what was opened with it closes.
    """
    reports = await work.session.scalars(
        select(Report.id)
        .join(Seat, Seat.working_group_id == Report.working_group_id)
        .where(Seat.member_id == member_id)
        .order_by(Report.id)
    )
    for report_id in reports.all():
        await work.touch_report(report_id)


async def lock_group(work: Work, working_group_id: UUID) -> None:
    """Let nobody else change the group's people until this unit of work ends."""
    await work.session.execute(
        select(WorkingGroup.id)
        .where(WorkingGroup.id == working_group_id)
        .with_for_update(key_share=True)
    )


async def seat_roles(session: AsyncSession, working_group_id: UUID, member_id: UUID) -> set[Role]:
    """Return the roles of a member's seat.

    Raises: NotFound without a seat.
    """
    seat = await _get_seat(session, working_group_id, member_id)
    return await _roles_of(session, seat)


async def _change_roles(work: Work, seat: Seat, roles: set[Role]) -> None:
    await _keep_a_secretariat(work.session, seat, roles)
    await work.session.execute(delete(SeatRole).where(SeatRole.seat_id == seat.id))
    await _set_roles(work, seat, roles)
    if roles == {Role.OBSERVER}:
        await _leave_subgroups(work, seat)
        await _lose_pen(work, seat)


async def _set_roles(work: Work, seat: Seat, roles: Collection[Role]) -> None:
    work.session.add_all(SeatRole(seat_id=seat.id, role=role.value) for role in sorted(roles))
    await work.session.flush()


async def _keep_a_secretariat(session: AsyncSession, seat: Seat, roles: set[Role]) -> None:
    if Role.SECRETARIAT in roles or Role.SECRETARIAT not in await _roles_of(session, seat):
        return
    other = await session.scalar(
        select(Seat.id)
        .join(SeatRole, SeatRole.seat_id == Seat.id)
        .where(
            Seat.working_group_id == seat.working_group_id,
            Seat.id != seat.id,
            SeatRole.role == Role.SECRETARIAT.value,
        )
        .limit(1)
    )
    if other is None:
        raise Refused(_LAST)


async def _leave_subgroups(work: Work, seat: Seat) -> None:
    of_group = select(Subgroup.id).where(Subgroup.working_group_id == seat.working_group_id)
    await work.session.execute(
        delete(SubgroupMember).where(
            SubgroupMember.member_id == seat.member_id, SubgroupMember.subgroup_id.in_(of_group)
        )
    )


async def _lose_pen(work: Work, seat: Seat) -> None:
    of_group = select(Report.id).where(Report.working_group_id == seat.working_group_id)
    await work.session.execute(
        update(Meeting)
        .where(Meeting.pen_id == seat.member_id, Meeting.report_id.in_(of_group))
        .values(pen_id=None)
    )


async def _roles_of(session: AsyncSession, seat: Seat) -> set[Role]:
    found = await session.scalars(select(SeatRole.role).where(SeatRole.seat_id == seat.id))
    return {Role(role) for role in found}


async def _find_seat(session: AsyncSession, working_group_id: UUID, member_id: UUID) -> Seat | None:
    return await session.scalar(
        select(Seat).where(Seat.working_group_id == working_group_id, Seat.member_id == member_id)
    )


async def _get_seat(session: AsyncSession, working_group_id: UUID, member_id: UUID) -> Seat:
    seat = await _find_seat(session, working_group_id, member_id)
    if seat is None:
        raise NotFound("This working group has no such member.")
    return seat
