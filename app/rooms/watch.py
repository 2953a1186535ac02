"""What happens to one report, told to its rooms and channels: rights, heads, the view, presence."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Key
from app.access.identify import live_keys
from app.access.text import TextRight, TextRights, load_text_rights
from app.broker.base import Broker
from app.db.away import is_away
from app.db.engine import Database
from app.db.tables import ChangeCounter, Section
from app.db.unit_of_work import TEXTS_MOVED
from app.ids import ReportId, SectionId, Seq
from app.logs import get_logger
from app.rooms.connections.attachment import Attachment, Shown, stateless_frame
from app.rooms.frames import AwarenessEntry
from app.rooms.room import Room
from app.rooms.workers.catching_up import CatchingUp, caught_up
from app.rooms.workers.relay import PresenceRelay
from app.rooms.writing.heads import count_texts

BuildView: TypeAlias = Callable[[ReportId], Awaitable[dict[str, Any]]]

# A text that moves is counted as a change of its report at most this often.
TOUCH_AFTER_S = 0.5
# A view is sent at most this often.
PAUSE_S = 0.05
# Sign-ins that expire are looked for this often.
EXPIRY_LOOK_S = 0.5
KEY_ENDED = "Your sign-in has ended. Please sign in again."
_HINT = b"moved:"
_PAIR = 24
_VIEW, _PEOPLE = "view", "people"
# A view does not wait longer than this for rooms that have yet to read what others wrote.
_CATCH_UP_S = 2.0
# What did not succeed is tried again after this.
_RETRY_S = 0.5

logger = get_logger(__name__)


@dataclass(slots=True)
class Surroundings:
    """What a watch needs of the rest of the server. build_view is given by whoever has it."""

    database: Database
    broker: Broker
    build_view: BuildView | None = None


def text_hint(moved: Mapping[SectionId, Seq]) -> bytes:
    """Return what is published on `report:<id>` when texts have moved, each to its seq."""
    return _HINT + b"".join(one.bytes + seq.to_bytes(8, "big") for one, seq in moved.items())


def read_text_hint(payload: bytes) -> dict[SectionId, Seq]:
    """Return which texts have moved, to which seq; none if the report's view or rights changed."""
    pairs = payload[len(_HINT) :]
    if not payload.startswith(_HINT) or len(pairs) % _PAIR:
        return {}
    return {
        SectionId(UUID(bytes=pairs[at : at + 16])): Seq(
            int.from_bytes(pairs[at + 16 : at + _PAIR], "big")
        )
        for at in range(0, len(pairs), _PAIR)
    }


class ReportWatch:
    """One report as this process serves it."""

    def __init__(self, report_id: ReportId, surroundings: Surroundings) -> None:
        self.report_id = report_id
        self.rooms: dict[SectionId, Room] = {}
        self.channels: set[Attachment] = set()
        self.rights_version = -1
        """The change counter as of the last look at rights."""
        self._version = -1
        self.relay = PresenceRelay(report_id, surroundings.broker, self._tell_room)
        """Who is in the sections, here and with other workers."""
        self._around = surroundings
        self._catching_up = CatchingUp()
        self._people: dict[SectionId, list[dict[str, str]]] = {}
        self._topic = f"report:{report_id}"
        self._wake = asyncio.Event()
        self._is_stale = self._rights_stale = False
        self._people_moved = False
        self._view: Shown | None = None
        self._moved: dict[SectionId, Seq] = {}
        self._text_moved = asyncio.Event()
        self._must_touch = asyncio.Event()
        work = [self._listen, self._look, self._hint, self._touch, self._expire]
        if self.relay.reaches_others:
            work += [self.relay.listen, self.relay.speak, self.relay.repeat]
        self._tasks = [asyncio.create_task(self._keep_on(one), name=self._topic) for one in work]

    def look_again(self) -> None:
        """Read rights, heads and the view anew, soon."""
        self._rights_stale = True
        self._look_at_texts()

    def heed(self, version: int, rights_version: int) -> None:
        """Take note of the change counter: look again at what has changed since the last look."""
        if rights_version != self.rights_version:
            self.look_again()
        elif version != self._version:
            self._version = version
            self._texts_moved()

    def add(self, room: Room) -> None:
        """Look after a room, in which nobody is yet."""
        self.rooms[room.section_id] = room
        room.presence = self.relay.of(room.section_id)

    def remove(self, room: Room) -> None:
        """Look after the room no more."""
        if self.rooms.get(room.section_id) is room:
            del self.rooms[room.section_id]
            self.relay.forget(room.section_id)

    def presence_moved(self, room: Room) -> None:
        """Tell the channels and the other workers who is where, soon."""
        self.relay.moved(room.section_id)
        self._tell_channels()

    def head_moved(self, section_id: SectionId, seq: Seq) -> None:
        """Let the section's room read on until this row, if it has not."""
        if room := self.rooms.get(section_id):
            self._catching_up.want(room, seq)

    def text_moved(self, room: Room) -> None:
        """Tell the others that a text has moved, and count it as a change of the report, soon."""
        self._moved[room.section_id] = room.seq
        self._text_moved.set()

    def join(self, channel: Attachment) -> None:
        """Send a channel the view and who is where, now and whenever they change."""
        self.channels.add(channel)
        channel.show(_PEOPLE, self._people_frame(), self._people_frame)
        if self._view is not None:
            channel.show(_VIEW, self._view, self._view_frame)
        self._look_at_texts()

    def leave(self, channel: Attachment) -> None:
        """Send a channel nothing more."""
        self.channels.discard(channel)

    @property
    def is_idle(self) -> bool:
        """Whether nobody needs it."""
        return not self.rooms and not self.channels

    async def close(self) -> None:
        """Stop, after counting the last change of a text."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Exception):
            await self.relay.close()
        if self._must_touch.is_set() or self._moved:
            with suppress(Exception):
                await self._count()

    # ---------------------------------------------------------------------- private

    def _texts_moved(self) -> None:
        """Send the view anew, if anybody is sent it: rooms are told of their heads one by one."""
        if self.channels:
            self._look_at_texts()

    def _look_at_texts(self) -> None:
        """Read heads and the view anew, soon: nobody's right has changed."""
        self._is_stale = True
        self._wake.set()

    async def _keep_on(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
                await asyncio.sleep(PAUSE_S)
            except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # the CRDT library panics beside Exception
                if is_away(error):
                    logger.warning("watch_waits", report=str(self.report_id), error=str(error))
                else:
                    logger.exception("watch_failed", report=str(self.report_id))
                await asyncio.sleep(_RETRY_S)

    async def _listen(self) -> None:
        async with self._around.broker.subscribe(self._topic) as hints:
            async for payload in hints:
                self._hear(payload)

    def _hear(self, payload: bytes) -> None:
        moved = read_text_hint(payload)
        if payload == TEXTS_MOVED:
            self._texts_moved()
        elif not moved:
            self.look_again()
        for section_id, seq in moved.items():
            self.head_moved(section_id, seq)

    async def _look(self) -> None:
        await self._wake.wait()
        self._wake.clear()
        if self._is_stale:
            self._is_stale = False
            must_judge, self._rights_stale = self._rights_stale, False
            try:
                await self._refresh(must_judge)
            except BaseException:
                self.look_again()
                raise
        if self._people_moved:
            self._people_moved = False
            self._show_people()

    async def _hint(self) -> None:
        await self._text_moved.wait()
        self._text_moved.clear()
        moved, self._moved = self._moved, {}
        self._must_touch.set()
        # All that moved in one go: with many sections a message for each would cost more than they.
        await self._around.broker.publish(self._topic, text_hint(moved))

    async def _touch(self) -> None:
        await self._must_touch.wait()
        await asyncio.sleep(TOUCH_AFTER_S)
        await self._count()

    async def _count(self) -> None:
        self._must_touch.clear()
        try:
            await self._touch_report()
        except BaseException:
            # Also when cut short: whoever closes the watch counts what is left.
            self._must_touch.set()
            raise

    async def _touch_report(self) -> None:
        async with self._around.database.ledger() as ledger:
            is_counted = await ledger.finish(partial(count_texts, report_id=self.report_id))
        if is_counted:
            await self._around.broker.publish(self._topic, TEXTS_MOVED)
            return
        async with self._around.database.write() as work:
            await work.touch_report(self.report_id, texts_only=True)

    async def _expire(self) -> None:
        await asyncio.sleep(EXPIRY_LOOK_S)
        now = clock.now()
        for one in self._attached():
            key = one.actor.key
            if key is not None and key.expires_at is not None and key.expires_at <= now:
                one.close(KEY_ENDED)

    async def _refresh(self, must_judge: bool) -> None:
        async with self._around.database.read() as session:
            versions = await session.execute(
                select(ChangeCounter.version, ChangeCounter.rights_version).where(
                    ChangeCounter.report_id == self.report_id
                )
            )
            version, rights_version = versions.one_or_none() or (0, 0)
            sections = await self._sections(session)
            if must_judge or rights_version != self.rights_version:
                await self._judge_everybody(session, sections)
                # At once: whoever attaches from now on compares with it.
                self.rights_version = rights_version
        self._version = version
        for section_id, section in sections.items():
            if (room := self.rooms.get(section_id)) and section is not None:
                self._catching_up.want(room, Seq(section.head_seq))
        await self._catch_up(sections.values())
        await self._send_view()

    async def _judge_everybody(
        self, session: AsyncSession, sections: Mapping[SectionId, Section | None]
    ) -> None:
        asked, keys = self._members(), self._keys()
        rights = await load_text_rights(session, self.report_id, asked)
        alive = await live_keys(session, keys)
        for one in self._attached():
            if one.actor.key in keys and one.actor.key.id not in alive:
                one.close(KEY_ENDED)
        for section_id, section in sections.items():
            if room := self.rooms.get(section_id):
                _judge(room, section, rights, asked)
        for channel in list(self.channels):
            member_id = channel.actor.member_id
            if member_id in asked and member_id not in rights.standings:
                channel.close("You no longer have a seat in this working group.")
        is_known = self._members() <= asked and self._keys() <= keys
        if not is_known or not self.rooms.keys() <= sections.keys():
            # Somebody came, or a room was opened, while rights were being read.
            self.look_again()

    def _members(self) -> set[UUID]:
        return {one.actor.member_id for one in self._attached()}

    def _keys(self) -> set[Key]:
        return {one.actor.key for one in self._attached() if one.actor.key is not None}

    def _attached(self) -> list[Attachment]:
        in_rooms = (one for room in self.rooms.values() for one in room.attachments)
        return [*in_rooms, *self.channels]

    async def _sections(self, session: AsyncSession) -> dict[SectionId, Section | None]:
        """The rows of the open rooms; None for a section that is no more."""
        rows: dict[SectionId, Section | None] = dict.fromkeys(self.rooms)
        found = await session.scalars(
            select(Section).where(Section.report_id == self.report_id, Section.id.in_(list(rows)))
        )
        rows.update((SectionId(section.id), section) for section in found)
        return rows

    async def _catch_up(self, sections: Iterable[Section | None]) -> None:
        """Before a view is made: it is to show what this version of the report holds."""
        if not self.channels:
            return
        heads = {SectionId(section.id): section.head_seq for section in sections if section}
        behind = [
            room
            for section_id, seq in heads.items()
            if (room := self.rooms.get(section_id)) and room.seq < seq and room.damage is None
        ]
        await caught_up(behind, _CATCH_UP_S)

    async def _send_view(self) -> None:
        if self._around.build_view is None or not self.channels:
            self._view = None
            return
        view = await self._around.build_view(self.report_id)
        self._view = stateless_frame({"type": "view", "view": view})
        for channel in list(self.channels):
            channel.show(_VIEW, self._view, self._view_frame)

    def _view_frame(self) -> Shown:
        return self._view or stateless_frame({"type": "view", "view": None})

    def _tell_room(self, section_id: SectionId, entries: list[AwarenessEntry]) -> None:
        if room := self.rooms.get(section_id):
            room.tell_people(entries)
        self._tell_channels()

    def _tell_channels(self) -> None:
        self._people_moved = True
        self._wake.set()

    def _show_people(self) -> None:
        people = self.relay.people()
        if people == self._people:
            # Only carets have moved.
            return
        self._people = people
        frame = self._people_frame()
        for channel in list(self.channels):
            channel.show(_PEOPLE, frame, self._people_frame)

    def _people_frame(self) -> Shown:
        sections = {str(section_id): people for section_id, people in self.relay.people().items()}
        return stateless_frame({"type": "presence", "sections": sections})


def _judge(room: Room, section: Section | None, rights: TextRights, asked: set[UUID]) -> None:
    if section is None:
        room.close("This section was removed.")
        return

    def right_of(attachment: Attachment) -> TextRight | None:
        actor = attachment.actor
        if actor.member_id not in asked:
            return None
        return rights.of(section, actor.member_id, actor.acting_role)

    room.judge(right_of)
