"""One unchanging view of the database, however long it is read and whoever writes meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import String, Table, collate, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.backups.manifest import TablePart
from app.backups.values import encode_row, kind_of
from app.db.engine import Database
from app.db.migrate import revision_of

# Rows that may be megabytes each are not to come in by the hundred.
_AT_ONCE = {"stored_file": 1, "checkpoint": 20, "log_segment": 20}
_ROWS_AT_ONCE = 500


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """Give a connection that sees the database as it was at one moment, and only reads.

    Effects: writers go on; SQLite's WAL grows until the block ends.
    """
    async with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        # The view is that of the first look at a table, not of the beginning.
        await connection.run_sync(revision_of)
        yield connection
        await connection.rollback()


def describe(table: Table) -> TablePart:
    """Return what an archive says of a table of the schema, nothing being written yet."""
    columns = tuple((column.name, kind_of(column.type)) for column in table.columns)
    key = tuple(column.name for column in table.primary_key.columns)
    return TablePart(table.name, columns, key, rows=0, sha256="")


async def read_lines(connection: AsyncConnection, part: TablePart) -> AsyncIterator[bytes]:
    """Return every row as a line, in the order of the key, which is the same on either engine."""
    clause, kinds = part.clause, part.kinds
    order: list[Any] = []
    for key in (clause.columns[name] for name in part.key):
        is_text = isinstance(key.type, String) and connection.dialect.name == "postgresql"
        order.append(collate(key, "C") if is_text else key)
    at_once = _AT_ONCE.get(part.name, _ROWS_AT_ONCE)
    query = select(clause).order_by(*order).execution_options(yield_per=at_once)
    async with connection.stream(query) as rows:
        async for row in rows:
            yield encode_row(kinds, row)
