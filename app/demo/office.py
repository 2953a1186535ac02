"""Bring the demonstration's people into the database: members, seats, subgroups, sign-in links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from sqlalchemy import delete, select

from app.access.actor import Actor, Role
from app.accounts.groups import create_group, create_subgroup, place_in_subgroup
from app.accounts.keys import link_address, make_link
from app.accounts.members import add_member, give_seat
from app.accounts.schemas import GroupCreated, SeatGiven, SeatRoleName
from app.db.tables import Member, OneTimeLink
from app.db.unit_of_work import Work
from app.demo.content import Demonstration
from app.demo.script import Outline, People, Person, SubgroupPlan
from app.ids import MemberId
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """Who is who: the rows of the demonstration's people, by key."""

    working_group_id: UUID
    members: Mapping[str, UUID]
    subgroups: Mapping[str, UUID]
    people: People

    def actor(self, key: str) -> Actor:
        """Return a person as somebody who acts, in whichever of their roles has the right."""
        person = next(person for person in self.people.people if person.key == key)
        return Actor(MemberId(self.members[key]), person.name)

    def first(self, role: Role) -> Actor:
        """Return the first person whose seat carries the role."""
        return self.actor(next(one.key for one in self.people.people if role in one.roles))


async def set_up_office(work: Work, demo: Demonstration) -> Office:
    """Make the working group with everybody in it, as the secretariat would."""
    group_id = await _set_up_group(work, demo.outline)
    members = {person.key: await _seat(work, group_id, person) for person in demo.people.people}
    subgroups = {
        subgroup.key: await _gather(work, group_id, subgroup, members)
        for subgroup in demo.people.subgroups
    }
    return Office(group_id, members, subgroups, demo.people)


async def is_set_up(work: Work, demo: Demonstration) -> bool:
    """Return whether the demonstration's people, or some that have been left, are here already."""
    emails = [person.email for person in demo.people.people]
    found = await work.session.scalars(select(Member.id).where(Member.email.in_(emails)).limit(1))
    return found.first() is not None


async def make_links(work: Work, demo: Demonstration, settings: Settings) -> list[tuple[str, str]]:
    """Return a fresh one-time sign-in link for each of the demonstration's people, by name.

    Effects: their earlier links that nobody has used are void. Somebody who has meanwhile been
    removed or has taken another address gets none.
    """
    links: list[tuple[str, str]] = []
    for person in demo.people.people:
        member = await work.session.scalar(select(Member).where(Member.email == person.email))
        if member is None:
            continue
        await work.session.execute(
            delete(OneTimeLink).where(
                OneTimeLink.member_id == member.id, OneTimeLink.used_at.is_(None)
            )
        )
        token = await make_link(work, member.id, settings.link_hours)
        links.append((person.name, link_address(settings.address, token)))
    return links


async def _set_up_group(work: Work, outline: Outline) -> UUID:
    plan = outline.working_group
    asked = GroupCreated(name=plan.name, mandate=plan.mandate)
    group, _, _ = await create_group(work, asked)
    return group.id


async def _seat(work: Work, group_id: UUID, person: Person) -> UUID:
    member = await add_member(work, person.name, person.email)
    member.is_system_administrator = person.system_administrator
    if person.stakeholder_group is not None:
        given = SeatGiven(
            stakeholder_group=person.stakeholder_group,
            country=person.region,
            personal_capacity=person.personal_capacity,
            roles=[role for role in get_args(SeatRoleName) if role in person.roles],
        )
        await give_seat(work, group_id, member, given)
    return member.id


async def _gather(
    work: Work, group_id: UUID, plan: SubgroupPlan, members: Mapping[str, UUID]
) -> UUID:
    subgroup = await create_subgroup(work, group_id, plan.name)
    for key in (plan.convenor, *plan.members):
        await place_in_subgroup(work, subgroup, members[key], convenor=key == plan.convenor)
    return subgroup.id
