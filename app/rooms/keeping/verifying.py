"""Verifies whole logs, row by row."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Section
from app.errors import NotFound
from app.ids import SectionId, Seq
from app.rooms.keeping.damage import Damage
from app.rooms.keeping.rows import intact_rows, read_since
from app.rooms.log import EMPTY_HASH

_PAGE = 2000


async def verify_chain(session: AsyncSession, section_id: SectionId) -> Damage | None:
    """Return the first damaged row of the whole log, or None if it is as it was written."""
    found = await session.execute(
        select(Section.head_seq, Section.head_hash).where(Section.id == section_id)
    )
    head = found.first()
    if head is None:
        raise NotFound
    seq, last = 0, EMPTY_HASH
    while seq < head.head_seq:
        rows = await read_since(session, section_id, seq, min(seq + _PAGE, head.head_seq))
        count = intact_rows(section_id, seq, last, rows)
        seq, last = seq + count, rows[count - 1].hash if count else last
        if count < len(rows) or not rows:
            return Damage(section_id, Seq(seq + 1))
    if last != (head.head_hash or EMPTY_HASH):
        return Damage(section_id, Seq(seq))
    return None
