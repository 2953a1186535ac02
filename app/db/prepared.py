"""Statements that run thousands of times a second: compiled once for each kind of database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.types import TypeEngine

Convert: TypeAlias = Callable[[Any], Any]
S = TypeVar("S", bound="Select[Any] | Insert | Update")


class Prepared(Generic[S]):
    """A statement and the ways in which its values are stored, worked out at its first use.

    Defaults of columns are not filled in: every value is to be given.
    """

    def __init__(self, statement: S) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[tuple[str, Convert | None]]]] = {}
        self._results: dict[str, list[Convert | None]] = {}

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement once for each row of named values."""
        sql, plan = self._plan(connection.dialect)
        connection.exec_driver_sql(sql, [_stored(row, plan) for row in rows])

    def fetch(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return what the statement selects, as Python values."""
        dialect = connection.dialect
        sql, plan = self._plan(dialect)
        found = connection.exec_driver_sql(sql, _stored(values, plan)).fetchall()
        converts = self._converts(dialect)
        if not any(converts):
            return [tuple(row) for row in found]
        return [
            tuple(
                convert(value) if convert and value is not None else value
                for value, convert in zip(row, converts, strict=True)
            )
            for row in found
        ]

    def _plan(self, dialect: Dialect) -> tuple[str, list[tuple[str, Convert | None]]]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._statement.compile(dialect=dialect)
            names: Iterable[str] = compiled.positiontup or ()
            plan = [(name, _into(compiled.binds[name].type, dialect)) for name in names]
            known = self._compiled[dialect.name] = (str(compiled), plan)
        return known

    def _converts(self, dialect: Dialect) -> list[Convert | None]:
        known = self._results.get(dialect.name)
        if known is None:
            columns = (
                self._statement.selected_columns if isinstance(self._statement, Select) else ()
            )
            known = [_out_of(column.type, dialect) for column in columns]
            self._results[dialect.name] = known
        return known


def _stored(
    values: Mapping[str, Any], plan: Sequence[tuple[str, Convert | None]]
) -> tuple[Any, ...]:
    return tuple(
        convert(values[name]) if convert and values[name] is not None else values[name]
        for name, convert in plan
    )


def _into(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    # Ids and names come again and again; making them anew costs more than looking them up.
    return lru_cache(maxsize=4096)(convert) if convert else None
