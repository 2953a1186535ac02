"""What happens to one report, told to its rooms and channels, and what they tell the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TypeAlias
from uuid import UUID

from app.db.away import is_away
from app.db.unit_of_work import TEXTS_MOVED
from app.ids import ReportId, SectionId, Seq
from app.logs import get_logger
from app.rooms.connections.attachment import Attachment
from app.rooms.frames import AwarenessEntry
from app.rooms.room import Room
from app.rooms.watching.channels import ReportChannels, Surroundings
from app.rooms.watching.judging import Judging
from app.rooms.workers.catching_up import CatchingUp
from app.rooms.workers.relay import PresenceRelay

Work: TypeAlias = Callable[[], Awaitable[None]]

# Rights are read, and channels told, at most this often.
PAUSE_S = 0.05
_HINT = b"moved:"
_PAIR = 24
# What did not succeed is tried again after this.
_RETRY_S = 0.5

logger = get_logger(__name__)


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
    """One report as this process serves it. Each kind of work is a task that waits for no other."""

    def __init__(self, report_id: ReportId, surroundings: Surroundings) -> None:
        self.report_id = report_id
        self.rooms: dict[SectionId, Room] = {}
        self.relay = PresenceRelay(report_id, surroundings.broker, self._tell_room)
        """Who is in the sections, here and with other workers."""
        self._around = surroundings
        self._channels = ReportChannels(report_id, surroundings, self.rooms, self.relay)
        self._judging = Judging(report_id, surroundings.database, self.rooms, self._channels.open)
        self._catching_up = CatchingUp()
        self._topic = f"report:{report_id}"
        self._moved: dict[SectionId, Seq] = {}
        self._text_moved = asyncio.Event()
        self._must_touch = asyncio.Event()
        work: list[Work] = [
            partial(self._judging.judge, self.head_moved),
            self._judging.expire,
            self._channels.show_view,
            self._channels.show_people,
            self._listen,
            self._hint,
            self._touch,
        ]
        if self.relay.reaches_others:
            work += [self.relay.listen, self.relay.speak, self.relay.repeat]
        self._tasks = [asyncio.create_task(self._keep_on(one), name=self._topic) for one in work]

    @property
    def rights_version(self) -> int:
        """The change counter as of the last look at rights."""
        return self._judging.version

    def look_again(self) -> None:
        """Read rights, heads and the view anew, soon."""
        self._judging.look_again()
        self._channels.look_again(is_urgent=True)

    def heed(self, version: int, rights_version: int) -> None:
        """Take note of the change counter: look again at what has changed since the last look."""
        if rights_version != self.rights_version:
            self.look_again()
        elif version != self._channels.version:
            self._channels.version = version
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
        self._channels.people_moved()

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
        self._channels.join(channel)

    def leave(self, channel: Attachment) -> None:
        """Send a channel nothing more."""
        self._channels.leave(channel)

    @property
    def is_idle(self) -> bool:
        """Whether nobody needs it."""
        return not self.rooms and not self._channels.open

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
        if self._channels.open:
            self._channels.look_again(is_urgent=False)

    async def _keep_on(self, work: Work) -> None:
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

    async def _hint(self) -> None:
        await self._text_moved.wait()
        self._text_moved.clear()
        moved, self._moved = self._moved, {}
        self._must_touch.set()
        # All that moved in one go: with many sections a message for each would cost more than they.
        await self._around.broker.publish(self._topic, text_hint(moved))

    async def _touch(self) -> None:
        await self._must_touch.wait()
        await self._around.counts.until_turn()
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
        if await self._around.counts.count(self.report_id):
            await self._around.broker.publish(self._topic, TEXTS_MOVED)
            return
        async with self._around.database.write() as work:
            await work.touch_report(self.report_id, texts_only=True)

    def _tell_room(self, section_id: SectionId, entries: list[AwarenessEntry]) -> None:
        if room := self.rooms.get(section_id):
            room.tell_people(entries)
        self._channels.people_moved()
