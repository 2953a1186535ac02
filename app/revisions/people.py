"""Finds the names that a timeline or a comparison shows."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Member, Section, Subgroup, SubgroupMember
from app.revisions.schemas import PersonShown


class People:
    """Names of members, and whether they sit in the section's subgroup."""

    def __init__(self, names: dict[UUID, str], subgroup: str | None, inside: set[UUID]) -> None:
        self._names = names
        self._subgroup = subgroup
        self._inside = inside

    def person(self, member_id: UUID | None) -> PersonShown | None:
        """Return the member by name; None for the server itself."""
        if member_id is None:
            return None
        return PersonShown(id=member_id, name=self._names.get(member_id, ""))

    def subgroup(self, member_id: UUID | None, acting_role: str) -> str | None:
        """Return the subgroup for which the member wrote, if they wrote for one."""
        is_drafter = acting_role in ("member", "convenor") and member_id in self._inside
        return self._subgroup if is_drafter else None


async def people_of(
    session: AsyncSession, section: Section, member_ids: Iterable[UUID | None]
) -> People:
    """Return the names of these members and their places in the section's subgroup."""
    wanted = {member_id for member_id in member_ids if member_id is not None}
    found = await session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted)))
    names = {member_id: name for member_id, name in found}
    if section.subgroup_id is None:
        return People(names, None, set())
    subgroup = await session.scalar(select(Subgroup.name).where(Subgroup.id == section.subgroup_id))
    inside = await session.scalars(
        select(SubgroupMember.member_id).where(SubgroupMember.subgroup_id == section.subgroup_id)
    )
    return People(names, subgroup, set(inside))
