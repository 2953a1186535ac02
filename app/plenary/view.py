"""The pure ReportView: everything that the screens of a report show besides text, whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.ids import Seq
from app.plenary.rules import Status


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What the view needs to know of one block of text."""

    id: str
    kind: str
    depth: int
    """0 for a paragraph, 1 for (a), 2 for (i)."""
    label: str
    words: int
    hash: str
    counts: bool
    """Whether a reading must consider it: it has text, and is no heading."""


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section in outline order, with its blocks."""

    id: UUID
    parent_id: UUID | None
    depth: int
    number: str
    title: str
    state: str
    subgroup_id: UUID | None
    start_number: int
    head_seq: Seq
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """The present status of one paragraph, from its last decision."""

    status: Status
    at: datetime
    section_id: UUID
    hash: str
    label: str
    acting_role: str


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting that is open or suspended."""

    id: UUID
    title: str
    state: str
    reading: int
    opened_at: datetime
    planned_minutes: int
    used_s: int
    chair: tuple[UUID, str]
    pen: tuple[UUID, str] | None
    floor: tuple[UUID, str, datetime] | None
    """Section, paragraph, since when."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All that a view is made of. A view is a function of this and nothing else."""

    version: int
    report_id: UUID
    title: str
    symbol: str
    zone: str
    sections: tuple[SectionFacts, ...]
    statuses: Mapping[str, StatusFacts]
    meeting: MeetingFacts | None


def build_view(facts: ReportFacts) -> dict[str, Any]:
    """Return the whole view as JSON values. Nothing private is in it: it goes to every member."""
    return {
        "version": facts.version,
        "report_id": str(facts.report_id),
        "title": facts.title,
        "symbol": facts.symbol,
        "zone": facts.zone,
        "sections": [_section(section, facts.statuses) for section in facts.sections],
        "statuses": {key: _status(value) for key, value in facts.statuses.items() if is_set(value)},
        "meeting": meeting_json(facts),
    }


def is_set(status: StatusFacts) -> bool:
    """Return whether anything stands decided (a reopened paragraph is tabled again)."""
    return status.status is not Status.TABLED


def meeting_json(facts: ReportFacts) -> dict[str, Any] | None:
    """Return the meeting that is going on, with its counts and gauge; None without one."""
    meeting = facts.meeting
    if meeting is None:
        return None
    return {
        "id": str(meeting.id),
        "title": meeting.title,
        "state": meeting.state,
        "reading": meeting.reading,
        "opened_at": meeting.opened_at.isoformat(),
        "planned_minutes": meeting.planned_minutes,
        "used_s": meeting.used_s,
        "chair": _person(meeting.chair),
        "pen": _person(meeting.pen),
        "floor": floor_json(facts),
        "counts": counts(facts.sections, facts.statuses),
        "gauge": gauge(facts),
    }


def floor_json(facts: ReportFacts) -> dict[str, Any] | None:
    """Return the paragraph on the floor with its present label; None if there is none."""
    if facts.meeting is None or facts.meeting.floor is None:
        return None
    section_id, paragraph_id, since = facts.meeting.floor
    return {
        "section_id": str(section_id),
        "paragraph_id": paragraph_id,
        "label": full_label(facts, section_id, paragraph_id),
        "since": since.isoformat(),
    }


def full_label(facts: ReportFacts, section_id: UUID, paragraph_id: str) -> str:
    """Return a label with those above it, as it is said aloud: `45 (c) (i)`; "" if gone."""
    return full_label_in(facts.sections, section_id, paragraph_id)


def full_label_in(sections: Sequence[SectionFacts], section_id: UUID, paragraph_id: str) -> str:
    """Return the label as it is said aloud, of a paragraph in one of the sections; "" if gone."""
    section = next((one for one in sections if one.id == section_id), None)
    return spoken_label(section.paragraphs, paragraph_id) if section else ""


def spoken_label(paragraphs: Sequence[Paragraph], paragraph_id: str) -> str:
    """Return the label of one paragraph with those it stands under; "" where it has none."""
    trail: list[str] = []
    for paragraph in paragraphs:
        trail = _longer_trail(trail, paragraph)
        if paragraph.id == paragraph_id:
            return " ".join(trail) if paragraph.label else ""
    return ""


def _longer_trail(trail: list[str], paragraph: Paragraph) -> list[str]:
    if not paragraph.label:
        return [] if paragraph.kind == "heading" else trail
    return [*trail[: paragraph.depth], paragraph.label]


def counts(sections: Sequence[SectionFacts], statuses: Mapping[str, StatusFacts]) -> dict[str, int]:
    """Return how many paragraphs there are to consider, and how many stand in each status."""
    tally = dict.fromkeys(Status, 0)
    for section in sections:
        for paragraph in section.paragraphs:
            if paragraph.counts:
                tally[status_of(paragraph.id, statuses)] += 1
    return {
        "paragraphs": sum(tally.values()),
        "agreed": tally[Status.AGREED],
        "bracketed": tally[Status.BRACKETED],
        "parked": tally[Status.PARKED],
        "open": tally[Status.TABLED],
    }


def gauge(facts: ReportFacts) -> dict[str, int]:
    """Return words agreed of all words, beside seconds used of seconds planned."""
    planned = facts.meeting.planned_minutes * 60 if facts.meeting else 0
    return {
        "words": sum(words(section) for section in facts.sections),
        "words_agreed": sum(words_agreed(section, facts.statuses) for section in facts.sections),
        "time_used_s": facts.meeting.used_s if facts.meeting else 0,
        "time_planned_s": planned,
    }


def status_of(paragraph_id: str, statuses: Mapping[str, StatusFacts]) -> Status:
    """Return the paragraph's status; tabled where nothing was decided."""
    found = statuses.get(paragraph_id)
    return found.status if found else Status.TABLED


def words(section: SectionFacts) -> int:
    """Return the words of a section."""
    return sum(paragraph.words for paragraph in section.paragraphs)


def words_agreed(section: SectionFacts, statuses: Mapping[str, StatusFacts]) -> int:
    """Return the words of a section's agreed paragraphs."""
    return sum(
        paragraph.words
        for paragraph in section.paragraphs
        if status_of(paragraph.id, statuses) is Status.AGREED
    )


def _section(section: SectionFacts, statuses: Mapping[str, StatusFacts]) -> dict[str, Any]:
    tally = counts([section], statuses)
    return {
        "id": str(section.id),
        "parent_id": str(section.parent_id) if section.parent_id else None,
        "depth": section.depth,
        "number": section.number,
        "title": section.title,
        "state": section.state,
        "subgroup_id": str(section.subgroup_id) if section.subgroup_id else None,
        "start_number": section.start_number,
        "head_seq": section.head_seq,
        "words": words(section),
        "words_agreed": words_agreed(section, statuses),
        **tally,
    }


def _status(status: StatusFacts) -> dict[str, Any]:
    return {
        "status": status.status.value,
        "at": status.at.isoformat(),
        "section_id": str(status.section_id),
        "hash": status.hash,
        "label": status.label,
        "by": status.acting_role,
    }


def _person(person: tuple[UUID, str] | None) -> dict[str, str] | None:
    return {"member_id": str(person[0]), "name": person[1]} if person else None
