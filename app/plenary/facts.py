"""Gathers what a view is made of: rows, and the texts of the sections at their heads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import ChangeCounter, Decision, Meeting, Member, ParagraphStatus, Report, Section
from app.errors import NotFound
from app.ids import SectionId, Seq, TextHash
from app.plenary.rules import Status
from app.plenary.view import MeetingFacts, Paragraph, ReportFacts, SectionFacts, StatusFacts
from app.reports.order import in_order, numbers_of
from app.rooms.registry import Heads, HeadText
from app.rooms.watching.turns import Turns
from app.text import schema
from app.text.hashing import text_hash
from app.text.model import Block, Document, plain_text
from app.text.numbering import label_blocks
from app.text.words import count_words


async def load_facts(session: AsyncSession, rooms: Heads, report_id: UUID) -> ReportFacts:
    """Return everything that the report's view shows, as of now.

    Raises: NotFound without such a report.
    """
    report = await session.get(Report, report_id)
    if report is None:
        raise NotFound
    counter = await session.get(ChangeCounter, report_id)
    return ReportFacts(
        version=counter.version if counter else 0,
        report_id=report_id,
        title=report.title,
        symbol=report.symbol,
        zone=report.zone,
        sections=await load_sections(session, rooms, report_id),
        statuses=await load_statuses(session, report_id),
        meeting=await load_meeting(session, report_id),
    )


async def load_sections(
    session: AsyncSession, rooms: Heads, report_id: UUID
) -> tuple[SectionFacts, ...]:
    """Return the sections in outline order, numbered, with their blocks labelled in one run."""
    rows = list(await session.scalars(select(Section).where(Section.report_id == report_id)))
    numbers = numbers_of(rows)
    facts: list[SectionFacts] = []
    start = 1
    heads = await rooms.read_heads([SectionId(row.id) for row in rows])
    turns = Turns()
    for row, depth in in_order(rows):
        head = heads[SectionId(row.id)]
        paragraphs, following = label_paragraphs(head, start)
        facts.append(_section(row, depth, numbers[SectionId(row.id)], start, paragraphs, head.seq))
        start = following
        await turns.pause()
    return tuple(facts)


def label_paragraphs(head: HeadText, start: int) -> tuple[tuple[Paragraph, ...], int]:
    """Return the blocks of a text as the view knows them, and the number that follows."""
    return _labelled(_Text(head.content_hash, head.document), start)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is known by its hash."""

    content_hash: TextHash
    document: Document = field(compare=False)


# Hashing and counting words is the dear part of a view, and most sections have not moved.
@lru_cache(maxsize=512)
def _labelled(text: _Text, start: int) -> tuple[tuple[Paragraph, ...], int]:
    labels, following = label_blocks(text.document, start)
    labelled = tuple(
        paragraph if paragraph.label == label else replace(paragraph, label=label)
        for paragraph, label in zip(_paragraphs(text), labels, strict=True)
    )
    return labelled, following


@lru_cache(maxsize=512)
def _paragraphs(text: _Text) -> tuple[Paragraph, ...]:
    return tuple(_paragraph(block, text.document) for block in text.document.blocks)


def _paragraph(block: Block, document: Document) -> Paragraph:
    words = count_words(plain_text(block.inlines))
    return Paragraph(
        id=block.id or "",
        kind=block.kind,
        depth=block.level if block.kind == schema.SUBPARA else 0,
        label="",
        words=words,
        hash=text_hash(block, document.notes),
        counts=words > 0 and block.kind != schema.HEADING,
    )


def _section(  # noqa: PLR0913 - one value per column of the view
    row: Section,
    depth: int,
    number: str,
    start: int,
    paragraphs: tuple[Paragraph, ...],
    head_seq: Seq,
) -> SectionFacts:
    return SectionFacts(
        id=row.id,
        parent_id=row.parent_id,
        depth=depth,
        number=number,
        title=row.title,
        state=row.state,
        subgroup_id=row.subgroup_id,
        start_number=start,
        head_seq=head_seq,
        paragraphs=paragraphs,
    )


async def load_statuses(session: AsyncSession, report_id: UUID) -> Mapping[str, StatusFacts]:
    """Return the status of every paragraph that was ever decided on."""
    found = await session.execute(
        select(ParagraphStatus, Decision)
        .join(Decision, Decision.id == ParagraphStatus.decision_id)
        .where(ParagraphStatus.report_id == report_id)
    )
    return {
        status.paragraph_id: StatusFacts(
            status=Status(status.status),
            at=decision.decided_at,
            section_id=status.section_id,
            hash=status.text_hash,
            label=decision.label,
            acting_role=decision.acting_role,
        )
        for status, decision in found
    }


async def load_meeting(session: AsyncSession, report_id: UUID) -> MeetingFacts | None:
    """Return the report's meeting that is open or suspended; None if there is none."""
    meeting = await session.scalar(
        select(Meeting).where(Meeting.report_id == report_id, Meeting.state != "closed")
    )
    return await meeting_facts(session, meeting) if meeting else None


async def meeting_facts(session: AsyncSession, meeting: Meeting) -> MeetingFacts:
    """Return what the view shows of a meeting."""
    floor = None
    if meeting.floor_section_id and meeting.floor_paragraph_id and meeting.floor_since:
        floor = (meeting.floor_section_id, meeting.floor_paragraph_id, meeting.floor_since)
    return MeetingFacts(
        id=meeting.id,
        title=meeting.title,
        state=meeting.state,
        reading=meeting.reading,
        opened_at=meeting.opened_at,
        planned_minutes=meeting.planned_minutes,
        used_s=used_seconds(meeting),
        chair=(meeting.chair_id, await _name(session, meeting.chair_id)),
        pen=(meeting.pen_id, await _name(session, meeting.pen_id)) if meeting.pen_id else None,
        floor=floor,
    )


def used_seconds(meeting: Meeting) -> int:
    """Return the seconds that the meeting has sat, without its suspensions."""
    running = clock.now() - meeting.running_since if meeting.running_since else None
    return meeting.used_s + (int(running.total_seconds()) if running else 0)


async def _name(session: AsyncSession, member_id: UUID) -> str:
    return await session.scalar(select(Member.name).where(Member.id == member_id)) or ""
