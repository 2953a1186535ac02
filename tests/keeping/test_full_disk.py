"""A disk that takes no more, or may not be written to: nothing is acknowledged, and all is told."""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.refusals import DISK_FAILS, FULL, READ_ONLY
from app.ids import SectionId
from app.settings import Settings
from tests.conftest import StartServer
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.databases import Databases
from tests.house.live import LiveText, a_device, served
from tests.house.servers import START_S, LiveServer, ServerProcess
from tests.house.texts import read_text, words_of

# More than what is left free in the pages of a small database.
LONG = "long words " * 20_000


async def refused_for(text: LiveText, reason: str) -> None:
    """Return once an edit was refused, and the reason was told first."""
    await text.until(lambda text: 0 in text.statuses, "a refusal")
    told = [notice["reason"] for notice in text.notices if notice["type"] == "unsaved"]
    assert told[:1] == [reason]


async def open_text(host: str, group: Group, section: SectionId) -> LiveText:
    """Return a text with one word that is saved."""
    text = await (await a_device(host)).open(section, group.member.api_token)
    text.types("first ")
    await text.saved()
    return text


async def kept(database: Database, section: SectionId) -> str:
    """Return what is on disk."""
    return "".join(words_of(await read_text(database, section)))


def let_write(server: LiveServer, most_bytes: int) -> None:
    """Let the server write no file longer than this from now on."""
    assert server.process is not None
    resource.prlimit(
        server.process.pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY)
    )


@pytest.mark.slow
@pytest.mark.engine("sqlite")
async def test_words_that_find_no_room_on_disk_are_not_acknowledged_until_they_are_kept(
    live_server: LiveServer, people: Group, section: SectionId, database: Database
) -> None:
    host = live_server.url.removeprefix("http://")
    text = await open_text(host, people, section)
    reader = await (await a_device(host)).open(section, people.observer.api_token)
    saved = text.statuses.count(1)

    let_write(live_server, 0)
    text.types("second ")
    await refused_for(text, DISK_FAILS)
    for letter in "third ":
        text.types(letter)
    await text.until(lambda text: text.statuses.count(0) >= 7)

    assert text.statuses.count(1) == saved
    assert reader.words == "first "
    assert await kept(database, section) == "first "
    let_write(live_server, resource.RLIM_INFINITY)
    await reader.shows("first second third ")
    await text.until(lambda text: text.statuses.count(1) >= saved + 7)
    assert text.closed is None
    assert await kept(database, section) == "first second third "
    for one in (text, reader):
        await one.device.hang_up()


AllowPages: TypeAlias = Callable[[int], Awaitable[None]]


@pytest.fixture
def allow_pages(app: FastAPI) -> AllowPages:
    """How many pages what is logged from now on may find in the database: 1 for no more."""
    served_database: Database = app.state.services.database

    async def allow(most: int) -> None:
        async with served_database.ledger() as ledger:
            await ledger.run(lambda plain: plain.fetch(f"PRAGMA max_page_count={most}", ()))

    return allow


@pytest.mark.engine("sqlite")
async def test_a_full_database_refuses_until_there_is_room_again(
    app: FastAPI, allow_pages: AllowPages, people: Group, section: SectionId, database: Database
) -> None:
    async with served(app) as host:
        text = await open_text(host, people, section)

        await allow_pages(1)
        text.types(LONG)
        await refused_for(text, FULL)

        assert await kept(database, section) == "first "
        await allow_pages(2**31 - 2)
        await text.until(lambda text: text.statuses[-1] == 1)
        assert await kept(database, section) == f"first {LONG}"
        await text.device.hang_up()


@pytest.mark.slow
@pytest.mark.engine("postgresql")
async def test_a_database_that_only_reads_refuses_until_it_writes_again(
    live_server: LiveServer, people: Group, section: SectionId, database: Database
) -> None:
    host = live_server.url.removeprefix("http://")
    text = await open_text(host, people, section)
    url, saved = live_server.environment["DATABASE_URL"], text.statuses.count(1)

    await set_read_only(url, "on")
    text.types("second ")
    await text.until(
        lambda text: any(one.get("reason") == READ_ONLY for one in text.notices), "read-only"
    )
    await text.until(lambda text: text.statuses[-1] == 0)

    assert text.statuses.count(1) == saved
    await set_read_only(url, "off")
    await text.until(lambda text: text.statuses[-1] == 1)
    assert await kept(database, section) == "first second "
    await text.device.hang_up()


async def set_read_only(url: str, state: str) -> None:
    """Let every session of the database only read, or write again, those that are there too."""
    name = url.rpartition("/")[2]
    connection: asyncpg.Connection[Any] = await asyncpg.connect(
        f"{url.rpartition('/')[0]}/postgres"
    )
    await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {state}')
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
    )
    await connection.close()


@contextmanager
def a_folder_that_is_only_read(databases: Databases) -> Iterator[Path]:
    """A data folder with a database, in which the server's user may change nothing."""
    folder = Path(tempfile.mkdtemp(prefix="rapporteur-read-only-"))
    shutil.copyfile(databases.fresh().removeprefix("sqlite:///"), folder / "rapporteur.sqlite3")
    (folder / "rapporteur.sqlite3").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_one_who_may_not_write() -> list[str]:
    """What goes before a command so that the modes of files count for it, for root too."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


@pytest.mark.slow
@pytest.mark.engine("sqlite")
async def test_a_server_that_may_not_write_to_its_database_does_not_start(
    databases: Databases,
) -> None:
    with a_folder_that_is_only_read(databases) as folder:
        server = LiveServer(folder, {})
        command = [*as_one_who_may_not_write(), sys.executable, "-m", "app.cli", "serve"]
        process = ServerProcess(command, env=server.environment)
        await asyncio.to_thread(process.ended.wait, START_S)

        assert process.stop() == 1
        assert READ_ONLY in process.output
        assert "Traceback" not in process.output


def mount_small_disk(folder: Path) -> bool:
    """Put a file system of 4 MB there; return False where this machine does not allow it."""
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def fill(folder: Path) -> Path:
    """Write until not one byte more fits, and return what takes the room."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = mount_small_disk(folder)
    yield folder
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def can_mount() -> bool:
    """Return whether this machine lets the tests mount anything; the limits above need no leave."""
    with tempfile.TemporaryDirectory() as folder:
        if not mount_small_disk(Path(folder)):
            return False
        subprocess.run(["umount", folder], check=True)
        return True


if can_mount():

    @pytest.mark.slow
    @pytest.mark.engine("sqlite")
    async def test_a_file_system_without_room_is_told_and_heals(
        small_disk: Path, databases: Databases, start_server: StartServer
    ) -> None:
        shutil.copyfile(
            databases.fresh().removeprefix("sqlite:///"), small_disk / "rapporteur.sqlite3"
        )
        server = start_server(RAPPORTEUR_HOME=str(small_disk))
        database = Database(Settings.model_validate({"home": small_disk}), MemoryBroker())
        async with httpx.AsyncClient() as http:
            people = await a_working_group(House(database, http))
        [section] = (await a_report(people, ["Access"])).sections
        text = await open_text(server.url.removeprefix("http://"), people, section)

        filler = await asyncio.to_thread(fill, small_disk)
        text.types(LONG)
        await refused_for(text, FULL)

        assert await kept(database, section) == "first "
        filler.unlink()
        await text.until(lambda text: text.statuses[-1] == 1)
        assert await kept(database, section) == f"first {LONG}"
        await text.device.hang_up()
        await database.dispose()
        server.stop()
