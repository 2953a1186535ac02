"""The engine: one way of connecting for both databases, readers and writers told apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import NullPool

from app.broker.base import Broker
from app.db.embedded.looks import EmbeddedLooks
from app.db.embedded.private import keep_private
from app.db.ledger import EmbeddedLedger, Ledger, Step, log_shared, look_shared, shared_ledger
from app.db.served.line import watch_line
from app.db.served.patience import Patience, ask_idle, bound
from app.db.unit_of_work import Work
from app.settings import Settings

T = TypeVar("T")

_BUSY_MS = 15_000
# Texts, addresses and hashes of keys do not belong into what an error says of its statement.
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "hide_parameters": True}


class Database:
    """The one door to the database: `read()` looks, `write()` changes, `ledger()` logs text."""

    def __init__(self, settings: Settings, broker: Broker) -> None:
        seconds = settings.database_patience_s
        self._patience = Patience(seconds) if seconds and not settings.is_embedded else None
        self.engine = create_engine(settings.database_url, self._patience)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._broker = broker
        # SQLite has one writer at a time: waiting in line here is fair, and costs no busy loop.
        self._one_writer = asyncio.Lock() if self.is_sqlite else None
        self._embedded = (
            EmbeddedLedger(_embedded_engine(settings), self._one_writer)
            if self._one_writer is not None
            else None
        )
        self._looks = EmbeddedLooks(_embedded_engine(settings)) if self.is_sqlite else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Give a session for looking; whatever it changed is rolled back."""
        async with self._sessions() as session:
            yield session

    async def look(self, step: Step[T]) -> T:
        """Return what the step returns, which only reads: one trip where the database is embedded.

        For what is read again and again: `read()` goes there and back with every statement.
        """
        if self._looks is not None:
            return await self._looks.look(step)
        return await look_shared(self.engine, step)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Work]:
        """Give a unit of work: committed when the block ends well, rolled back when it raises.

        Effects: its after-commit callbacks run once the commit stands, outside of the transaction.
        """
        work = Work(self._broker)
        if self._one_writer is None:
            async with self._sessions() as session, work.bound_to(session):
                yield work
        else:
            async with self._one_writer, self._sessions() as session, work.bound_to(session):
                yield work
        await work.tell_others()

    def ledger(self) -> AbstractAsyncContextManager[Ledger]:
        """Give a writing transaction of plain statements, for what is written all the time.

        Unlike `write()` it stands only if one of its steps commits; nothing is told to others.
        """
        if self._embedded is None:
            return shared_ledger(self.engine)
        return self._embedded.transaction()

    async def log(self, step: Step[T]) -> T:
        """Return what the step returns, which is a whole transaction of plain statements.

        One trip where the database is embedded: it begins, runs, commits, or leaves nothing behind.
        """
        if self._embedded is None:
            return await log_shared(self.engine, step)
        return await self._embedded.log(step)

    def in_time(self) -> asyncio.Timeout:
        """Let the block take as long as a commit of texts may, if a database server makes it.

        Raises: TimeoutError instead of what is under way then; whether it stood is not known.
        """
        return asyncio.timeout(self._patience.commit_s if self._patience is not None else None)

    async def dispose(self) -> None:
        """Close every connection."""
        if self._embedded is not None:
            await self._embedded.close()
        if self._looks is not None:
            await self._looks.close()
        await self.engine.dispose()


def create_engine(url: str, patience: Patience | None = None) -> AsyncEngine:
    """Return an engine whose transactions are explicit: on SQLite, writers begin IMMEDIATE.

    patience: how long it waits for a database server; None: as long as it must.
    Effects: creates the folder and file of an embedded database, for its owner alone.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _served_engine(parsed, patience)
    if parsed.database and parsed.database != ":memory:":
        keep_private(Path(parsed.database))
    engine = create_async_engine(parsed, **_POOL)
    _prepare(engine.sync_engine)
    return engine


def _served_engine(url: URL, patience: Patience | None) -> AsyncEngine:
    arguments = patience.arguments if patience is not None else {}
    engine = create_async_engine(url, **_POOL, connect_args=arguments)
    event.listen(engine.sync_engine, "connect", watch_line)
    if patience is not None:
        bound(engine.sync_engine, patience)
    ask_idle(engine.sync_engine)
    return engine


def _embedded_engine(settings: Settings) -> Engine:
    """The same database, for one thread alone."""
    url = make_url(settings.database_url).set(drivername="sqlite")
    engine = sqlalchemy.create_engine(url, hide_parameters=True, poolclass=NullPool)
    _prepare(engine)
    return engine


def _prepare(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver must not begin transactions on its own: _begin_sqlite says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
