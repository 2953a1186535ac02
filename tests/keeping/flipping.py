"""Flips single bits of what a database holds of a section's log, and puts them right again."""

import random
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from app.ids import SectionId

# Every column that the log consists of; what a row was made at does not count.
COLUMNS = {
    "log_entry": ("seq", "kind", "member_id", "acting_role", "at_us", "payload", "hash"),
    "log_segment": ("first_seq", "last_seq", "body", "previous_hash", "last_hash"),
    "checkpoint": ("seq", "state", "state_hash", "content_hash", "log_hash"),
    "section": ("head_seq", "head_hash"),
}
KEYS = {"log_entry": "seq", "log_segment": "first_seq", "checkpoint": "seq", "section": "id"}


@dataclass(frozen=True)
class Cell:
    """One stored value. key: what stands in its row's key column."""

    table: str
    key: Any
    column: str
    value: Any

    @property
    def content(self) -> bytes:
        """The value's bytes."""
        if isinstance(self.value, int):
            return self.value.to_bytes(8, "big", signed=True)
        if isinstance(self.value, UUID):
            return self.value.bytes
        return self.value.encode() if isinstance(self.value, str) else self.value

    def flipped(self, bit: int) -> Any:
        """The value with one bit turned over, of the same type; text may become any bytes."""
        content = bytearray(self.content)
        content[bit // 8] ^= 1 << bit % 8
        if isinstance(self.value, int):
            return int.from_bytes(content, "big", signed=True)
        if isinstance(self.value, UUID):
            return UUID(bytes=bytes(content))
        return bytes(content)


class Store(Protocol):
    """A database, entered beside the server."""

    async def cells(self, section: SectionId) -> list[Cell]:
        """Return every stored value of a section's log."""

    async def put(self, section: SectionId, cell: Cell, value: Any) -> bool:
        """Store another value; return False if the database does not take it."""


class SqliteStore:
    """A SQLite file."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._connection.execute("PRAGMA synchronous=OFF")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    async def cells(self, section: SectionId) -> list[Cell]:
        """Return every stored value of a section's log."""
        found = []
        for table, columns in COLUMNS.items():
            key, owner = KEYS[table], "id" if table == "section" else "section_id"
            query = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {owner} = ?"
            for key_value, *values in self._connection.execute(query, (section.hex,)):
                found += [
                    Cell(table, key_value, column, value)
                    for column, value in zip(columns, values, strict=True)
                    if value is not None
                ]
        return found

    async def put(self, section: SectionId, cell: Cell, value: Any, now: Any = None) -> bool:
        """Store another value; return False if the database does not take it."""
        key, owner = KEYS[cell.table], "id" if cell.table == "section" else "section_id"
        place = "CAST(? AS TEXT)" if isinstance(cell.value, str) else "?"
        try:
            self._connection.execute(
                f"UPDATE {cell.table} SET {cell.column} = {place} WHERE {owner} = ? AND {key} = ?",
                (value, section.hex, cell.key if now is None else now),
            )
        except sqlite3.IntegrityError:
            return False
        return True


class PostgresStore:
    """A PostgreSQL database."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    async def cells(self, section: SectionId) -> list[Cell]:
        """Return every stored value of a section's log."""
        found = []
        for table, columns in COLUMNS.items():
            key, owner = KEYS[table], "id" if table == "section" else "section_id"
            query = f"SELECT {key} AS key, {', '.join(columns)} FROM {table} WHERE {owner} = $1"
            for row in await self._connection.fetch(query, section):
                found += [
                    Cell(table, row["key"], column, row[column])
                    for column in columns
                    if row[column] is not None
                ]
        return found

    async def put(self, section: SectionId, cell: Cell, value: Any, now: Any = None) -> bool:
        """Store another value; return False if the database does not take it."""
        key, owner = KEYS[cell.table], "id" if cell.table == "section" else "section_id"
        try:
            if isinstance(cell.value, str) and isinstance(value, bytes):
                value = value.decode()
            await self._connection.execute(
                f"UPDATE {cell.table} SET {cell.column} = $1 WHERE {owner} = $2 AND {key} = $3",
                value,
                section,
                cell.key if now is None else now,
            )
        except (UnicodeDecodeError, asyncpg.PostgresError):
            return False
        return True


Look = Callable[[Cell, int], Awaitable[None]]


async def flip_bits(store: Any, section: SectionId, look: Look, seed: int, times: int) -> None:
    """Turn bits over, one at a time: look at what comes of it, then put it right again.

    Half of them are any bit of all that is stored; for the other half each column is as likely.
    """
    chance = random.Random(seed)
    cells = await store.cells(section)
    sizes = [len(cell.content) for cell in cells]
    columns: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if cell.content:
            columns.setdefault((cell.table, cell.column), []).append(cell)
    done = 0
    while done < times:
        if chance.random() < 0.5:
            [cell] = chance.choices(cells, sizes)
        else:
            cell = chance.choice(columns[chance.choice(list(columns))])
        bit = chance.randrange(8 * len(cell.content))
        value = cell.flipped(bit)
        if not await store.put(section, cell, value):
            continue
        done += 1
        try:
            await look(cell, bit)
        finally:
            is_key = cell.column == KEYS[cell.table]
            assert await store.put(section, cell, cell.value, now=value if is_key else None)
