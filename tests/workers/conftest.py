"""Fixtures: the four ways in which Rapporteur is run, each started once for all its tests."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.settings import Settings
from tests.conftest import start_redis
from tests.house.builders import Group, House, a_working_group
from tests.house.databases import Databases
from tests.house.needs import missing
from tests.house.servers import LiveServer, Postgres, Redis, find_postgres
from tests.workers.line import Line
from tests.workers.site import Door, Site

# The tests of a site share its database, in which nobody's name may come twice.
_NUMBERS = itertools.count(1)

Start = Callable[[pytest.FixtureRequest, Path, ExitStack], Site]


def _served(stack: ExitStack, home: Path, workers: int = 1, **environment: str) -> LiveServer:
    server = LiveServer(home, environment, workers=workers)
    stack.callback(server.stop)
    return server.start().wait_for_workers()


def _on_sqlite(request: pytest.FixtureRequest, home: Path, stack: ExitStack) -> Site:
    databases: Databases = request.getfixturevalue("sqlite_databases")
    url = databases.fresh()
    server = _served(stack, home, DATABASE_URL=url)
    return Site("SQLite, one worker", url, [Door(server)] * 2)


def _on_postgresql(request: pytest.FixtureRequest, home: Path, stack: ExitStack) -> Site:
    databases: Databases = request.getfixturevalue("postgres_databases")
    url = databases.fresh()
    stack.callback(databases.drop, url)
    server = _served(stack, home, DATABASE_URL=url)
    return Site("PostgreSQL, one worker", url, [Door(server)] * 2)


def _on_two_instances(request: pytest.FixtureRequest, home: Path, stack: ExitStack) -> Site:
    databases: Databases = request.getfixturevalue("postgres_databases")
    url = databases.fresh()
    stack.callback(databases.drop, url)
    servers = [_served(stack, home / name, DATABASE_URL=url) for name in ("one", "two")]
    doors = [Door(server) for server in servers]
    return Site("PostgreSQL, two instances", url, doors, tells_who_is_where=False)


def _on_four_workers(request: pytest.FixtureRequest, home: Path, stack: ExitStack) -> Site:
    crew: Crew = request.getfixturevalue("crew")
    return Site("PostgreSQL, Redis, four workers", crew.url, crew.doors)


_SITES: dict[str, Start] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
    "two-instances": _on_two_instances,
    "four-workers": _on_four_workers,
}


class Crew:
    """Four workers with a PostgreSQL and a Redis of their own, all of which may be killed."""

    workers = 4

    def __init__(self, home: Path, stack: ExitStack) -> None:
        """Start everything."""
        programs = find_postgres()
        if programs is None:
            missing("PostgreSQL's server programs", "install postgresql")
        self.postgres = Postgres(programs, durable=True)
        stack.callback(self.postgres.stop)
        self.redis: Redis = start_redis()
        stack.callback(self.redis.stop)
        self.url = self.postgres.url()
        self.server = _served(
            stack, home, self.workers, DATABASE_URL=self.url, REDIS_URL=self.redis.url
        )
        self.doors = [Door(self.server, number) for number in range(1, self.workers + 1)]


@pytest.fixture(scope="session")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Four workers that share one port."""
    with ExitStack() as stack:
        yield Crew(tmp_path_factory.mktemp("crew"), stack)


@pytest.fixture(scope="module", params=list(_SITES))
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Each way of running it, one after the other."""
    with ExitStack() as stack:
        yield _SITES[request.param](request, tmp_path_factory.mktemp("site"), stack)


@pytest.fixture
async def site(running: Site, tmp_path: Path) -> AsyncIterator[Site]:
    """A running Rapporteur, whose devices are put away after the test."""
    opened = await opened_database(running.database_url, tmp_path)
    running.database = opened
    yield running
    await running.put_away()
    await opened.dispose()


@pytest.fixture
async def site_group(site: Site) -> AsyncIterator[Group]:
    """A working group of this test's own, whose people come in by the first door."""
    assert site.database is not None
    async with httpx.AsyncClient(base_url=site.here.server.url, timeout=60) as http:
        yield await a_working_group(House(site.database, http), f"Group {next(_NUMBERS)}")


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[Line]:
    """What the server's connections run over."""
    url = make_url(database_url)
    async with Line(url.host or "127.0.0.1", url.port or 5432).laid() as laid:
        yield laid


async def opened_database(url: str, home: Path) -> Database:
    """Return a way to the database that is not the servers'."""
    settings = Settings.model_validate({"home": home / "home", "DATABASE_URL": url})
    return Database(settings, MemoryBroker())
