"""The pure content of a hall screen: blocks around the floor and the view's public part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.plenary.view import (
    ReportFacts,
    SectionFacts,
    StatusFacts,
    counts,
    floor_json,
    gauge,
    status_of,
)

BEFORE = 3
"""Blocks shown above the paragraph on the floor."""
AFTER = 8
"""Blocks shown below it."""


@dataclass(frozen=True, slots=True)
class ScreenText:
    """The section on the screen, and its blocks in wire form (text.jsonable)."""

    section: SectionFacts
    blocks: Sequence[Mapping[str, Any]]
    is_damaged: bool = False
    """What is stored is not all that was written."""


def section_on_screen(facts: ReportFacts) -> SectionFacts | None:
    """Return the section whose text a hall screen shows: the floor's, else the one in reading.

    Nothing that a subgroup still drafts can be returned: only sections before the plenary.
    """
    if facts.meeting is None:
        return None
    public = [s for s in facts.sections if s.state in ("consolidated", "in_reading", "read")]
    if facts.meeting.floor is not None:
        return next((s for s in public if s.id == facts.meeting.floor[0]), None)
    return next((s for s in public if s.state == "in_reading"), None)


def build_screen(facts: ReportFacts, text: ScreenText | None, at: datetime) -> dict[str, Any]:
    """Return everything that a hall screen shows, whole. It takes nothing else from anywhere."""
    meeting = facts.meeting
    if meeting is None:
        return {"type": "closed", "reason": "The meeting is closed."}
    floor = floor_json(facts)
    return {
        "type": "screen",
        "version": facts.version,
        "at": at.isoformat(),
        "report": {"title": facts.title, "symbol": facts.symbol},
        "meeting": {
            "title": meeting.title,
            "state": meeting.state,
            "reading": meeting.reading,
            "used_s": meeting.used_s,
            "planned_minutes": meeting.planned_minutes,
            "opened_at": meeting.opened_at.isoformat(),
            "zone": facts.zone,
        },
        "section": _section(text),
        "floor": _floor(floor, facts.statuses),
        "blocks": _blocks(facts, text),
        "counts": counts(facts.sections, facts.statuses),
        "gauge": gauge(facts),
    }


def _section(text: ScreenText | None) -> dict[str, Any] | None:
    if text is None:
        return None
    number, title = text.section.number, text.section.title
    return {"number": number, "title": title, "is_damaged": text.is_damaged}


def _floor(
    floor: dict[str, Any] | None, statuses: Mapping[str, StatusFacts]
) -> dict[str, str] | None:
    if floor is None:
        return None
    return {
        "paragraph_id": floor["paragraph_id"],
        "label": floor["label"],
        "status": status_of(floor["paragraph_id"], statuses).value,
    }


def _blocks(facts: ReportFacts, text: ScreenText | None) -> list[dict[str, Any]]:
    if text is None:
        return []
    on_floor = floor_paragraph(facts)
    ids = [block["id"] for block in text.blocks]
    middle = ids.index(on_floor) if on_floor in ids else BEFORE
    window = text.blocks[max(0, middle - BEFORE) : middle + AFTER + 1]
    return [
        {
            **block,
            "status": status_of(str(block["id"]), facts.statuses).value,
            "on_floor": block["id"] == on_floor,
        }
        for block in window
    ]


def floor_paragraph(facts: ReportFacts) -> str | None:
    """Return the id of the paragraph on the floor."""
    floor: tuple[UUID, str, datetime] | None = facts.meeting.floor if facts.meeting else None
    return floor[1] if floor else None
