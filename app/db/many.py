"""Many rows of values in one statement, for an embedded database.

Its driver lets go of the interpreter with every row that it runs a statement for, and waits to get
it back from whoever computes meanwhile: of many rows that is most of what they cost.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects import sqlite

from app.db.prepared import Convert, Plain, into_storage

# Longer statements gain nothing, and are dear to read.
_MOST = 64


class ManyRows:
    """A statement with rows of values in its midst, each of which has these columns' types."""

    def __init__(self, head: str, columns: Sequence[Column[Any]], tail: str = "") -> None:
        """head, tail: what goes before `(…), (…)`, and behind it."""
        self._head, self._tail = head, tail
        self._columns = columns
        self._texts: dict[int, str] = {}

    def add(self, connection: Plain, rows: Sequence[Sequence[Any]]) -> None:
        """Run the statement for all rows: in as few steps as its few lengths allow."""
        values, width, at = self._stored(rows), len(self._columns), 0
        while at < len(rows):
            count = min(_MOST, 1 << (len(rows) - at).bit_length() - 1)
            connection.run(self._text(count), values[at * width : (at + count) * width])
            at += count

    def change(self, connection: Plain, rows: Sequence[Sequence[Any]]) -> int:
        """Run the statement once, in which a row may well stand twice; return how many changed."""
        count = 1 << (len(rows) - 1).bit_length()
        padded = [*rows, *[rows[-1]] * (count - len(rows))]
        return connection.run(self._text(count), self._stored(padded))

    def _stored(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for place, convert in self._converts:
            columns[place] = [convert(value) for value in columns[place]]
        return [value for row in zip(*columns, strict=True) for value in row]

    @cached_property
    def _converts(self) -> list[tuple[int, Convert]]:
        dialect = sqlite.dialect()
        found = [into_storage(column.type, dialect) for column in self._columns]
        return [(place, convert) for place, convert in enumerate(found) if convert]

    def _text(self, count: int) -> str:
        text = self._texts.get(count)
        if text is None:
            row = f"({', '.join('?' * len(self._columns))})"
            text = self._texts[count] = self._head + ", ".join([row] * count) + self._tail
        return text
