"""Writing in whole steps: a transaction of plain statements, one trip to the database each."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")
Step: TypeAlias = Callable[[Connection], T]


class Ledger(Protocol):
    """One writing transaction: it stands if it is finished, and is rolled back otherwise."""

    async def run(self, step: Step[T]) -> T:
        """Return what the step returns; it may run beside the event loop, one step at a time."""
        ...

    async def finish(self, step: Step[T]) -> T:
        """Return what the last step returns, once the transaction stands."""
        ...


class SharedLedger:
    """A transaction of a database server, over a connection of the pool."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, step: Step[T]) -> T:
        """Return what the step returns."""
        return await self._connection.run_sync(step)

    async def finish(self, step: Step[T]) -> T:
        """Return what the last step returns, once the transaction stands."""
        return await self._connection.run_sync(partial(_finished, step))


@asynccontextmanager
async def shared_ledger(engine: AsyncEngine) -> AsyncIterator[Ledger]:
    """Give a transaction; what was not committed when the block ends is rolled back."""
    async with engine.connect() as connection:
        yield SharedLedger(connection)


class EmbeddedLedger:
    """The transactions of an embedded database: one connection, touched by one thread alone.

    Whatever is told to that thread happens in order, also when nobody waits for it any more: a
    cancelled caller leaves neither a lock nor half a transaction behind.
    """

    def __init__(self, engine: Engine, one_writer: asyncio.Lock) -> None:
        """one_writer: who else writes to this database in this process waits for it too."""
        self._engine = engine
        self._one_writer = one_writer
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._connection: Connection | None = None

    async def run(self, step: Step[T]) -> T:
        """Return what the step returns."""
        return await asyncio.wrap_future(self._thread.submit(self._run, step))

    async def finish(self, step: Step[T]) -> T:
        """Return what the last step returns, once the transaction stands."""
        return await self.run(partial(_finished, step))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Ledger]:
        """Give a transaction; what was not committed when the block ends is rolled back."""
        async with self._one_writer:
            try:
                yield self
            except BaseException:
                # A cancelled step may still be running: the thread rolls back when it has ended.
                await self._in_order(self._roll_back)
                raise
            if self._connection is not None and self._connection.in_transaction():
                await self._in_order(self._roll_back)

    async def close(self) -> None:
        """Close the connection and let the thread go."""
        if self._connection is not None:
            await self._in_order(self._close)
        self._thread.shutdown(wait=False)

    async def _in_order(self, work: Callable[[], None]) -> None:
        await asyncio.shield(asyncio.wrap_future(self._thread.submit(work)))

    def _run(self, step: Step[T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(writes=True)
        return step(self._connection)

    def _roll_back(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.rollback()
        except Exception:
            # A connection that cannot even do that is of no use: the next step opens another.
            with suppress(Exception):
                self._connection.invalidate()
            self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()


def _finished(step: Step[T], connection: Connection) -> T:
    result = step(connection)
    connection.commit()
    return result
