"""The texts as they stand inside one unit of work, before its commit shows them to anybody."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Section
from app.ids import SectionId
from app.rooms.keeping.loading import load_state
from app.rooms.registry import HeadText
from app.text.from_crdt import read_state
from app.text.hashing import content_hash


class HeadsInWork:
    """What commands ask of the rooms, answered for sections that no room can know yet."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._known: dict[SectionId, HeadText] = {}

    async def read_heads(self, section_ids: Collection[SectionId]) -> dict[SectionId, HeadText]:
        """Return the sections' texts at the heads of their logs."""
        found = await self._session.execute(
            select(Section.id, Section.head_seq).where(Section.id.in_(section_ids))
        )
        return {SectionId(row.id): await self._head(SectionId(row.id), row[1]) for row in found}

    async def decided(self, section_id: SectionId) -> None:
        """Do nothing: nobody was in the section's room while this happened."""

    async def _head(self, section_id: SectionId, seq: int) -> HeadText:
        known = self._known.get(section_id)
        if known is None or known.seq != seq:
            state, at = await load_state(self._session, section_id)
            document = read_state(state)
            known = self._known[section_id] = HeadText(at, document, content_hash(document))
        return known
