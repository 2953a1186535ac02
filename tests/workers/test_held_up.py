"""A database that hangs, or somebody who holds a section for ever, holds nobody up for ever."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.broker.memory import MemoryBroker
from app.db.engine import Database, create_engine
from app.db.refusals import SILENT
from app.db.served.patience import ask_idle
from app.ids import SectionId
from app.rooms.keeping.verifying import verify_chain
from app.settings import Settings
from tests.house.builders import Group, a_report
from tests.house.live import LiveText, a_device, served
from tests.house.texts import read_text, words_of
from tests.workers.line import Line

pytestmark = pytest.mark.engine("postgresql")

PATIENCE_S = 3.0


@pytest.fixture
def settings(database_url: str, line: Line, tmp_path: Path) -> Settings:
    """A server of little patience, that reaches its database over the line alone."""
    return line.settings(database_url, tmp_path, database_patience_s=PATIENCE_S)


@pytest.fixture
async def beside(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Another process on the same database, which loses its own patience sooner."""
    given = {"home": tmp_path, "DATABASE_URL": database_url, "database_patience_s": 1}
    opened = Database(Settings.model_validate(given), MemoryBroker())
    yield opened
    await opened.dispose()


async def is_kept_once(database: Database, section: SectionId, text: LiveText, words: str) -> None:
    """Everything is saved by itself, and the log holds it once."""
    await text.until(lambda one: len(one.statuses) == one.sent and one.statuses[-1] == 1, "saved")
    assert text.closed is None
    assert words_of(await read_text(database, section)) == [words]
    async with database.read() as session:
        assert await verify_chain(session, section) is None


@asynccontextmanager
async def held(url: str, section: SectionId) -> AsyncIterator[None]:
    """Hold a section while the block runs, by a connection that no patience ends."""
    holder = await asyncpg.connect(url)
    try:
        async with holder.transaction():
            await holder.execute("SELECT 1 FROM section WHERE id = $1 FOR UPDATE", section)
            yield
    finally:
        await holder.close()


async def test_a_section_that_is_held_for_ever_is_not_saved_until_it_is_let_go(
    app: FastAPI, group: Group, beside: Database, database_url: str
) -> None:
    section, other = (await a_report(group, ["held", "free"])).sections
    async with served(app) as host:
        device = await a_device(host)
        mine = await device.open(section, group.member.api_token)
        free = await device.open(other, group.member.api_token)
        await mine.saved()

        async with held(database_url, section):
            mine.types("kept")
            await mine.until(lambda one: 0 in one.statuses, "not saved")
            free.types("beside")
            await free.saved()

        await is_kept_once(beside, section, mine, "kept")
        assert {"type": "unsaved", "reason": SILENT} in mine.notices
        await device.hang_up()


async def test_who_holds_a_section_and_does_no_more_is_ended(
    app: FastAPI, group: Group, beside: Database
) -> None:
    [section] = (await a_report(group)).sections
    async with served(app) as host:
        stopped = await beside.engine.connect()
        mine = await (await a_device(host)).open(section, group.member.api_token)
        await mine.saved()

        lock = text("SELECT 1 FROM section WHERE id = :id FOR UPDATE")
        await stopped.execute(lock, {"id": section})
        mine.types("kept")

        await is_kept_once(beside, section, mine, "kept")
        await mine.device.hang_up()
        await stopped.invalidate()
        await stopped.close()


async def test_a_database_that_says_nothing_any_more_is_not_waited_for(
    app: FastAPI, group: Group, line: Line, beside: Database
) -> None:
    [section] = (await a_report(group)).sections
    async with served(app) as host:
        mine = await (await a_device(host)).open(section, group.member.api_token)
        await mine.saved()

        line.falls_silent()
        mine.types("once")
        await mine.until(lambda one: 0 in one.statuses, "not saved")
        mine.types(" more")
        line.carries_on()

        await is_kept_once(beside, section, mine, "once more")
        assert {"type": "unsaved", "reason": SILENT} in mine.notices
        await mine.device.hang_up()


async def test_a_connection_that_was_ended_while_it_lay_idle_is_not_used(
    database_url: str, beside: Database
) -> None:
    scheme, _, rest = database_url.partition("://")
    engine = create_engine(f"{scheme}+asyncpg://{rest}")
    ask_idle(engine.sync_engine, idle_s=0)
    pids = []
    for _ in range(2):
        async with engine.connect() as connection:
            pids.append(await connection.scalar(text("SELECT pg_backend_pid()")))
        async with beside.read() as session:
            ended = text("SELECT pg_terminate_backend(:pid, 10000)")
            assert await session.scalar(ended, {"pid": pids[-1]})
    await engine.dispose()

    assert len(set(pids)) == 2
