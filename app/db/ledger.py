"""Writing in whole steps: a transaction of plain statements, one trip to the database each."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar

from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app.db.in_turn import InTurn
from app.db.prepared import Plain

T = TypeVar("T")
Step: TypeAlias = Callable[[Plain], T]


class Ledger(Protocol):
    """One writing transaction: it stands if it is finished, and is rolled back otherwise."""

    async def run(self, step: Step[T]) -> T:
        """Return what the step returns; it may run beside the event loop, one step at a time."""
        ...

    async def finish(self, step: Step[T]) -> T:
        """Return what the last step returns, once the transaction stands."""
        ...


class _Served:
    """A connection to a database server, in the midst of a trip of SQLAlchemy's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self._connection.dialect

    def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return what the statement selects."""
        return self._connection.exec_driver_sql(sql, tuple(values)).fetchall()

    def run_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run the statement once for each row of values."""
        self._connection.exec_driver_sql(sql, rows)

    def run(self, sql: str, values: Sequence[Any]) -> int:
        """Run the statement; return how many rows it changed."""
        return self._connection.exec_driver_sql(sql, tuple(values)).rowcount

    def begin_anew(self) -> None:
        """Roll back; the next statement begins a transaction."""
        self._connection.rollback()

    @staticmethod
    def step(step: Step[T], connection: Connection) -> T:
        """Return what a step returns."""
        return step(_Served(connection))

    @staticmethod
    def last_step(step: Step[T], connection: Connection) -> T:
        """Return what the last step returns, when it is committed."""
        result = step(_Served(connection))
        connection.commit()
        return result


class SharedLedger:
    """A transaction of a database server, over a connection of the pool."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, step: Step[T]) -> T:
        """Return what the step returns."""
        return await self._connection.run_sync(partial(_Served.step, step))

    async def finish(self, step: Step[T]) -> T:
        """Return what the last step returns, once the transaction stands."""
        return await self._connection.run_sync(partial(_Served.last_step, step))


async def in_session(session: AsyncSession, step: Step[T]) -> T:
    """Return what a step returns that runs in a session's transaction, and sees what it changed."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    connection = await session.connection()
    return await SharedLedger(connection).run(step)


async def look_shared(engine: AsyncEngine, step: Step[T]) -> T:
    """Return what the step returns; what it changed is rolled back."""
    async with engine.connect() as connection:
        return await SharedLedger(connection).run(step)


async def log_shared(engine: AsyncEngine, step: Step[T]) -> T:
    """Return what the step returns, which is a whole transaction, once that stands."""
    async with engine.connect() as connection:
        return await SharedLedger(connection).finish(step)


@asynccontextmanager
async def shared_ledger(engine: AsyncEngine) -> AsyncIterator[Ledger]:
    """Give a transaction; what was not committed when the block ends is rolled back."""
    async with engine.connect() as connection:
        yield SharedLedger(connection)


class Embedded:
    """The driver's own connection to an embedded database: SQLAlchemy's costs as much again.

    What the driver raises is named as SQLAlchemy names it. A transaction begins with a write lock.
    """

    def __init__(self, engine: Engine) -> None:
        self._lent = engine.raw_connection()
        self._driver: Any = self._lent.driver_connection
        self.dialect = engine.dialect

    @property
    def is_in_transaction(self) -> bool:
        """Whether anything is to be committed or rolled back."""
        return bool(self._driver.in_transaction)

    def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return what the statement selects."""
        try:
            found: Sequence[Sequence[Any]] = self._driver.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._named(sql, error) from error
        return found

    def run_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run the statement once for each row of values."""
        try:
            self._driver.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._named(sql, error) from error

    def run(self, sql: str, values: Sequence[Any]) -> int:
        """Run the statement; return how many rows it changed."""
        changed: int = self._execute(sql, values).rowcount
        return changed

    def begin_anew(self) -> None:
        """Roll back, and begin another transaction."""
        self.roll_back()
        self.begin()

    def begin_looking(self) -> None:
        """Begin a transaction that waits for no writer."""
        self._execute("BEGIN")

    def begin(self) -> None:
        """Begin a transaction, unless one has begun."""
        if not self._driver.in_transaction:
            self._execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        """Commit."""
        self._execute("COMMIT")

    def roll_back(self) -> None:
        """Leave nothing of a transaction; there may be none."""
        if self._driver.in_transaction:
            self._execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection: what is not committed is rolled back."""
        self._lent.close()

    def give_up(self) -> None:
        """Close the connection for good: the pool gives it to nobody else."""
        self._lent.invalidate()

    def _execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        try:
            return self._driver.execute(sql, values)
        except sqlite3.Error as error:
            raise self._named(sql, error) from error

    def _named(self, sql: str, error: sqlite3.Error) -> BaseException:
        return DBAPIError.instance(
            sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self.dialect
        )


class EmbeddedLedger:
    """The transactions of an embedded database: one connection, touched by one thread alone.

    Whatever is told to that thread happens in order, also when nobody waits for it any more: a
    cancelled caller leaves neither a lock nor half a transaction behind.
    """

    def __init__(self, engine: Engine, one_writer: asyncio.Lock) -> None:
        """one_writer: who else writes to this database in this process waits for it too."""
        self._engine = engine
        self._one_writer = one_writer
        self._thread = InTurn("ledger")
        self._connection: Embedded | None = None

    async def run(self, step: Step[T]) -> T:
        """Return what the step returns."""
        return await self._thread.submit(partial(self._run, step))

    async def finish(self, step: Step[T]) -> T:
        """Return what the last step returns, once the transaction stands."""
        return await self._thread.submit(partial(self._finish, step))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Ledger]:
        """Give a transaction; what was not committed when the block ends is rolled back."""
        async with self._one_writer:
            try:
                yield self
            except BaseException as error:
                # A cancelled step may still be running: the thread rolls back when it has ended.
                await self._in_order(partial(self._roll_back, error))
                raise
            if self._connection is not None and self._connection.is_in_transaction:
                await self._in_order(self._roll_back)

    async def log(self, step: Step[T]) -> T:
        """Return what the step returns, which is a whole transaction, once that stands."""
        async with self._one_writer:
            try:
                return await self.finish(step)
            except BaseException as error:
                await self._in_order(partial(self._roll_back, error))
                raise

    async def close(self) -> None:
        """Close the connection and let the thread go."""
        if self._connection is not None:
            await self._in_order(self._close)
        self._thread.shutdown()

    async def _in_order(self, work: Callable[[], None]) -> None:
        await asyncio.shield(self._thread.submit(work))

    def _run(self, step: Step[T]) -> T:
        if self._connection is None:
            self._connection = Embedded(self._engine)
        self._connection.begin()
        return step(self._connection)

    def _finish(self, step: Step[T]) -> T:
        result = self._run(step)
        if self._connection is not None:
            self._connection.end()
        return result

    def _roll_back(self, error: BaseException | None = None) -> None:
        if self._connection is None:
            return
        if isinstance(error, DBAPIError) and _only_reads(error):
            # A file that was opened for reading alone stays so, whatever becomes of the file.
            self._give_up()
            return
        try:
            self._connection.roll_back()
        except Exception:
            # A connection that cannot even do that is of no use: the next step opens another.
            self._give_up()

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.give_up()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()


def _only_reads(error: DBAPIError) -> bool:
    name: str = getattr(error.orig, "sqlite_errorname", "")
    return name.startswith("SQLITE_READONLY")
