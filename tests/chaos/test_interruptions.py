"""Whatever is cancelled, wherever it waits: no lock stays, nothing saved goes, all goes on."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.access.actor import Actor, Role
from app.backups.taking import back_up
from app.db.tables import Decision, LogEntry
from app.ids import MemberId, ParagraphId
from app.plenary import gavel
from app.plenary.rules import Verb
from app.plenary.schemas import DecisionCall
from app.rooms import log
from app.text.from_crdt import body_of
from tests.chaos.driven import driven_loop, later, settled
from tests.chaos.interruption import Interruption
from tests.chaos.peer import Peer
from tests.chaos.play import Worlds, in_worlds
from tests.chaos.schedule import Schedule, World
from tests.house.drafts import a_meeting
from tests.house.texts import hash_of, paragraph_id

# In the short form, the places of a long way are tried ever farther apart.
IS_SHORT = "CHAOS_KILLS" not in os.environ
_SHORT_WAY = 8
KEY = "px"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]


@dataclass
class Interrupted(Schedule):
    """Two people write; something is done, and cancelled at one place; then both go on."""

    action: "Action | None" = None
    interruption: Interruption | None = None
    waiting: float = 1.0

    async def _build(self) -> None:
        assert self.action is not None
        await self._build_texts(["Access"], self.action.state)
        self.broker = None
        self.lives = [await self._a_life()]
        self._seat_peers("ac")
        self.peers[1].is_barred = self.action.state == "in_reading"
        if self.peers[1].is_barred:
            place = (self.report.sections[0], ParagraphId(paragraph_id(KEY)))
            pen = self.world.group.member
            self.meeting = await a_meeting(self.world.group, self.report, floor=place, pen=pen)
        await self._heal()

    async def _happen(self) -> None:
        assert self.action is not None
        loop = driven_loop()
        loop.interruption = self.interruption
        try:
            await self.action.does(self)
            await self.flows()
        finally:
            loop.interruption = None
        for peer in self.peers:
            peer.acts()

    async def flows(self) -> None:
        """Let everything arrive that is on its way now."""
        for _ in range(3):
            self._let_all_on()
            await settled()
            await later(0.05)

    async def _look(self) -> None:
        await super()._look()
        await self._look_at_decisions()
        for life in self.lives:
            await life.stop()

    async def _look_at_decisions(self) -> None:
        """A decision stands with its row in the log, or not at all."""
        [section] = self.report.sections
        rows = select(func.count()).where(
            LogEntry.section_id == section, LogEntry.kind == log.DECISION
        )
        made = select(func.count()).where(Decision.section_id == section)
        async with self.world.database.read() as session:
            assert await session.scalar(rows) == await session.scalar(made)

    async def tries(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it in the server's process; it may be cancelled."""
        await asyncio.gather(self.lives[0].does(work), return_exceptions=True)

    @property
    def writer(self) -> Peer:
        """Who may write in every state."""
        return self.peers[0]


@dataclass(frozen=True)
class Action:
    """What is cancelled: which tasks, at which doing, in which state of the section.

    reads_all: it waits the more often the more sections there are, so that the next time must not
    find those of the times before.
    """

    names: tuple[str, ...]
    does: Callable[[Interrupted], Awaitable[None]]
    state: str = "drafting"
    reads_all: bool = False


async def write(place: Interrupted) -> None:
    for peer in place.peers:
        peer.acts()
    await place.flows()


async def edit(place: Interrupted) -> None:
    group = place.world.group
    rooms = place.lives[0].rooms
    [section] = place.report.sections
    actor = Actor(MemberId(group.member.id), group.member.name)
    place.writer.acts()
    place._let_all_on()
    await place.tries(
        rooms.server_edit(
            section, lambda doc: body_of(doc).insert(1, "s1;", {}), actor, Role.MEMBER
        )
    )


async def decide(place: Interrupted) -> None:
    place.writer.acts()
    place._let_all_on()
    await place.tries(_decide(place))


async def _decide(place: Interrupted) -> None:
    group, database = place.world.group, place.world.database
    [section] = place.report.sections
    call = DecisionCall(
        section_id=section,
        paragraph_id=ParagraphId(paragraph_id(KEY)),
        verb=Verb.AGREE,
        seen_hash=await hash_of(database, section, KEY),
        seen_seq=0,
    )
    assert place.meeting is not None
    actor = Actor(MemberId(group.chair.id), group.chair.name)
    asked = gavel.GavelCall(actor, place.meeting, call, "once")
    async with database.write() as work:
        await gavel.decide(work, place.lives[0].rooms, asked)


async def open_anew(place: Interrupted) -> None:
    await place.lives[0].stop()
    place.lives = [await place._a_life()]
    for peer in place.peers:
        place._connect(peer)
    await place.flows()


async def close(place: Interrupted) -> None:
    for peer in place.peers:
        peer.acts()
    place._let_all_on()
    await place.tries(place.lives[0].rooms.close())
    await place.lives[0].stop()
    place.lives = [await place._a_life()]


async def come_and_go(place: Interrupted) -> None:
    for peer in place.peers:
        place._connect(peer)
    await place.flows()
    place.writer.acts()
    place._let_all_on()
    for line in place._lines():
        line.server_notices()
    await place.flows()


async def keep(place: Interrupted) -> None:
    path = place.world.settings.home / f"back-up-{place.seed}"
    place.writer.acts()
    place._let_all_on()
    await place.tries(back_up(place.world.database, path))
    left = await asyncio.to_thread(lambda: sorted(path.parent.glob(".*")))
    assert left == []


ACTIONS = {
    "a write": Action(("Committer.",), write),
    "an edit by the server": Action(("Committer.",), edit),
    "who asks for an edit by the server": Action(("RoomRegistry.server_edit",), edit),
    "a decision": Action(("_decide",), decide, "in_reading"),
    "the writer beside a decision": Action(("Committer.",), decide, "in_reading"),
    "the opening of a room": Action(("RoomRegistry._load", "RoomRegistry.open"), open_anew),
    "the closing of all rooms": Action(("RoomRegistry.close",), close),
    "a connection": Action(("Line.serve", "HocuspocusConnection.", "Outbox."), come_and_go),
    "a back-up": Action(("back_up",), keep, reads_all=True),
}


async def interrupt(worlds: Worlds, name: str) -> int:
    """Do it again and again, cancelled one place later each time; return how many there are."""
    place = 1
    async with AsyncExitStack() as opened:
        world = await opened.enter_async_context(worlds())
        for run in count():
            if ACTIONS[name].reads_all:
                await opened.aclose()
                world = await opened.enter_async_context(worlds())
            if not await is_interrupted(world, name, run, place):
                return place - 1
            place += place // 2 if IS_SHORT and place > _SHORT_WAY else 1
    raise AssertionError


async def is_interrupted(world: World, name: str, run: int, place: int) -> bool:
    """Do it once, cancelled at this place; return whether it came so far."""
    schedule = Interrupted(world, run)
    schedule.action = ACTIONS[name]
    schedule.interruption = Interruption(ACTIONS[name].names, place)
    try:
        await schedule.run()
    except BaseException as error:
        raise AssertionError(f"{name}, cancelled where it waits for the {place}. time") from error
    return schedule.interruption.has_come


@pytest.mark.parametrize("name", ACTIONS)
def test_whatever_is_cancelled_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    places = in_worlds(tmp_path, lambda worlds: interrupt(worlds, name))
    print(f"{places} places", file=sys.stderr)
    assert places > 0
