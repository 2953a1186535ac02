"""Texts at the heads of their logs, also where no room is open or another worker was first."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.tables import Section
from app.errors import NotFound
from app.ids import SectionId, Seq
from app.rooms.keeping.loading import load_state
from app.rooms.precautions.quarantine import NotRebuilt, Quarantine
from app.rooms.room import HeadText, Room
from app.rooms.watching.turns import Turns
from app.text.from_crdt import read_state
from app.text.hashing import content_hash
from app.text.model import Document

_HEADS_KEPT = 512


class HeadTexts:
    """Reads sections' texts, and keeps them until their heads move."""

    def __init__(
        self,
        database: Database,
        rooms: Mapping[SectionId, Room],
        behind: Callable[[Room, Seq], None],
        quarantine: Quarantine,
    ) -> None:
        """rooms: the open ones. behind: told of a room that has yet to read up to a row."""
        self._database = database
        self._rooms = rooms
        self._behind = behind
        self._quarantine = quarantine
        self._heads: OrderedDict[SectionId, HeadText] = OrderedDict()

    async def read(self, section_ids: Collection[SectionId]) -> dict[SectionId, HeadText]:
        """Return the texts as they are in the database now; one query finds what has moved.

        A room that is behind is not waited for: it may itself wait for a row that the asker holds.
        A text that breaks the CRDT library is given as it was last read, or as empty: its section
        is closed, and the others of its report go on.
        Raises: NotFound.
        """
        async with self._database.read() as session:
            found = await session.execute(
                select(Section.id, Section.head_seq).where(Section.id.in_(section_ids))
            )
            seqs = {SectionId(section_id): seq for section_id, seq in found}
            heads: dict[SectionId, HeadText] = {}
            turns = Turns()
            for section_id in section_ids:
                if section_id not in seqs:
                    raise NotFound
                heads[section_id] = await self._read(session, section_id, Seq(seqs[section_id]))
                await turns.pause()
        return heads

    async def _read(self, session: AsyncSession, section_id: SectionId, seq: Seq) -> HeadText:
        room = self._rooms.get(section_id)
        if room is not None and room.text.is_broken:
            room = None
        if room is not None and (room.seq >= seq or room.damage is not None):
            return room.head_text()
        if room is not None:
            self._behind(room, seq)
        known = self._heads.get(section_id)
        if known is not None and known.seq == seq:
            self._heads.move_to_end(section_id)
            return known
        try:
            with self._quarantine.rebuilding(section_id):
                state, at = await load_state(session, section_id)
                document = read_state(state)
        except NotRebuilt:
            return known or HeadText(seq, Document(()), content_hash(Document(())))
        head = HeadText(at, document, content_hash(document))
        self._heads[section_id] = head
        if len(self._heads) > _HEADS_KEPT:
            self._heads.popitem(last=False)
        return head
