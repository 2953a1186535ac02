"""What the log says, found without the code that loads it: every row chained, and replayed."""

from typing import Any

from pycrdt import Doc
from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import LogEntry, Section
from app.ids import SectionId
from app.rooms import log
from app.rooms.frames import EMPTY_UPDATE
from app.rooms.guard import open_document
from app.text.from_crdt import body_of


async def read_log(database: Database, section_id: SectionId) -> "Doc[Any]":
    """Return the text that all rows of a log make, from the first on; fail on a broken chain."""
    async with database.read() as session:
        head = await session.get_one(Section, section_id)
        found = await session.scalars(
            select(LogEntry).where(LogEntry.section_id == section_id).order_by(LogEntry.seq)
        )
        rows = found.all()
    doc = open_document(EMPTY_UPDATE)
    last = log.EMPTY_HASH
    for seq, row in enumerate(rows, 1):
        entry = log.Entry(row.kind, row.member_id, row.acting_role, row.at_us, row.payload)
        last = log.chained_hash(last, section_id, seq, entry)
        assert (row.seq, row.hash) == (seq, last), f"the chain breaks at row {row.seq}"
        if row.kind == log.UPDATE:
            doc.apply_update(row.payload)
    assert (head.head_seq, head.head_hash or log.EMPTY_HASH) == (len(rows), last)
    return doc


def characters(doc: "Doc[Any]") -> str:
    """Return all characters of a text, without paragraphs and marks."""
    return "".join(value for value, _ in body_of(doc).diff() if isinstance(value, str))
