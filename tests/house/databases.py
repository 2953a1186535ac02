"""A fresh, migrated database for each test, cheaply: a copy of one that was migrated once."""

import asyncio
import itertools
import os
import shutil
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import asyncpg

from app.db.engine import create_engine
from app.db.migrate import migrate

T = TypeVar("T")
ENGINES = ("sqlite", "postgresql")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine on a loop of its own, beside any that runs, and return its result."""
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(asyncio.run, work).result()


class Databases(Protocol):
    """Makes databases on one engine."""

    def fresh(self, *, migrated: bool = True) -> str:
        """Return the DATABASE_URL of a new database, at the newest revision or quite empty."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database that `fresh` made, whoever is still connected."""
        ...


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._template = folder / "template.sqlite3"
        run_apart(_migrate(_sqlite_url(self._template)))

    def fresh(self, *, migrated: bool = True) -> str:
        """Return the DATABASE_URL of a new file."""
        path = self._folder / f"test-{next(self._numbers)}.sqlite3"
        if migrated:
            shutil.copyfile(self._template, path)
        return _sqlite_url(path)

    def drop(self, url: str) -> None:
        """Remove the file and what lies beside it."""
        path = Path(url.removeprefix("sqlite:///"))
        for beside in path.parent.glob(f"{path.name}*"):
            beside.unlink()


class PostgresDatabases:
    """Databases made from one migrated template."""

    def __init__(self, server_url: str) -> None:
        """server_url: an address on the server whose user may create databases."""
        self._server_url = server_url
        self._prefix = f"rapporteur_test_{os.getpid()}"
        self._numbers = itertools.count(1)
        self._template = f"{self._prefix}_template"
        self._execute(f'CREATE DATABASE "{self._template}" TEMPLATE template0')
        run_apart(_migrate(self._url(self._template)))
        # One after the other, while a test runs: the next one's database is there when it begins.
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="databases")
        self._next = self._maker.submit(self._make, self._template)

    def fresh(self, *, migrated: bool = True) -> str:
        """Return the DATABASE_URL of a new database on the server."""
        if not migrated:
            return self._make("template0")
        made, self._next = self._next, self._maker.submit(self._make, self._template)
        return made.result()

    def drop(self, url: str) -> None:
        """Remove the database and end its connections, soon."""
        self._maker.submit(self._drop, url.rpartition("/")[2])

    def close(self) -> None:
        """Remove what is left: the server may be one that outlives the tests."""
        self.drop(self._next.result())
        self.drop(self._url(self._template))
        self._maker.shutdown()

    def _make(self, template: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    def _drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return f"{self._server_url.rpartition('/')[0]}/{name}"

    def _execute(self, statement: str) -> None:
        run_apart(_execute(self._server_url, statement))


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    scheme, _, rest = url.partition("://")
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}[scheme]
    engine = create_engine(f"{driver}://{rest}")
    try:
        await migrate(engine)
    finally:
        await engine.dispose()
