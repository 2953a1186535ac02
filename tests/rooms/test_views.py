"""Views are made beside everything else: they delay no end of a right, and take a bounded share."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from app.ids import ReportId
from app.rooms.registry import RoomRegistry
from app.rooms.watching.turns import Spent, Turns, metered
from tests.house.builders import BuiltReport, Group, a_report
from tests.house.live import LiveText
from tests.house.texts import block, write_text
from tests.rooms.conftest import OpenDevice

WAITING = (
    "SELECT pid, query_start FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database() ORDER BY 1"
)


@pytest.fixture
def rooms(app: FastAPI) -> RoomRegistry:
    registry: RoomRegistry = app.state.services.rooms
    return registry


def views(text: LiveText) -> list[dict[str, Any]]:
    return [notice["view"] for notice in text.notices if notice["type"] == "view"]


async def remove(group: Group) -> None:
    path = f"/working-groups/{group.id}/members/{group.member.id}"
    await group.secretariat.delete(path)


# ------------------------------------------------------------------ rights wait for no view


async def test_a_removed_member_is_told_while_a_view_is_still_in_the_making(
    group: Group, report: BuiltReport, device: OpenDevice, rooms: RoomRegistry
) -> None:
    is_making, may_end = asyncio.Event(), asyncio.Event()

    async def build(_: ReportId) -> dict[str, Any]:
        is_making.set()
        await may_end.wait()
        return {"version": 1}

    rooms.set_view(build)
    mine = await device()
    text = await mine.open(report.sections[0], group.member.api_token)
    channel = await mine.open(f"report:{report.id}", group.member.api_token)
    other = await (await device()).open(f"report:{report.id}", group.chair.api_token)
    await is_making.wait()

    await remove(group)
    await text.until(lambda text: text.closed)
    await channel.until(lambda text: text.closed)

    assert not may_end.is_set()
    may_end.set()
    await other.until(views)
    assert other.closed is None


@asynccontextmanager
async def a_locked_table(url: str, table: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold a table against everybody; give a connection that looks on."""
    holder, looker = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        async with holder.transaction():
            await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield looker
    finally:
        await looker.close()
        await holder.close()


@pytest.mark.engine("postgresql")
async def test_a_removed_member_is_told_while_the_database_holds_a_view_up(
    group: Group, report: BuiltReport, device: OpenDevice, database_url: str, app: FastAPI
) -> None:
    mine = await device()
    text = await mine.open(report.sections[0], group.member.api_token)
    channel = await mine.open(f"report:{report.id}", group.member.api_token)
    await channel.until(views)

    async with a_locked_table(database_url, "decision") as looker:
        async with app.state.services.database.write() as work:
            await work.touch_report(report.id)
        held_up = await first_held_up(looker)
        await remove(group)
        await text.until(lambda text: text.closed)
        await channel.until(lambda text: text.closed)

        # It is the same wait still: nothing has ended it meanwhile.
        assert held_up in await looker.fetch(WAITING)


async def first_held_up(looker: asyncpg.Connection) -> asyncpg.Record:
    """Return who waits for the table, and since when, once somebody does."""
    while True:
        if found := await looker.fetch(WAITING):
            return found[0]


# ------------------------------------------------------------------ a share of the processor


async def test_while_texts_move_a_dear_view_takes_a_tenth_of_the_time_at_most(
    group: Group, report: BuiltReport, device: OpenDevice, app: FastAPI
) -> None:
    made: list[tuple[float, float]] = []
    enough = asyncio.Event()
    watch = app.state.services.rooms.watch(report.id)

    async def build(_: ReportId) -> dict[str, Any]:
        began = time.perf_counter()
        burn(0.02)
        if watch.rights_version >= 0:
            made.append((began, time.perf_counter()))
        if len(made) > 5:
            enough.set()
        return {"version": 1}

    app.state.services.rooms.set_view(build)
    channel = await (await device()).open(f"report:{report.id}", group.observer.api_token)
    await channel.until(views)

    while not enough.is_set():
        async with app.state.services.database.write() as work:
            await work.touch_report(report.id, texts_only=True)

    # Before rights have been looked at once, views are as urgent as they are.
    for (began, ended), (next_began, _) in pairwise(made[2:]):
        assert next_began - ended >= 8.9 * (ended - began)


async def test_the_texts_of_many_sections_are_read_in_turns_with_everything_else(
    group: Group, rooms: RoomRegistry
) -> None:
    report = await a_report(group, [f"Section {number}" for number in range(40)])
    long = [block(f"b{number}", "a word or two " * 40) for number in range(100)]
    for section in report.sections:
        await write_text(group.house.database, section, None, long)
        await rooms.open(section)

    spent, longest_s = Spent(), 0.0
    with without_a_look_for_garbage():
        reading = asyncio.ensure_future(metered(rooms.read_heads(report.sections), spent))
        while not reading.done():
            began = time.thread_time()
            await asyncio.sleep(0)
            longest_s = max(longest_s, time.thread_time() - began)

    assert len(await reading) == 40
    assert longest_s < spent.seconds / 3


@contextmanager
def without_a_look_for_garbage() -> Iterator[None]:
    """One look through all that the tests have left takes longer than what is measured."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def test_work_in_turns_lets_others_have_theirs() -> None:
    order: list[str] = []

    async def work(name: str, turns: Turns) -> None:
        for _ in range(3):
            order.append(name)
            await turns.pause()

    await asyncio.gather(work("a", Turns(slice_s=0)), work("b", Turns(slice_s=0)))
    assert order == ["a", "b"] * 3

    order.clear()
    await asyncio.gather(work("a", Turns(slice_s=3600)), work("b", Turns(slice_s=3600)))
    assert order == ["a"] * 3 + ["b"] * 3


async def test_what_work_takes_of_the_loop_is_counted_without_its_waiting() -> None:
    go_on, spent = asyncio.Event(), Spent()

    async def work() -> str:
        await go_on.wait()
        burn(0.05)
        return "done"

    working = asyncio.ensure_future(metered(work(), spent))
    await asyncio.sleep(0)
    burn(1.0)
    go_on.set()

    assert await working == "done"
    assert 0.05 <= spent.seconds < 1.0


async def test_metered_work_is_cut_short_like_any_other() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    working = asyncio.ensure_future(metered(work(), Spent()))
    await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended == ["work"]


def burn(seconds: float) -> None:
    """Keep the event loop from everybody."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        continue
