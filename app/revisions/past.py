"""Reads the text of any moment: its labels, and the statuses of that time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import Decision, Section
from app.errors import Invalid
from app.ids import SectionId, Seq
from app.reports.states import start_number
from app.rooms.keeping.loading import load_state
from app.rooms.keeping.rows import read_since
from app.rooms.registry import RoomRegistry
from app.text.from_crdt import read_state
from app.text.jsonable import document_json
from app.text.model import Document
from app.text.numbering import label_blocks


@dataclass(frozen=True, slots=True)
class PastText:
    """A section's text at a seq."""

    document: Document
    labels: tuple[str, ...]
    statuses: dict[str, str]
    at: datetime | None


async def text_at(
    session: AsyncSession, rooms: RoomRegistry, section: Section, seq: int
) -> PastText:
    """Return the text at a seq, numbered as the report is numbered now.

    Raises: Invalid for a seq that the log has not reached.
    """
    check_seq(section, seq)
    document = await document_at(session, section, seq)
    labels, _ = label_blocks(document, await start_number(session, rooms, section))
    statuses = await statuses_at(session, section, seq)
    return PastText(document, labels, statuses, await _time_of(session, section, seq))


async def document_at(session: AsyncSession, section: Section, seq: int) -> Document:
    """Return only the text at a seq."""
    state, _ = await load_state(session, SectionId(section.id), Seq(seq))
    return await asyncio.to_thread(read_state, state)


def check_seq(section: Section, seq: int) -> None:
    """Pass if the section's log has this row.

    Raises: Invalid.
    """
    if seq > section.head_seq:
        raise Invalid(
            f"This section's history has {section.head_seq} changes so far, so there is no "
            f"change {seq}."
        )


async def statuses_at(session: AsyncSession, section: Section, seq: int) -> dict[str, str]:
    """Return the status of each paragraph that had been decided on by then."""
    found = await session.execute(
        select(Decision.paragraph_id, Decision.status_after)
        .where(Decision.section_id == section.id, Decision.seq <= seq)
        .order_by(Decision.seq)
    )
    return {paragraph_id: status for paragraph_id, status in found if status}


async def _time_of(session: AsyncSession, section: Section, seq: int) -> datetime | None:
    rows = await read_since(session, SectionId(section.id), seq - 1, seq)
    return clock.from_us(rows[-1].entry.at_us) if rows else None


def blocks_json(past: PastText) -> list[dict[str, Any]]:
    """Return the wire form of the blocks, each with its status."""
    blocks: Sequence[dict[str, Any]] = document_json(past.document, past.labels)["blocks"]
    return [{**block, "status": past.statuses.get(block["id"], "tabled")} for block in blocks]
