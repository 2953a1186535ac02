"""Working groups and their subgroups."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Role
from app.accounts.members import (
    add_member,
    find_member,
    give_seat,
    lock_group,
    seat_roles,
    touch_group,
)
from app.accounts.schemas import FirstSecretariat, GroupCreated, SeatGiven
from app.db.tables import Member, Section, Subgroup, SubgroupMember, WorkingGroup
from app.db.unit_of_work import Work
from app.errors import Forbidden, NotFound, Refused

_IN_TEXT = {Role.CHAIR, Role.SECRETARIAT, Role.MEMBER}


def check_system_administrator(actor: Actor) -> None:
    """Return if the actor runs this server.

    Raises: Forbidden.
    """
    if not actor.is_system_administrator:
        raise Forbidden("Only the system administrator may create a working group.")


async def create_group(work: Work, asked: GroupCreated) -> tuple[WorkingGroup, Member | None, bool]:
    """Make a working group; whoever asked for it gets no seat in it.

    Returns the group, its first secretariat if one was named, and whether that person is new.
    """
    group = WorkingGroup(name=asked.name, mandate=asked.mandate)
    work.session.add(group)
    await work.session.flush()
    if asked.secretariat is None:
        return group, None, False
    return group, *await _first_secretariat(work, group.id, asked.secretariat)


async def create_subgroup(work: Work, working_group_id: UUID, name: str) -> Subgroup:
    """Make a subgroup.

    Raises: Refused if another one in the group has the name.
    """
    await lock_group(work, working_group_id)
    await _check_name(work.session, working_group_id, name)
    subgroup = Subgroup(working_group_id=working_group_id, name=name)
    work.session.add(subgroup)
    await work.session.flush()
    await touch_group(work, working_group_id)
    return subgroup


async def rename_subgroup(work: Work, subgroup: Subgroup, name: str) -> None:
    """Give the subgroup another name.

    Raises: Refused if another one in the group has it.
    """
    await lock_group(work, subgroup.working_group_id)
    if name.lower() != subgroup.name.lower():
        await _check_name(work.session, subgroup.working_group_id, name)
    subgroup.name = name
    await touch_group(work, subgroup.working_group_id)


async def delete_subgroup(work: Work, subgroup: Subgroup) -> None:
    """Dissolve a subgroup that has no section.

    Raises: Refused, with the titles of its sections.
    """
    await lock_group(work, subgroup.working_group_id)
    found = await work.session.scalars(
        select(Section.title).where(Section.subgroup_id == subgroup.id).order_by(Section.title)
    )
    titles = list(found)
    if titles:
        named = ", ".join(f"“{title}”" for title in titles)
        raise Refused(f"{subgroup.name} still has sections: {named}.", sections=titles)
    await work.session.execute(
        delete(SubgroupMember).where(SubgroupMember.subgroup_id == subgroup.id)
    )
    await work.session.delete(subgroup)
    await work.session.flush()
    await touch_group(work, subgroup.working_group_id)


async def place_in_subgroup(
    work: Work, subgroup: Subgroup, member_id: UUID, *, convenor: bool
) -> None:
    """Give a member of the working group a place in the subgroup, as its convenor or not.

    Raises: NotFound without a seat in the group; Refused for an observer.
    """
    await lock_group(work, subgroup.working_group_id)
    roles = await seat_roles(work.session, subgroup.working_group_id, member_id)
    if not roles & _IN_TEXT:
        raise Refused("An observer cannot sit in a subgroup.")
    place = await work.session.get(SubgroupMember, (subgroup.id, member_id))
    if place is None:
        place = SubgroupMember(subgroup_id=subgroup.id, member_id=member_id)
        work.session.add(place)
    place.convenor = convenor
    await work.session.flush()
    await touch_group(work, subgroup.working_group_id)


async def take_from_subgroup(work: Work, subgroup: Subgroup, member_id: UUID) -> None:
    """End a member's place in the subgroup.

    Raises: NotFound if they have none.
    """
    place = await work.session.get(SubgroupMember, (subgroup.id, member_id))
    if place is None:
        raise NotFound("This subgroup has no such member.")
    await work.session.delete(place)
    await work.session.flush()
    await touch_group(work, subgroup.working_group_id)


async def _first_secretariat(
    work: Work, working_group_id: UUID, asked: FirstSecretariat
) -> tuple[Member, bool]:
    member = await find_member(work.session, asked.email)
    is_new = member is None
    if member is None:
        member = await add_member(work, asked.name, asked.email)
    await give_seat(work, working_group_id, member, SeatGiven(roles=[Role.SECRETARIAT]))
    return member, is_new


async def _check_name(session: AsyncSession, working_group_id: UUID, name: str) -> None:
    taken = await session.scalar(
        select(Subgroup.id).where(
            Subgroup.working_group_id == working_group_id,
            func.lower(Subgroup.name) == name.lower(),
        )
    )
    if taken is not None:
        raise Refused(f"There is a subgroup with the name “{name}” already.")
