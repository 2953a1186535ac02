"""The desk: the outline with words, who is where, and what waits for the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Role
from app.db.tables import Meeting, Member, ParagraphStatus, Section
from app.ids import SectionId
from app.reports.rules import SectionState, roles_towards
from app.reports.schemas import Desk, DeskSection, LastChange, SectionShown, Waiting
from app.reports.shown import Outline, listed_report, load_outline
from app.reports.states import CONSIDERED, is_to_be_considered
from app.rooms.registry import RoomRegistry
from app.text.words import count_words

_S = SectionState


@dataclass(frozen=True, slots=True)
class Texts:
    """How much text each section has, and how much of it was not considered."""

    words: dict[UUID, int]
    remaining: dict[UUID, int]


async def show_desk(
    session: AsyncSession, rooms: RoomRegistry, actor: Actor, report_id: UUID
) -> Desk:
    """Return the reader's desk. The number of queries does not grow with the report.

    Raises: NotFound.
    """
    outline = await load_outline(session, actor, report_id)
    texts = await _texts(session, rooms, outline)
    names = await _names(session, outline)
    sections = [
        DeskSection(
            **dict(shown),
            words=texts.words[row.id],
            last_change=_last_change(row, names),
        )
        for row, shown in zip(outline.rows, outline.shown, strict=True)
    ]
    ids = [SectionId(row.id) for row in outline.rows]
    return Desk(
        report=await listed_report(session, outline.access.row),
        sections=sections,
        waits_for_me=list(what_waits(outline, texts, actor)),
        present={UUID(str(key)): people for key, people in rooms.present(ids).items()},
    )


def what_waits(outline: Outline, texts: Texts, actor: Actor) -> Iterator[Waiting]:
    """Yield what the reader could do next, in reading order; the meeting's wishes come first."""
    yield from _meeting_waits(outline, actor)
    parents = {row.parent_id for row in outline.rows}
    for row, shown in zip(outline.rows, outline.shown, strict=True):
        leads = row.subgroup_id in outline.access.led_subgroups
        roles = roles_towards(outline.access.roles, leads=leads, chosen=actor.acting_role)
        own = row.subgroup_id in outline.access.own_subgroups
        case = _Case(
            state=SectionState(row.state),
            roles=roles,
            own=own,
            has_words=texts.words[row.id] > 0,
            is_read_through=texts.remaining[row.id] == 0,
            is_unassigned=row.subgroup_id is None and row.id not in parents,
            meeting_is_open=outline.meeting is not None and outline.meeting.state == "open",
        )
        kind = _section_waits(case)
        if kind:
            yield _waiting(kind, shown)


@dataclass(frozen=True, slots=True)
class _Case:
    state: SectionState
    roles: frozenset[Role]
    own: bool
    has_words: bool
    is_read_through: bool
    is_unassigned: bool
    meeting_is_open: bool


def _section_waits(case: _Case) -> str:
    """The first thing that a section waits for from somebody in these roles; "" for nothing."""
    if Role.CHAIR in case.roles and (kind := _of_chair(case)):
        return kind
    if Role.SECRETARIAT in case.roles and (kind := _of_secretariat(case)):
        return kind
    if Role.CONVENOR in case.roles and (kind := _of_convenor(case)):
        return kind
    if Role.MEMBER in case.roles and case.own and case.state is _S.DRAFTING:
        return "draft"
    return ""


def _of_chair(case: _Case) -> str:
    if case.state is _S.CONSOLIDATED and case.meeting_is_open:
        return "begin_reading"
    if case.state is _S.IN_READING and case.is_read_through and case.has_words:
        return "end_reading"
    return ""


def _of_secretariat(case: _Case) -> str:
    if case.state is _S.OUTLINED and case.is_unassigned:
        return "assign"
    return "consolidate" if case.state is _S.SIGNED_OFF else ""


def _of_convenor(case: _Case) -> str:
    if case.state is _S.DRAFTING:
        return "submit" if case.has_words else "draft"
    return {_S.OUTLINED: "start", _S.SUBGROUP_REVIEW: "sign_off"}.get(case.state, "")


def _meeting_waits(outline: Outline, actor: Actor) -> Iterator[Waiting]:
    meeting, chosen = outline.meeting, actor.acting_role
    roles = {role for role in outline.access.roles if chosen in (None, role)}
    consolidated = sum(row.state == _S.CONSOLIDATED for row in outline.rows)
    if Role.CHAIR in roles and meeting is None and consolidated:
        params = {"sections": str(consolidated)}
        yield Waiting(
            kind="open_meeting",
            section_id=None,
            sentence_key="desk.waits.open_meeting",
            params=params,
        )
    if meeting is not None and meeting.pen_id == actor.member_id:
        yield _pen_waits(outline, meeting)


def _pen_waits(outline: Outline, meeting: Meeting) -> Waiting:
    on_floor = [shown for shown in outline.shown if shown.id == meeting.floor_section_id]
    if on_floor:
        return _waiting("hold_pen", on_floor[0])
    return Waiting(kind="hold_pen", section_id=None, sentence_key="desk.waits.hold_pen", params={})


def _waiting(kind: str, section: SectionShown) -> Waiting:
    params = {
        "number": section.number,
        "title": section.title,
        "subgroup": section.subgroup.name if section.subgroup else "",
    }
    return Waiting(
        kind=kind, section_id=section.id, sentence_key=f"desk.waits.{kind}", params=params
    )


async def _texts(session: AsyncSession, rooms: RoomRegistry, outline: Outline) -> Texts:
    found = await session.scalars(
        select(ParagraphStatus.paragraph_id).where(
            ParagraphStatus.report_id == outline.access.row.id,
            ParagraphStatus.status.in_(CONSIDERED),
        )
    )
    considered = set(found)
    texts = Texts({}, {})
    heads = await rooms.read_heads([SectionId(row.id) for row in outline.rows])
    for row in outline.rows:
        document = heads[SectionId(row.id)].document
        texts.words[row.id] = count_words(document)
        texts.remaining[row.id] = sum(
            is_to_be_considered(block) and block.id not in considered for block in document.blocks
        )
    return texts


async def _names(session: AsyncSession, outline: Outline) -> dict[UUID, str]:
    writers = {row.changed_by for row in outline.rows if row.changed_by is not None}
    found = await session.execute(select(Member.id, Member.name).where(Member.id.in_(writers)))
    return {member_id: name for member_id, name in found}


def _last_change(row: Section, names: dict[UUID, str]) -> LastChange | None:
    if row.changed_at is None:
        return None
    return LastChange(
        at=row.changed_at, name=names.get(row.changed_by, "") if row.changed_by else ""
    )
