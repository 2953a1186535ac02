"""One commit for many rooms: what goes wrong with one is its own, and nobody waits for it."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, func, select

from app.access.actor import Actor, Role
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.tables import ClientBinding, Section
from app.errors import NotFound, Unavailable
from app.ids import MemberId, SectionId, Seq, new_id
from app.rooms import log
from app.rooms.guard import Edit
from app.rooms.keeping.verifying import verify_chain
from app.rooms.registry import RoomRegistry
from app.rooms.room import ServerEdit
from app.rooms.watching.turns import Turns
from app.settings import Settings
from app.text.from_crdt import body_of
from tests.house.builders import BuiltReport, Group, a_report
from tests.house.live import PATIENCE_S
from tests.house.texts import read_text, words_of
from tests.rooms.conftest import OpenDevice


@pytest.fixture
async def report(group: Group) -> BuiltReport:
    """A report with many sections that are being drafted."""
    return await a_report(group, [f"Section {number}" for number in range(20)])


@pytest.fixture
def rooms(app: FastAPI) -> RoomRegistry:
    registry: RoomRegistry = app.state.services.rooms
    return registry


def writing(words: str) -> Edit:
    return lambda doc: body_of(doc).insert(len(body_of(doc)), words, {})


def member(group: Group) -> Actor:
    return Actor(MemberId(group.member.id), group.member.name)


def edits(
    rooms: RoomRegistry, sections: list[SectionId], actor: Actor, words: str
) -> list[Coroutine[Any, Any, Seq]]:
    return [rooms.server_edit(one, writing(words), actor, Role.MEMBER) for one in sections]


async def opened(rooms: RoomRegistry, report: BuiltReport) -> None:
    """Every section is open, so that what comes together is committed together."""
    await asyncio.gather(*(rooms.open(section) for section in report.sections))


async def test_what_comes_together_stands_together_each_in_its_own_log(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await opened(rooms, report)

    for turn in range(5):
        seqs = await asyncio.gather(
            *edits(rooms, report.sections, member(group), f"{turn} "),
            *edits(rooms, report.sections, member(group), "and "),
        )

    assert max(seqs) == 5, "neighbours by one author are one row"
    async with database.read() as session:
        for section in report.sections:
            assert await verify_chain(session, section) is None
    for section in report.sections:
        assert words_of(await read_text(database, section)) == ["0 and 1 and 2 and 3 and 4 and "]


async def test_an_author_whom_the_log_cannot_name_fails_alone(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await opened(rooms, report)
    nobody = Actor(MemberId(new_id()), "Nobody")
    bad, *good = report.sections

    outcomes = await asyncio.gather(
        rooms.server_edit(bad, writing("lost"), nobody, Role.MEMBER, needs_right=False),
        *edits(rooms, good, member(group), "kept"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], Unavailable)
    assert outcomes[1:] == [1] * len(good)
    assert await rooms.server_edit(bad, writing("later"), member(group), Role.MEMBER) == 1
    assert words_of(await read_text(database, bad)) == ["later"]


async def test_one_who_cannot_be_answered_leaves_no_other_without_an_answer(
    rooms: RoomRegistry, report: BuiltReport, group: Group, device: OpenDevice
) -> None:
    section = report.sections[0]
    text = await (await device()).open(section, group.member.api_token)
    await text.saved()
    room = await rooms.open(section)
    loop = asyncio.new_event_loop()
    unanswerable: asyncio.Future[Seq] = loop.create_future()
    unanswerable.add_done_callback(lambda done: done.exception())
    loop.close()
    nobody = Actor(MemberId(new_id()), "Nobody")

    # The log cannot name one of the authors: nothing of what comes together stands.
    room.add(ServerEdit(writing("lost"), nobody, Role.MEMBER, False, unanswerable))
    outcome = asyncio.gather(
        rooms.server_edit(section, writing("lost too"), nobody, Role.MEMBER, needs_right=False),
        return_exceptions=True,
    )

    assert isinstance((await outcome)[0], Unavailable)
    text.types("kept")
    await text.saved()
    assert room.is_drained


async def test_a_removed_section_is_missed_by_its_own_writers_alone(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await opened(rooms, report)
    async with database.write() as work:
        await work.session.execute(delete(Section).where(Section.id == report.sections[3]))

    outcomes = await asyncio.gather(
        *edits(rooms, report.sections, member(group), "word"), return_exceptions=True
    )

    assert isinstance(outcomes.pop(3), NotFound)
    assert outcomes == [1] * len(outcomes)


async def test_an_edit_that_raises_spoils_nothing_of_the_others(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await opened(rooms, report)

    def breaks(doc: Any) -> None:
        body_of(doc).insert(0, "half ", {})
        raise ArithmeticError

    outcomes = await asyncio.gather(
        rooms.server_edit(report.sections[0], breaks, member(group), Role.MEMBER),
        *edits(rooms, report.sections, member(group), "whole"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], ArithmeticError)
    assert outcomes[1:] == [1] * len(report.sections)
    assert words_of(await read_text(database, report.sections[0])) == ["whole"]


async def test_those_for_whom_there_was_no_time_are_next_and_keep_their_order(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await opened(rooms, report)

    def by_letters(doc: Any) -> None:
        for letter in "never in one go " * 150:
            body_of(doc).insert(len(body_of(doc)), letter, {})

    long = (rooms.server_edit(o, by_letters, member(group), Role.MEMBER) for o in report.sections)
    seqs = await asyncio.gather(*long, *edits(rooms, report.sections, member(group), "THE END"))

    assert set(seqs) <= {1, 2}
    for section in report.sections:
        [words] = words_of(await read_text(database, section))
        assert words == "never in one go " * 150 + "THE END"


async def test_large_pastes_and_keystrokes_are_all_saved(
    report: BuiltReport, group: Group, device: OpenDevice, database: Database
) -> None:
    socket = await device()
    texts = [await socket.open(one, group.member.api_token) for one in report.sections[:6]]

    for place, text in enumerate(texts):
        text.types("a paste " * 12_000 if place % 2 else "a key ")
    for text in texts:
        text.types("and more")
    for text in texts:
        await text.saved()

    for text, section in zip(texts, report.sections, strict=False):
        assert words_of(await read_text(database, section)) == [text.words]


async def test_a_client_id_is_bound_once(
    rooms: RoomRegistry, report: BuiltReport, group: Group, device: OpenDevice, database: Database
) -> None:
    socket = await device()
    texts = [await socket.open(one, group.member.api_token) for one in report.sections]

    for text in texts:
        text.types("a")
        text.types("b")
    for text in texts:
        await text.saved()

    async with database.read() as session:
        bound = await session.scalar(
            select(func.count()).where(ClientBinding.member_id == group.member.id)
        )
    assert bound == len(texts)


@pytest.mark.engine("postgresql")
async def test_a_section_that_is_held_holds_up_no_other(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await opened(rooms, report)
    held, *free = report.sections
    async with database.write() as gavel:
        await log.lock_head(gavel.session, held)

        waiting = asyncio.gather(*edits(rooms, [held], member(group), "after"))
        for turn in range(3):
            seqs = await asyncio.gather(*edits(rooms, free, member(group), "beside"))
            assert seqs == [turn + 1] * len(free)
        assert not waiting.done()

    assert await waiting == [1]


async def test_what_another_worker_wrote_in_many_sections_is_read_before_it_is_built_upon(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database, settings: Settings
) -> None:
    await opened(rooms, report)
    broker = MemoryBroker()
    elsewhere = Database(settings, broker)
    other = RoomRegistry(elsewhere, broker, settings)
    try:
        for turn in range(3):
            here, there = (rooms, other) if turn % 2 else (other, rooms)
            await asyncio.gather(*edits(here, report.sections, member(group), f"{turn} "))
            await asyncio.gather(*edits(there, report.sections[::2], member(group), "too "))
    finally:
        await other.close()
        await elsewhere.dispose()

    for place, section in enumerate(report.sections):
        expected = "0 1 2 " if place % 2 else "0 too 1 too 2 too "
        assert words_of(await read_text(database, section)) == [expected]
        async with database.read() as session:
            assert await verify_chain(session, section) is None


async def test_many_texts_come_to_rest_in_turns_with_those_who_write(
    rooms: RoomRegistry, report: BuiltReport, group: Group, database: Database
) -> None:
    await asyncio.gather(*edits(rooms, report.sections, member(group), "before "))
    loop = asyncio.get_running_loop()
    resting = asyncio.create_task(rooms._committer.rest(loop.time() + PATIENCE_S, Turns(slice_s=0)))

    for _ in range(5):
        await asyncio.sleep(0)
        assert not resting.done(), "it takes a turn for each text"
    await asyncio.gather(*edits(rooms, report.sections, member(group), "meanwhile"))
    await resting

    for section in report.sections:
        assert words_of(await read_text(database, section)) == ["before meanwhile"]
        assert (await rooms.read_head(section)).seq == 2


class Cut:
    """Runs the committer's tasks, and cuts the first that gets so far at its n-th suspension."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.was_cut = False

    def __call__(
        self, loop: asyncio.AbstractEventLoop, work: Any, **named: Any
    ) -> "asyncio.Task[Any]":
        """Make a task, as an event loop's task factory does."""
        if named.get("name") == "committer" or "Committer" in getattr(work, "__qualname__", ""):
            work = self._cutting(work)
        return asyncio.Task(work, loop=loop, **named)

    async def _cutting(self, work: Coroutine[Any, Any, Any]) -> None:
        await _Steps(work, self)

    def is_now(self, steps: int) -> bool:
        """Say whether it is to be cut at this suspension."""
        cut = not self.was_cut and steps == self._at
        self.was_cut |= cut
        return cut


class _Steps:
    def __init__(self, work: Coroutine[Any, Any, Any], cut: Cut) -> None:
        self._work, self._cut = work, cut

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = 0
        go_on: Callable[[], Any] = partial(self._work.send, None)
        while True:
            try:
                waits = go_on()
            except StopIteration as ended:
                return ended.value
            steps += 1
            task = asyncio.current_task()
            if task is not None and self._cut.is_now(steps):
                task.cancel()
            try:
                yield waits
            except BaseException as error:
                go_on = partial(self._work.throw, error)
            else:
                go_on = partial(self._work.send, None)


async def test_a_commit_that_is_cut_anywhere_leaves_nothing_unanswered_and_nothing_unlogged(
    rooms: RoomRegistry, group: Group, database: Database
) -> None:
    loop = asyncio.get_running_loop()
    report = await a_report(group, [f"Section {number}" for number in range(100)])
    ever, *fresh = report.sections
    for at, new in enumerate(fresh, start=1):
        await asyncio.gather(rooms.open(ever), rooms.open(new))
        cut = Cut(at)
        loop.set_task_factory(cut)
        async with asyncio.timeout(PATIENCE_S):
            outcomes = await asyncio.gather(
                *edits(rooms, [ever, new], member(group), "x"), return_exceptions=True
            )
            loop.set_task_factory(None)
            # The next edit finds no lock that was left, and no text that the log has not.
            await asyncio.gather(*edits(rooms, [ever, new], member(group), "y"))
        assert all(isinstance(one, int | Unavailable) for one in outcomes)
        for section, times in ((ever, at), (new, 1)):
            logged = await read_text(database, section)
            assert (await rooms.read_head(section)).document == logged
            assert words_of(logged)[0].count("y") == times
            async with database.read() as session:
                assert await verify_chain(session, section) is None
        if not cut.was_cut:
            break
    else:
        pytest.fail("There was always another suspension point.")
    assert at > 2, "there is a look, and a commit"
