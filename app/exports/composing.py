"""PURE: lays sections' texts, statuses and people out as the tree that writers read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from app.access.actor import Role, StakeholderGroup
from app.exports.tree import (
    Block,
    BlockKind,
    Break,
    Footnote,
    Inline,
    MemberLine,
    Section,
    Status,
    Text,
    is_heading,
    plain_text,
)
from app.text import model, schema

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_STATUSES = ("agreed", "bracketed", "parked")
_STAKEHOLDERS = {
    StakeholderGroup.GOVERNMENT: "Government",
    StakeholderGroup.PRIVATE_SECTOR: "Private sector",
    StakeholderGroup.CIVIL_SOCIETY: "Civil society",
    StakeholderGroup.ACADEMIC_TECHNICAL: "Academic and technical community",
    StakeholderGroup.INTERNATIONAL_ORGANISATION: "International organisation",
}


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section as it is to be printed. depth: from 1; statuses: of paragraphs, by their id."""

    title: str
    depth: int
    number: str
    document: model.Document
    labels: Sequence[str]
    statuses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat as the member list needs it."""

    name: str
    stakeholder_group: str
    country: str
    personal_capacity: bool
    roles: frozenset[str]
    convenes: tuple[str, ...]


def compose_section(text: SectionText) -> Section:
    """The section with its blocks, labels printed as they stand in front of a paragraph."""
    blocks = tuple(
        _block(block, label, text)
        for block, label in zip(text.document.blocks, text.labels, strict=True)
    )
    return Section(text.title, text.depth, text.number, blocks)


def compose_members(seats: Iterable[SeatFacts]) -> tuple[MemberLine, ...]:
    """The member list: the chair, then the members by name, then the secretariat; no observers."""
    sitting = [seat for seat in seats if seat.roles - {Role.OBSERVER}]
    sitting.sort(key=lambda seat: (_place(seat), seat.name.casefold()))
    return tuple(
        MemberLine(
            name=seat.name,
            stakeholder_group=_STAKEHOLDERS[StakeholderGroup(seat.stakeholder_group)],
            affiliation=seat.country,
            role=_role(seat),
            personal_capacity=seat.personal_capacity,
        )
        for seat in sitting
    )


def date_words(moment: datetime, zone: str) -> str:
    """The day as people of that zone write it: 24 November 2026."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def draft_line(moment: datetime, zone: str, sections: Iterable[Section]) -> str:
    """The status of the text as it stands: a draft, until every paragraph of it is agreed."""
    counts = _counts(sections)
    when = f"{date_words(moment, zone)}, {moment.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"
    if counts.total() and counts.total() == counts["agreed"]:
        return f"All paragraphs agreed. Text of {when}."
    return f"Draft of {when}. Not adopted."


def revision_line(name: str, named_at: datetime, zone: str) -> str:
    """The status of a named revision."""
    return f"Revision “{name}” of {date_words(named_at, zone)}. Not adopted."


def legend(sections: Iterable[Section]) -> tuple[str, ...]:
    """What the readers must know about the state of the paragraphs; nothing before a meeting."""
    counts = _counts(sections)
    if not any(counts[status] for status in _STATUSES):
        return ()
    brackets = ("Paragraphs in square brackets are not agreed.",) if counts["bracketed"] else ()
    total = counts.total()
    return (
        *brackets,
        f"Of {total} paragraphs and sub-paragraphs, {counts['agreed']} agreed, "
        f"{counts['bracketed']} in square brackets, {counts['parked']} parked.",
    )


def _counts(sections: Iterable[Section]) -> Counter[str]:
    return Counter(
        block.status
        for section in sections
        for block in section.blocks
        if not is_heading(block) and plain_text(block.inlines).strip()
    )


def _block(block: model.Block, label: str, text: SectionText) -> Block:
    status = text.statuses.get(block.id or "", "")
    return Block(
        kind=cast(BlockKind, block.kind if block.kind in schema.KINDS else schema.PARA),
        inlines=_inlines(block.inlines, text.document.notes),
        label=f"{label}." if label and block.kind == schema.PARA else label,
        level=block.level,
        dir="rtl" if block.dir == "rtl" else "ltr" if block.dir == "ltr" else "",
        status=cast(Status, status if status in _STATUSES else ""),
    )


def _inlines(inlines: model.Inlines, notes: model.Notes) -> tuple[Inline, ...]:
    shown: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, model.FootnoteRef):
            shown.append(Footnote(_words(notes.get(inline.id, ()))))
        else:
            shown += _words((inline,))
    return tuple(shown)


def _words(inlines: model.Inlines) -> tuple[Text | Break, ...]:
    """Words and line breaks; what this server does not know how to print is left out."""
    shown: list[Text | Break] = []
    for inline in inlines:
        if isinstance(inline, model.LineBreak):
            shown.append(Break())
        elif isinstance(inline, model.Run):
            shown += _lines(inline)
    return tuple(shown)


def _lines(run: model.Run) -> list[Text | Break]:
    marks = dict(run.marks)
    link = marks.get("link")
    look = {"strong": marks.get("strong") is True, "em": marks.get("em") is True}
    address = link if isinstance(link, str) else ""
    pieces: list[Text | Break] = []
    for place, line in enumerate(run.text.split("\n")):
        pieces += [Break()] if place else []
        pieces += [Text(line, link=address, **look)] if line else []
    return pieces


def _place(seat: SeatFacts) -> int:
    if Role.CHAIR in seat.roles:
        return 0
    return 2 if Role.SECRETARIAT in seat.roles else 1


def _role(seat: SeatFacts) -> str:
    parts = ["Chair"] if Role.CHAIR in seat.roles else []
    parts += ["Secretariat"] if Role.SECRETARIAT in seat.roles else []
    parts += [f"Convenor, {subgroup}" for subgroup in seat.convenes]
    return "; ".join(parts) or "Member"
