"""What a report's channels are shown: its view and who is where, a bounded share of the loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import select

from app.broker.base import Broker
from app.db.engine import Database
from app.db.tables import ChangeCounter, Section
from app.ids import ReportId, SectionId, Seq
from app.rooms.connections.attachment import Attachment, Shown, stateless_frame
from app.rooms.room import Room
from app.rooms.watching.counting import TextCounts
from app.rooms.watching.turns import Spent, metered
from app.rooms.workers.catching_up import caught_up
from app.rooms.workers.relay import PresenceRelay

BuildView: TypeAlias = Callable[[ReportId], Awaitable[dict[str, Any]]]

VIEWS_AT_ONCE = 4
"""Reports whose views are made at the same time: each takes connections to the database."""
# While only texts move, making the view takes at most a tenth of the time; after anything else it
# is made as soon as it has rested for as long as it took.
_REST_TIMES, _REST_TIMES_URGENT = 9, 1
# A view does not wait longer than this for rooms that have yet to read what others wrote.
_CATCH_UP_S = 2.0
_VIEW, _PEOPLE = "view", "people"


@dataclass(slots=True)
class Surroundings:
    """What a watch needs of the rest of the server. build_view is given by whoever has it."""

    database: Database
    broker: Broker
    build_view: BuildView | None = None
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(VIEWS_AT_ONCE))
    counts: TextCounts = field(init=False)

    def __post_init__(self) -> None:
        self.counts = TextCounts(self.database)


class ReportChannels:
    """Everybody who is shown a report's view and who is where."""

    def __init__(
        self,
        report_id: ReportId,
        surroundings: Surroundings,
        rooms: Mapping[SectionId, Room],
        relay: PresenceRelay,
    ) -> None:
        self.open: set[Attachment] = set()
        self.version = -1
        """The report's change counter as of the last look for a view."""
        self._report_id = report_id
        self._around = surroundings
        self._rooms = rooms
        self._relay = relay
        self._view: Shown | None = None
        self._people: dict[SectionId, list[dict[str, str]]] = {}
        self._is_stale, self._is_urgent = asyncio.Event(), asyncio.Event()
        self._people_moved = asyncio.Event()
        self._ended_at = self._cost_s = 0.0

    def join(self, channel: Attachment) -> None:
        """Send a channel the view and who is where, now and whenever they change."""
        self.open.add(channel)
        channel.show(_PEOPLE, self._people_frame(), self._people_frame)
        if self._view is not None:
            channel.show(_VIEW, self._view, self._view_frame)
        self.look_again(is_urgent=self._view is None)

    def leave(self, channel: Attachment) -> None:
        """Send a channel nothing more."""
        self.open.discard(channel)

    def look_again(self, *, is_urgent: bool) -> None:
        """Make the view anew. is_urgent: as soon as may be; otherwise as often as may be."""
        if is_urgent:
            self._is_urgent.set()
        self._is_stale.set()

    def people_moved(self) -> None:
        """Send who is where, soon."""
        self._people_moved.set()

    # -------------------------------------------- for ever, as tasks of the report's watch

    async def show_view(self) -> None:
        """Make and send the view once it is stale; what failed is still to be done."""
        await self._is_stale.wait()
        await self._rest()
        self._is_stale.clear()
        spent, was_urgent = Spent(), self._is_urgent.is_set()
        self._is_urgent.clear()
        try:
            await metered(self._make_and_send(), spent)
        except BaseException:
            self.look_again(is_urgent=was_urgent)
            raise
        finally:
            self._ended_at, self._cost_s = asyncio.get_running_loop().time(), spent.seconds

    async def show_people(self) -> None:
        """Send who is where once somebody has moved."""
        await self._people_moved.wait()
        self._people_moved.clear()
        people = self._relay.people()
        if people == self._people:
            # Only carets have moved.
            return
        self._people = people
        frame = self._people_frame()
        for channel in list(self.open):
            channel.show(_PEOPLE, frame, self._people_frame)

    # ---------------------------------------------------------------------- private

    async def _rest(self) -> None:
        """Leave the loop to others, as long as the last view's making asks for."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._ended_at + _REST_TIMES * self._cost_s):
                await self._is_urgent.wait()
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._ended_at + _REST_TIMES_URGENT * self._cost_s - loop.time())

    async def _make_and_send(self) -> None:
        build = self._around.build_view
        if build is None or not self.open:
            self._view = None
            return
        await self._catch_up()
        async with self._around.places:
            view = await build(self._report_id)
        self._view = stateless_frame({"type": "view", "view": view})
        for channel in list(self.open):
            channel.show(_VIEW, self._view, self._view_frame)

    async def _catch_up(self) -> None:
        """Before a view is made: it is to show what this version of the report holds."""
        async with self._around.database.read() as session:
            version = await session.scalar(
                select(ChangeCounter.version).where(ChangeCounter.report_id == self._report_id)
            )
            found = await session.execute(
                select(Section.id, Section.head_seq).where(
                    Section.report_id == self._report_id, Section.id.in_(list(self._rooms))
                )
            )
            heads = {SectionId(section_id): Seq(seq) for section_id, seq in found}
        self.version = version or 0
        behind = [
            room
            for section_id, seq in heads.items()
            if (room := self._rooms.get(section_id)) and room.seq < seq and room.damage is None
        ]
        await caught_up(behind, _CATCH_UP_S)

    def _view_frame(self) -> Shown:
        return self._view or stateless_frame({"type": "view", "view": None})

    def _people_frame(self) -> Shown:
        sections = {str(section_id): people for section_id, people in self._relay.people().items()}
        return stateless_frame({"type": "presence", "sections": sections})
