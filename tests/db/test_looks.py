"""Readings in one trip: what they see, what becomes of those that fail or are cut short."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app.db.embedded.looks import EmbeddedLooks
from app.db.engine import Database
from app.db.ledger import in_session
from app.db.prepared import Among, Plain
from app.db.tables import Section
from app.ids import new_id
from tests.house.builders import Group, a_report

TITLES = Among(lambda ids: select(Section.id, Section.title).where(Section.id.in_(ids)))


async def test_however_many_ids_are_asked_about_all_are_answered(
    group: Group, database: Database
) -> None:
    first, last = await a_report(group), await a_report(group)
    asked = [first.sections[0], *(new_id() for _ in range(5000)), last.sections[0]]

    found = await database.look(lambda connection: TITLES.fetch(connection, asked))
    none = await database.look(lambda connection: TITLES.fetch(connection, []))

    assert {row[0] for row in found} == {first.sections[0], last.sections[0]}
    assert list(none) == []


async def test_a_session_reads_plainly_what_it_has_changed_itself(
    group: Group, database: Database
) -> None:
    section = (await a_report(group)).sections[0]
    async with database.read() as session:
        row = await session.get_one(Section, section)
        row.title = "Another"

        [(_, here)] = await in_session(session, lambda plain: TITLES.fetch(plain, [section]))
        [(_, there)] = await database.look(lambda plain: TITLES.fetch(plain, [section]))

    assert here == "Another"
    assert there != "Another"


async def test_a_look_sees_what_was_committed_before_it(group: Group, database: Database) -> None:
    section = (await a_report(group)).sections[0]
    for title in ("One", "Two"):
        async with database.write() as work:
            await work.session.execute(
                update(Section).where(Section.id == section).values(title=title)
            )
        [(_, seen)] = await database.look(lambda plain: TITLES.fetch(plain, [section]))
        assert seen == title


class Opened:
    """A database whose connections are remembered."""

    def __init__(self, path: Path) -> None:
        self.all: list[sqlite3.Connection] = []
        self._path = path
        engine = create_engine("sqlite://", creator=self._open, poolclass=NullPool)
        self.looks = EmbeddedLooks(engine)

    def _open(self) -> sqlite3.Connection:
        opened = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self.all.append(opened)
        return opened

    def are_closed(self) -> list[bool]:
        """Tell of each connection whether it is closed."""
        return [_is_closed(one) for one in self.all]


def _is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def one(connection: Plain) -> Any:
    return connection.fetch("SELECT 1", [])[0][0]


async def test_a_look_that_fails_costs_the_next_one_nothing(tmp_path: Path) -> None:
    opened = Opened(tmp_path / "words.db")

    with pytest.raises(OperationalError, match="no such table"):
        await opened.looks.look(lambda connection: connection.fetch("SELECT * FROM word", []))
    assert await opened.looks.look(one) == 1
    assert await opened.looks.look(one) == 1

    assert opened.are_closed() == [True, False]
    await opened.looks.close()
    assert opened.are_closed() == [True, True]


async def test_what_a_look_changes_is_rolled_back(tmp_path: Path) -> None:
    opened = Opened(tmp_path / "words.db")
    await opened.looks.look(lambda connection: connection.run("CREATE TABLE word (letters)", []))

    with pytest.raises(OperationalError, match="no such table"):
        await opened.looks.look(lambda connection: connection.fetch("SELECT * FROM word", []))

    await opened.looks.close()


async def test_closing_waits_for_a_look_that_nobody_waits_for_any_more(tmp_path: Path) -> None:
    opened = Opened(tmp_path / "words.db")
    begun, goes_on = threading.Event(), threading.Event()

    def long_look(connection: Plain) -> Any:
        begun.set()
        goes_on.wait()
        return one(connection)

    look = asyncio.create_task(opened.looks.look(long_look))
    await asyncio.to_thread(begun.wait)
    look.cancel()
    closing = asyncio.create_task(opened.looks.close())
    await asyncio.gather(look, return_exceptions=True)
    goes_on.set()
    await closing

    assert opened.are_closed() == [True]


async def test_looks_that_never_began_close_without_a_thread(tmp_path: Path) -> None:
    opened = Opened(tmp_path / "words.db")

    await opened.looks.close()

    assert opened.all == []
    with pytest.raises(RuntimeError):
        await opened.looks.look(one)
