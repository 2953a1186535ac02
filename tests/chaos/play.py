"""Plays seeded schedules: `python -m tests.chaos.play 17` plays one; two numbers name a range."""

import logging
import multiprocessing
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import structlog
from sqlalchemy import event

from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.settings import Settings
from tests.chaos.driven import drive
from tests.chaos.schedule import Disk, Schedule, World
from tests.house.builders import House, a_working_group
from tests.house.databases import SqliteDatabases

T = TypeVar("T")
Worlds = Callable[[], AbstractAsyncContextManager[World]]
# SQLite keeps it in memory where there is such a folder: no schedule cuts the power.
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
_SHARE = 25


class Broken(AssertionError):
    """A schedule in which a promise was broken, step by step."""


def play(seeds: Iterable[int]) -> None:
    """Play the schedules one after the other. Raises: Broken."""
    folder = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="rapporteur-chaos-", dir=folder) as home:
        in_a_world(Path(home), lambda world: _play(world, seeds))


def in_a_world(home: Path, work: Callable[[World], Coroutine[Any, Any, T]]) -> T:
    """Return what the work comes to in a world of its own, with its database in this folder."""
    return in_worlds(home, lambda worlds: _in_one(worlds, work))


def in_worlds(home: Path, work: Callable[[Worlds], Coroutine[Any, Any, T]]) -> T:
    """Return what the work comes to; each world that it asks for has a database of its own."""
    databases = SqliteDatabases(home)
    with _without_a_word():
        return drive(work(lambda: _a_world(databases.fresh(), home)))


async def _in_one(worlds: Worlds, work: Callable[[World], Coroutine[Any, Any, T]]) -> T:
    async with worlds() as world:
        return await work(world)


def play_on_all_cores(count: int) -> None:
    """Play the seeds from 0 on, in as many processes as there are cores. Raises: Broken."""
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=apart) as players:
        shares = [range(first, min(first + _SHARE, count)) for first in range(0, count, _SHARE)]
        playing = [players.submit(play, share) for share in shares]
        try:
            for done, share in enumerate(as_completed(playing), 1):
                share.result()
                print(f"\r{min(done * _SHARE, count)} schedules played", end="", file=sys.stderr)
        finally:
            players.shutdown(cancel_futures=True)


async def _play(world: World, seeds: Iterable[int]) -> None:
    for seed in seeds:
        schedule = Schedule(world, seed)
        try:
            await schedule.run()
        except BaseException as error:
            raise Broken(_story(schedule, error)) from error


def _story(schedule: Schedule, error: BaseException) -> str:
    steps = "\n  ".join(schedule.told)
    return f"seed {schedule.seed}: {error!r}\n  {steps}"


@contextmanager
def _without_a_word() -> Iterator[None]:
    """What the server logs of its misfortunes would drown the story."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@asynccontextmanager
async def _a_world(url: str, home: Path) -> AsyncIterator[World]:
    settings = Settings.model_validate({"DATABASE_URL": url, "home": home, "checkpoint_rows": 5})
    database = Database(settings, MemoryBroker())
    event.listen(database.engine.sync_engine, "connect", _hurry)
    try:
        async with httpx.AsyncClient() as http:
            group = await a_working_group(House(database, http))
            yield World(database, settings, group, Disk(database.engine.sync_engine))
    finally:
        await database.dispose()


def _hurry(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


if __name__ == "__main__":
    first = int(sys.argv[1])
    play(range(first, int(sys.argv[2]) if len(sys.argv) > 2 else first + 1))
