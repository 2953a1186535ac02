"""Reads what an export is to hold: sections at their heads or at a revision, statuses, people."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import (
    Member,
    ParagraphStatus,
    Report,
    Revision,
    Seat,
    SeatRole,
    Section,
    Subgroup,
    SubgroupMember,
    WorkingGroup,
)
from app.exports import composing, tree
from app.exports.composing import SeatFacts, SectionText
from app.exports.tree import ExportTree, FrontPage
from app.ids import SectionId, Seq
from app.reports.order import in_order, numbers_of
from app.revisions.past import statuses_at
from app.rooms.keeping.loading import load_state
from app.text.from_crdt import read_state
from app.text.model import Document
from app.text.numbering import label_blocks

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many sections have been read, of how many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, for somebody who may.

    section_id: only this section and those below it; revision_id: that section as it was then.
    """

    report_id: UUID
    section_id: UUID | None = None
    revision_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Outline:
    """The sections of a report in reading order, and which of them are to be printed."""

    rows: tuple[tuple[Section, int], ...]
    numbers: Mapping[SectionId, str]
    first: int
    end: int
    revision: Revision | None


async def collect(
    session: AsyncSession, wanted: Wanted, made_at: datetime, progress: Progress
) -> ExportTree:
    """Return the tree of what is wanted, as it stands in this session.

    Raises: DamagedLog if a section's log is damaged; nothing is printed then.
    """
    report = await session.get_one(Report, wanted.report_id)
    group = await session.get_one(WorkingGroup, report.working_group_id)
    outline = await _outline(session, wanted)
    texts = await _texts(session, outline, progress)
    sections = await asyncio.to_thread(lambda: tuple(map(composing.compose_section, texts)))
    front = FrontPage(
        title=report.title,
        symbol=report.symbol,
        working_group=group.name,
        date=composing.date_words(made_at, report.zone),
        status_line=_status_line(outline.revision, sections, made_at, report.zone),
        subtitle=_subtitle(outline) if wanted.section_id else "",
        legend=composing.legend(sections),
    )
    seats = [] if wanted.section_id else await _seats(session, group.id)
    return ExportTree(front, sections, composing.compose_members(seats))


def _status_line(
    revision: Revision | None, sections: Sequence[tree.Section], made_at: datetime, zone: str
) -> str:
    if revision is not None:
        return composing.revision_line(revision.name, revision.created_at, zone)
    return composing.draft_line(made_at, zone, sections)


def _subtitle(outline: _Outline) -> str:
    part, _ = outline.rows[outline.first]
    return f"{outline.numbers[SectionId(part.id)]} {part.title}".strip()


async def _outline(session: AsyncSession, wanted: Wanted) -> _Outline:
    found = await session.scalars(select(Section).where(Section.report_id == wanted.report_id))
    sections = list(found)
    rows = tuple(in_order(sections))
    revision = await session.get(Revision, wanted.revision_id) if wanted.revision_id else None
    first, end = 0, len(rows)
    if wanted.section_id is not None:
        first = next(at for at, (row, _) in enumerate(rows) if row.id == wanted.section_id)
        depth = rows[first][1]
        following = (at for at in range(first + 1, end) if rows[at][1] <= depth)
        end = first + 1 if revision else next(following, end)
    return _Outline(rows, numbers_of(sections), first, end, revision)


async def _texts(session: AsyncSession, outline: _Outline, progress: Progress) -> list[SectionText]:
    """The texts to be printed. Those before them are read too: numbers run through the report."""
    texts: list[SectionText] = []
    start = 1
    statuses = await _statuses(session, outline)
    top = outline.rows[outline.first][1] if outline.rows else 0
    for at, (row, depth) in enumerate(outline.rows[: outline.end]):
        await progress(at, outline.end)
        document = await _document(session, row, outline.revision)
        labels, start = label_blocks(document, start)
        number = outline.numbers[SectionId(row.id)]
        if at >= outline.first:
            text = SectionText(row.title, depth - top + 1, number, document, labels, statuses)
            texts.append(text)
    await progress(outline.end, outline.end)
    return texts


async def _document(session: AsyncSession, row: Section, revision: Revision | None) -> Document:
    # The head that the outline was read with, so that all sections are of one moment.
    seq = row.head_seq
    if revision is not None and revision.section_id == row.id:
        seq = revision.seq
    state, _ = await load_state(session, SectionId(row.id), Seq(seq))
    return await asyncio.to_thread(read_state, state)


async def _statuses(session: AsyncSession, outline: _Outline) -> Mapping[str, str]:
    if outline.revision is not None:
        row, _ = outline.rows[outline.first]
        return await statuses_at(session, row, outline.revision.seq)
    found = await session.execute(
        select(ParagraphStatus.paragraph_id, ParagraphStatus.status).where(
            ParagraphStatus.report_id.in_({row.report_id for row, _ in outline.rows})
        )
    )
    return {paragraph_id: status for paragraph_id, status in found}


async def _seats(session: AsyncSession, working_group_id: UUID) -> list[SeatFacts]:
    """The seats of a working group, in a constant number of queries."""
    found = await session.execute(
        select(Seat, Member.name)
        .join(Member, Member.id == Seat.member_id)
        .where(Seat.working_group_id == working_group_id)
    )
    seats = [(seat, name) for seat, name in found]
    roles: dict[UUID, set[str]] = {seat.id: set() for seat, _ in seats}
    held = await session.execute(
        select(SeatRole.seat_id, SeatRole.role).where(SeatRole.seat_id.in_(roles))
    )
    for seat_id, role in held:
        roles[seat_id].add(role)
    led = await session.execute(
        select(SubgroupMember.member_id, Subgroup.name)
        .join(Subgroup, Subgroup.id == SubgroupMember.subgroup_id)
        .where(Subgroup.working_group_id == working_group_id, SubgroupMember.convenor)
        .order_by(Subgroup.name)
    )
    convened: dict[UUID, list[str]] = {}
    for member_id, name in led:
        convened.setdefault(member_id, []).append(name)
    return [
        SeatFacts(
            name=name,
            stakeholder_group=seat.stakeholder_group,
            country=seat.country,
            personal_capacity=seat.personal_capacity,
            roles=frozenset(roles[seat.id]),
            convenes=tuple(convened.get(seat.member_id, ())),
        )
        for seat, name in seats
    ]
