"""Reads rows of a log back, and tells how many of them are as they were written."""

import hmac
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import LogEntry
from app.ids import SectionId, Seq
from app.rooms.log import Entry, Row, chained_hash


async def read_since(
    session: AsyncSession, section_id: SectionId, seq: int, upto: int | None = None
) -> list[Row]:
    """Return the rows behind seq, in order; upto: the last one wanted. Unverified."""
    query = (
        select(
            LogEntry.seq,
            LogEntry.kind,
            LogEntry.member_id,
            LogEntry.acting_role,
            LogEntry.at_us,
            LogEntry.payload,
            LogEntry.hash,
        )
        .where(LogEntry.section_id == section_id, LogEntry.seq > seq)
        .order_by(LogEntry.seq)
    )
    if upto is not None:
        query = query.where(LogEntry.seq <= upto)
    found = await session.execute(query)
    return [Row(Seq(row[0]), Entry(*row[1:6]), row[6]) for row in found]


def intact_rows(section_id: SectionId, seq: int, previous: bytes, rows: Sequence[Row]) -> int:
    """Return how many of the rows follow unbroken on the row `seq` with the hash `previous`."""
    for count, row in enumerate(rows):
        seq += 1
        expected = chained_hash(previous, section_id, seq, row.entry)
        if row.seq != seq or not hmac.compare_digest(expected, row.hash):
            return count
        previous = row.hash
    return len(rows)
