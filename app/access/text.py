"""Who may write a section's text now, and the sentence that says why not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Role
from app.access.load import Standing, standings_of
from app.access.rights import ORDER
from app.db.tables import Meeting, ParagraphStatus, Report, Section


class TextPlace(Protocol):
    """What of a section decides who may write its text: a Section, or as much of its row."""

    @property
    def subgroup_id(self) -> UUID | None:
        """The subgroup that drafts it."""

    @property
    def state(self) -> str:
        """Where it stands."""


@dataclass(frozen=True, slots=True)
class TextRight:
    """Whether a member may write a section's text, in which role, or why not."""

    may_write: bool
    acting_role: Role
    reason: str = ""
    may_see: bool = True


_NOT_YET = {
    "outlined": "Drafting has not begun: the convenor or the secretariat starts it.",
    "drafting": "Only the subgroup that drafts this section may write in it.",
    "subgroup_review": "The subgroup is reviewing this section: only its convenor may write.",
    "signed_off": "The subgroup has signed this section off: "
    "nobody may write until it is consolidated or returned.",
    "consolidated": "This section has been handed to the plenary: only the secretariat may write.",
    "in_reading": "The plenary is reading this section: only the holder of the pen may write.",
    "read": "The plenary has read this section: nobody may write until it is reopened.",
}


_NOWHERE = TextRight(False, Role.OBSERVER, "There is nothing here that you can see.", may_see=False)


@dataclass(frozen=True, slots=True)
class TextRights:
    """All that decides who may write the sections of a report, read at one moment."""

    standings: Mapping[UUID, Standing]
    pen_id: UUID | None
    locked_ids: frozenset[str]
    """Agreed paragraphs: their text cannot change."""

    def of(self, section: TextPlace, member_id: UUID, chosen: Role | None = None) -> TextRight:
        """Return who a member, if asked for when this was read, is towards a section's text."""
        standing = self.standings.get(member_id)
        if standing is None:
            return _NOWHERE
        return decide_text_right(section, standing, self.pen_id == member_id, chosen)


async def load_text_rights(
    session: AsyncSession, report_id: UUID, member_ids: Collection[UUID] | None = None
) -> TextRights:
    """Return what decides who of the members may write the report's sections at this moment.

    member_ids: None for everybody in the report's working group.
    """
    group_id = await session.scalar(select(Report.working_group_id).where(Report.id == report_id))
    standings = await standings_of(session, member_ids, group_id) if group_id else {}
    pen_id = await session.scalar(
        select(Meeting.pen_id).where(Meeting.report_id == report_id, Meeting.state == "open")
    )
    return TextRights(standings, pen_id, await locked_paragraphs(session, report_id))


async def load_rights_of_all(
    session: AsyncSession, asked: Mapping[UUID, Collection[UUID]]
) -> dict[UUID, TextRights]:
    """Return the same of several reports, by a few statements for all of them.

    asked: the members of each report; one who is asked for in another report of the same working
    group may be told of as well.
    """
    found = await session.execute(
        select(Report.id, Report.working_group_id).where(Report.id.in_(asked))
    )
    groups: dict[UUID, UUID] = {report_id: group_id for report_id, group_id in found}
    members: dict[UUID, set[UUID]] = {}
    for report_id, group_id in groups.items():
        members.setdefault(group_id, set()).update(asked[report_id])
    standings = {
        group_id: await standings_of(session, some, group_id) for group_id, some in members.items()
    }
    meetings = await session.execute(
        select(Meeting.report_id, Meeting.pen_id).where(
            Meeting.report_id.in_(asked), Meeting.state == "open"
        )
    )
    pens: dict[UUID, UUID | None] = {report_id: pen_id for report_id, pen_id in meetings}
    locked: dict[UUID, set[str]] = {report_id: set() for report_id in asked}
    agreed = await session.execute(
        select(ParagraphStatus.report_id, ParagraphStatus.paragraph_id).where(
            ParagraphStatus.report_id.in_(asked), ParagraphStatus.status == "agreed"
        )
    )
    for report_id, paragraph_id in agreed:
        locked[report_id].add(paragraph_id)
    return {
        report_id: TextRights(
            standings[groups[report_id]] if report_id in groups else {},
            pens.get(report_id),
            frozenset(locked[report_id]),
        )
        for report_id in asked
    }


async def text_right(
    session: AsyncSession, member_id: UUID, section: Section, chosen: Role | None = None
) -> TextRight:
    """Return who the member is towards this section's text at this moment, read afresh.

    chosen: the acting role of the connection, or None for any role the member holds.
    """
    rights = await load_text_rights(session, section.report_id, [member_id])
    return rights.of(section, member_id, chosen)


def decide_text_right(
    section: TextPlace, standing: Standing, has_pen: bool, chosen: Role | None
) -> TextRight:
    """Say whether somebody of this standing may write the section's text in its present state."""
    own = section.subgroup_id in standing.own_subgroups
    leads = section.subgroup_id in standing.led_subgroups
    allowed = _writers(section.state, own, leads, has_pen)
    return _decide(section.state, allowed, standing.roles, chosen)


@lru_cache(maxsize=1024)
def _decide(
    state: str, allowed: frozenset[Role], roles: frozenset[Role], chosen: Role | None
) -> TextRight:
    held = [role for role in ORDER if role in roles and chosen in (None, role)]
    for role in held:
        if role in allowed:
            return TextRight(True, role)
    return TextRight(False, held[0] if held else Role.OBSERVER, _NOT_YET[state])


async def locked_paragraphs(session: AsyncSession, report_id: UUID) -> frozenset[str]:
    """Return the ids of the report's agreed paragraphs: their text cannot change."""
    found = await session.scalars(
        select(ParagraphStatus.paragraph_id).where(
            ParagraphStatus.report_id == report_id, ParagraphStatus.status == "agreed"
        )
    )
    return frozenset(found)


@lru_cache(maxsize=64)
def _writers(state: str, own: bool, leads: bool, has_pen: bool) -> frozenset[Role]:
    if state == "drafting":
        drafting = {Role.SECRETARIAT}
        drafting |= {Role.MEMBER} if own else set()
        drafting |= {Role.CONVENOR} if leads else set()
        return frozenset(drafting)
    if state == "subgroup_review":
        return frozenset({Role.CONVENOR}) if leads else frozenset()
    if state == "consolidated":
        return frozenset({Role.SECRETARIAT})
    if state == "in_reading" and has_pen:
        return frozenset({Role.CHAIR, Role.SECRETARIAT, Role.CONVENOR, Role.MEMBER})
    return frozenset()
