"""The drill: a back-up taken while people type is restored into empty machines of either engine."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.backups.manifest import SectionPart
from app.backups.taking import back_up, check_back_up, list_sections
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.errors import Invalid
from app.ids import SectionId
from app.settings import Settings
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.databases import Databases
from tests.house.live import LiveText, a_device
from tests.house.servers import ANSWER_S, LiveServer

pytestmark = pytest.mark.slow

StartServer = Callable[..., LiveServer]


class TypingOn:
    """Somebody who types until told to stop; every word is acknowledged before the next one."""

    def __init__(self, text: LiveText) -> None:
        self._text = text
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self._type())
        self.words = 0

    async def _type(self) -> None:
        while not self._stop.is_set():
            self._text.types(f"word{self.words} ")
            await self._text.saved()
            self.words += 1

    async def has(self, words: int) -> None:
        """Return once so many words were acknowledged."""
        await self._text.until(lambda _: self.words >= words or self._task.done())

    async def stop(self) -> None:
        """Let it end, and fail if it could not type on."""
        self._stop.set()
        await self._task


def modes_in(folder: Path) -> dict[str, int]:
    """Return what lies in a folder, hidden or not, with who may read it."""
    files = (one for one in folder.iterdir() if one.is_file())
    return {one.name: one.stat().st_mode & 0o777 for one in files}


@contextmanager
def an_empty_machine(databases: Databases, folder: Path) -> Iterator[LiveServer]:
    """A server that was never started, on a database without any table."""
    url = databases.fresh(migrated=False)
    server = LiveServer(folder, {"DATABASE_URL": url})
    yield server
    server.stop()
    databases.drop(url)


async def sections_of(server: LiveServer) -> list[SectionPart]:
    """Return where the logs of a server's sections stand."""
    given = {"home": server.home, "DATABASE_URL": server.environment["DATABASE_URL"]}
    database = Database(Settings.model_validate(given), MemoryBroker())
    async with database.read() as session:
        found = await list_sections(session)
    await database.dispose()
    return found


async def back_up_while_typing(
    server: LiveServer, group: Group, section: SectionId, path: Path
) -> str:
    """Take a back-up in the middle of somebody's typing; return the words that it must hold."""
    device = await a_device(server.url.removeprefix("http://"))
    text = await device.open(section, group.member.api_token)
    typing = TypingOn(text)
    await typing.has(20)
    before = typing.words
    await asyncio.to_thread(server.run, "back-up", str(path))
    await typing.has(typing.words + 5)
    await typing.stop()
    await device.hang_up()
    return "".join(f"word{number} " for number in range(before))


async def open_restored(server: LiveServer, group: Group, section: SectionId) -> str:
    """Sign in at the restored server, and return the text of a section."""
    async with httpx.AsyncClient(base_url=server.url, timeout=ANSWER_S) as http:
        answer = await http.get("/api/v1/me", headers=group.member.headers)
        assert answer.json()["name"] == group.member.name
    device = await a_device(server.url.removeprefix("http://"))
    text = await device.open(section, group.member.api_token)
    words = text.words
    text.types("and on. ")
    await text.saved()
    await device.hang_up()
    return words


@pytest.mark.engine("sqlite")
async def test_a_back_up_of_a_busy_server_is_restored_on_the_other_engine(
    live_server: LiveServer, database: Database, postgres_databases: Databases, tmp_path: Path
) -> None:
    path = tmp_path / "monday.backup"
    await asyncio.to_thread(live_server.run, "demo")
    async with httpx.AsyncClient() as http:
        group = await a_working_group(House(database, http))
    [section] = (await a_report(group, ["Access"])).sections

    promised = await back_up_while_typing(live_server, group, section, path)

    assert await asyncio.to_thread(modes_in, tmp_path) == {"monday.backup": 0o600}
    archived = check_back_up(path).sections
    with an_empty_machine(postgres_databases, tmp_path / "machine") as machine:
        told = await asyncio.to_thread(machine.run, "restore", str(path))
        assert told.count("same  ") > len(archived)
        assert "DIFFERENT" not in told
        assert await sections_of(machine) == list(archived)
        words = await open_restored(machine.start(), group, section)
    assert words.startswith(promised)


@pytest.mark.engine("postgresql")
async def test_a_database_that_holds_something_is_left_alone(
    live_server: LiveServer, database: Database, tmp_path: Path
) -> None:
    async with httpx.AsyncClient() as http:
        await a_working_group(House(database, http))
    path = tmp_path / "monday.backup"
    await back_up(database, path)

    refused: Any
    with pytest.raises(RuntimeError, match="This database is not empty") as refused:
        await asyncio.to_thread(live_server.run, "restore", str(path))
    assert "Traceback" not in str(refused.value)
    with pytest.raises(Invalid, match="a back-up overwrites nothing"):
        await back_up(database, path)
