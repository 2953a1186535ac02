"""Fixtures only: real servers, a fresh database for each test, the application and its clients."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, async_playwright

from app import clock
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.main import create_app
from app.settings import Settings
from tests.house import browser as chromium
from tests.house.builders import Group, House, a_working_group
from tests.house.databases import ENGINES, Databases, PostgresDatabases, SqliteDatabases
from tests.house.needs import IN_CI, MISSING, missing
from tests.house.peers import NodePeer, peers_can_run
from tests.house.servers import LiveServer, Postgres, Redis, find_postgres

StartServer = Callable[..., LiveServer]
StartPeer = Callable[..., Awaitable[NodePeer]]
OpenBrowser = Callable[..., Awaitable[BrowserContext]]


# ------------------------------------------------------------------ what is run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engines",
        default=",".join(ENGINES),
        help="database engines to run on, separated by commas",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a database on every engine, or on those its marker names."""
    if "engine_name" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("engine")
        wanted = marker.args if marker is not None else ENGINES
        metafunc.parametrize("engine_name", wanted)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    engines = config.getoption("--engines").split(",")
    left_out = [item for item in items if _engine_of(item) not in (None, *engines)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            # One browser serves all its tests, so they share the loop that it lives on.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_collection_finish() -> None:
    """Look through what stays for garbage no more: as in the server, that takes 0.1 s each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _engine_of(item: pytest.Item) -> str | None:
    call = getattr(item, "callspec", None)
    return call.params.get("engine_name") if call is not None else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip into a failure in CI: there, nothing is left out."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {item.nodeid}: {report.longrepr}"
    return report  # type: ignore[return-value]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what this machine could not test."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    gaps = sorted({reason.partition(MISSING)[2] for reason in reasons if MISSING in reason})
    for gap in gaps:
        count = sum(gap in reason for reason in reasons)
        terminalreporter.write_line(f"NOT TESTED HERE, {count} tests: {gap}", red=True, bold=True)


# ----------------------------------------------------------------------- servers


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    bin_dir = find_postgres()
    if bin_dir is None:
        missing("PostgreSQL's server programs", "install postgresql or set TEST_POSTGRES_URL")
    server = Postgres(bin_dir)
    yield server.url()
    server.stop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis server, shared by the tests: use names that nobody else would."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    server = start_redis()
    yield server.url
    server.stop()


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """A Redis server of this test's own, to be stopped and started at will."""
    server = start_redis()
    yield server
    server.stop()


def start_redis() -> Redis:
    """Return a Redis server, to be stopped by whoever asks; without the program, skip loudly."""
    program = shutil.which("redis-server")
    if program is None:
        missing("Redis", "install redis-server or set TEST_REDIS_URL")
    return Redis(program)


# --------------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes SQLite databases."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str) -> Iterator[Databases]:
    """Makes PostgreSQL databases."""
    databases = PostgresDatabases(postgres_url)
    yield databases
    databases.close()


@pytest.fixture
def databases(engine_name: str, request: pytest.FixtureRequest) -> Databases:
    """Makes databases on the engine of this run; `@pytest.mark.engine("sqlite")` keeps to one."""
    name = {"sqlite": "sqlite_databases", "postgresql": "postgres_databases"}[engine_name]
    made: Databases = request.getfixturevalue(name)
    return made


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The DATABASE_URL of a fresh database at the newest revision."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """The DATABASE_URL of a fresh database without any table."""
    url = databases.fresh(migrated=False)
    yield url
    databases.drop(url)


# ---------------------------------------------------------------------------- time


@pytest.fixture(autouse=True)
def clock_runs_on() -> Iterator[None]:
    """Let the clock run again after a test that set it."""
    yield
    clock.set_now(None)


# --------------------------------------------------- the application in this process


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of one server with a database of its own; the environment plays no part."""
    return Settings.model_validate({"home": tmp_path / "home", "DATABASE_URL": database_url})


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The door to the test's database."""
    opened = Database(settings, MemoryBroker())
    yield opened
    await opened.dispose()


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The whole application, started, in this process."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of `app` with a cookie jar, whose pages come from the server itself."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=settings.address,
        headers={"Origin": settings.address},
    ) as opened:
        yield opened


@pytest.fixture
async def house(app: FastAPI, settings: Settings) -> AsyncIterator[House]:
    """Where people, groups and reports are built for the application in this process."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=settings.address,
        headers={"Origin": settings.address},
    ) as http:
        yield House(app.state.services.database, http)


@pytest.fixture
async def group(house: House) -> Group:
    """A working group in which every role is taken."""
    return await a_working_group(house)


# ------------------------------------------------------- servers and clients apart


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts `rapporteur serve` in processes of their own: `start_server(DATABASE_URL=...)`."""
    started: list[LiveServer] = []

    def start(**environment: str) -> LiveServer:
        server = LiveServer(tmp_path / "home", environment)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def live_server(start_server: StartServer, database_url: str) -> LiveServer:
    """A server in its own process, on a fresh database of each engine."""
    return start_server(DATABASE_URL=database_url)


@pytest.fixture
async def start_peer() -> AsyncIterator[StartPeer]:
    """Starts scripts of tests/peers in Node: `await start_peer("stock.mjs", url=...)`."""
    if not peers_can_run():
        missing("Node and the front end's packages", "install Node and run make")
    started: list[NodePeer] = []

    async def start(script: str, **facts: Any) -> NodePeer:
        peer = await NodePeer.start(script, **facts)
        started.append(peer)
        return peer

    yield start
    for peer in started:
        await peer.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium, shared by the tests that look at pages."""
    program = chromium.find_chromium()
    if program is None:
        missing("Chromium", "install chromium")
    async with async_playwright() as playwright:
        launched = await chromium.launch(playwright, program)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_browser(browser: Browser) -> AsyncIterator[OpenBrowser]:
    """Opens a person's own browser, with its own cookies: `await open_browser(viewport=...)`."""
    opened: list[BrowserContext] = []

    async def open_(**options: Any) -> BrowserContext:
        context = await browser.new_context(**options)
        context.set_default_timeout(chromium.PATIENCE_MS)
        opened.append(context)
        return context

    yield open_
    for context in opened:
        await context.close()
