"""Ends rights on open sockets: reads who may do what in a report, and tells who is attached."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Key
from app.access.identify import live_keys
from app.access.text import TextRight, TextRights, load_text_rights
from app.db.engine import Database
from app.db.tables import ChangeCounter, Section
from app.ids import ReportId, SectionId, Seq
from app.rooms.connections.attachment import Attachment
from app.rooms.room import Room

# Sign-ins that expire are looked for this often.
EXPIRY_LOOK_S = 0.5
KEY_ENDED = "Your sign-in has ended. Please sign in again."
SEAT_LOST = "You no longer have a seat in this working group."


class Judging:
    """Whoever is attached to a report's rooms and channels may do what its rows say, and no more.

    It waits for nothing but the rows that it reads: what is shown meanwhile is another task's.
    """

    def __init__(
        self,
        report_id: ReportId,
        database: Database,
        rooms: Mapping[SectionId, Room],
        channels: Collection[Attachment],
    ) -> None:
        """rooms, channels: the report's, as they are whenever rights are read."""
        self.version = -1
        """The report's `rights_version` as of the last look."""
        self._report_id = report_id
        self._database = database
        self._rooms = rooms
        self._channels = channels
        self._is_due = asyncio.Event()

    def look_again(self) -> None:
        """Read rights anew, soon."""
        self._is_due.set()

    async def judge(self, heads: Callable[[SectionId, Seq], None]) -> None:
        """Read rights once they are to be read, and end what is not a right any more.

        heads: told where the logs of the open rooms end. What failed is still to be done.
        """
        await self._is_due.wait()
        self._is_due.clear()
        try:
            sections = await self._read_and_tell()
        except BaseException:
            self._is_due.set()
            raise
        for section_id, section in sections.items():
            if section is not None:
                heads(section_id, Seq(section.head_seq))

    async def expire(self) -> None:
        """After a while, close what was opened with a sign-in that has expired meanwhile."""
        await asyncio.sleep(EXPIRY_LOOK_S)
        now = clock.now()
        for one in self._attached():
            key = one.actor.key
            if key is not None and key.expires_at is not None and key.expires_at <= now:
                one.close(KEY_ENDED)

    # ---------------------------------------------------------------------- private

    async def _read_and_tell(self) -> dict[SectionId, Section | None]:
        async with self._database.read() as session:
            version = await session.scalar(
                select(ChangeCounter.rights_version).where(
                    ChangeCounter.report_id == self._report_id
                )
            )
            sections = await self._sections(session)
            await self._judge_everybody(session, sections)
            # At once: whoever attaches from now on compares with it.
            self.version = version or 0
        return sections

    async def _sections(self, session: AsyncSession) -> dict[SectionId, Section | None]:
        """The rows of the open rooms; None for a section that is no more."""
        rows: dict[SectionId, Section | None] = dict.fromkeys(self._rooms)
        found = await session.scalars(
            select(Section).where(Section.report_id == self._report_id, Section.id.in_(list(rows)))
        )
        rows.update((SectionId(section.id), section) for section in found)
        return rows

    async def _judge_everybody(
        self, session: AsyncSession, sections: Mapping[SectionId, Section | None]
    ) -> None:
        asked, keys = self._members(), self._keys()
        rights = await load_text_rights(session, self._report_id, asked)
        alive = await live_keys(session, keys)
        for one in self._attached():
            if one.actor.key in keys and one.actor.key.id not in alive:
                one.close(KEY_ENDED)
        for section_id, section in sections.items():
            if room := self._rooms.get(section_id):
                _judge_room(room, section, rights, asked)
        for channel in list(self._channels):
            member_id = channel.actor.member_id
            if member_id in asked and member_id not in rights.standings:
                channel.close(SEAT_LOST)
        is_known = self._members() <= asked and self._keys() <= keys
        if not is_known or not self._rooms.keys() <= sections.keys():
            # Somebody came, or a room was opened, while rights were being read.
            self.look_again()

    def _members(self) -> set[UUID]:
        return {one.actor.member_id for one in self._attached()}

    def _keys(self) -> set[Key]:
        return {one.actor.key for one in self._attached() if one.actor.key is not None}

    def _attached(self) -> list[Attachment]:
        in_rooms = (one for room in self._rooms.values() for one in room.attachments)
        return [*in_rooms, *self._channels]


def _judge_room(room: Room, section: Section | None, rights: TextRights, asked: set[UUID]) -> None:
    if section is None:
        room.close("This section was removed.")
        return

    def right_of(attachment: Attachment) -> TextRight | None:
        actor = attachment.actor
        if actor.member_id not in asked:
            return None
        return rights.of(section, actor.member_id, actor.acting_role)

    room.judge(right_of)
