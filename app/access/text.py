"""Who may write a section's text now, and the sentence that says why not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Role
from app.access.load import Standing, look_up_standings
from app.access.rights import ORDER
from app.db.ledger import in_session
from app.db.prepared import Among, Plain
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
    rights = await in_session(session, partial(look_up_rights, asked={report_id: member_ids}))
    return rights[report_id]


def look_up_rights(
    connection: Plain, asked: Mapping[UUID, Collection[UUID] | None]
) -> dict[UUID, TextRights]:
    """Return the same of several reports, by a few statements for all of them.

    asked: the members of each report; one who is asked for in another report of the same working
    group may be told of as well.
    """
    groups = _groups_of(connection, asked)
    standings = {
        group_id: look_up_standings(connection, _together(asked[one] for one in reports), group_id)
        for group_id, reports in groups.items()
    }
    pens: dict[UUID, UUID | None] = dict(_PENS.fetch(connection, asked, {"state": "open"}))
    locked = _locked_in(connection, asked)
    group_of = {report_id: group_id for group_id, some in groups.items() for report_id in some}
    return {
        report_id: TextRights(
            standings[group_of[report_id]] if report_id in group_of else {},
            pens.get(report_id),
            frozenset(locked.get(report_id, ())),
        )
        for report_id in asked
    }


def _groups_of(connection: Plain, report_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the reports of each working group."""
    found = _GROUPS.fetch(connection, report_ids)
    groups: dict[UUID, list[UUID]] = {}
    for report_id, group_id in found:
        groups.setdefault(group_id, []).append(report_id)
    return groups


def _together(asked: Iterable[Collection[UUID] | None]) -> set[UUID] | None:
    """All who are asked for; None for everybody, as soon as anybody asks for everybody."""
    members: set[UUID] = set()
    for some in asked:
        if some is None:
            return None
        members.update(some)
    return members


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
    locked = await in_session(session, partial(_locked_in, report_ids=[report_id]))
    return frozenset(locked.get(report_id, ()))


def _locked_in(connection: Plain, report_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    found = _LOCKED.fetch(connection, report_ids, {"status": "agreed"})
    locked: dict[UUID, list[str]] = {}
    for report_id, paragraph_id in found:
        locked.setdefault(report_id, []).append(paragraph_id)
    return locked


_GROUPS = Among(lambda ids: select(Report.id, Report.working_group_id).where(Report.id.in_(ids)))
_PENS = Among(
    lambda ids: select(Meeting.report_id, Meeting.pen_id).where(
        Meeting.report_id.in_(ids), Meeting.state == bindparam("state")
    )
)
_LOCKED = Among(
    lambda ids: select(ParagraphStatus.report_id, ParagraphStatus.paragraph_id).where(
        ParagraphStatus.report_id.in_(ids), ParagraphStatus.status == bindparam("status")
    )
)


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
