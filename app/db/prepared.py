"""Statements that run thousands of times a second: compiled once for each kind of database."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from sqlalchemy import BindParameter, LargeBinary, Select, Uuid, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.types import TypeEngine

Convert: TypeAlias = Callable[[Any], Any]
Converts: TypeAlias = Sequence[tuple[int, Convert]]
"""Which columns are stored otherwise than Python has them, and how they are changed."""
# No database takes any number of values; longer lists are asked about in parts.
_IDS_MAX = 4096
S = TypeVar("S", bound="Select[Any] | Insert | Update")


class Plain(Protocol):
    """A connection on which statements run as they stand, in the midst of a transaction."""

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""

    def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return what the statement selects, as it is stored."""
        ...

    def run_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run the statement once for each row of values, as they are stored."""
        ...

    def run(self, sql: str, values: Sequence[Any]) -> int:
        """Run a statement with values as they are stored; return how many rows it changed."""
        ...

    def begin_anew(self) -> None:
        """Leave nothing of what was done in this transaction, and begin another."""
        ...


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    names: tuple[str, ...]
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    into: Converts
    out_of: Converts


class Prepared(Generic[S]):
    """A statement and the ways in which its values are stored, worked out at its first use.

    Defaults of columns are not filled in: every value is to be given.
    """

    def __init__(self, statement: S) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def run_many(self, connection: Plain, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run the statement once for each row of named values."""
        plan = self._plan(connection.dialect)
        stored = [_converted(plan.values(row), plan.into) for row in rows]
        connection.run_many(plan.sql, stored)

    def run_rows(
        self, connection: Plain, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Run the statement once for each row of values, all of which have these names in order."""
        plan = self._plan(connection.dialect)
        columns = list(zip(*rows, strict=True))
        for place, convert in plan.into:
            at = names.index(plan.names[place])
            columns[at] = tuple(map(convert, columns[at]))
        if tuple(names) != plan.names:
            columns = [columns[names.index(name)] for name in plan.names]
        connection.run_many(plan.sql, list(zip(*columns, strict=True)))

    def fetch(self, connection: Plain, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Return what the statement selects, as Python values."""
        plan = self._plan(connection.dialect)
        stored = _converted(plan.values(values), plan.into)
        return [_converted(row, plan.out_of) for row in connection.fetch(plan.sql, stored)]

    def _plan(self, dialect: Dialect) -> _Plan:
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = self._make(dialect)
        return plan

    def _make(self, dialect: Dialect) -> _Plan:
        statement = self._statement
        compiled = statement.compile(dialect=dialect)
        names = tuple(compiled.positiontup or ())
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        into = [into_storage(compiled.binds[name].type, dialect) for name in names]
        out_of = [_out_of(column.type, dialect) for column in columns]
        values = _picker(names)
        return _Plan(str(compiled), names, values, _numbered(into), _numbered(out_of))


class Among:
    """A SELECT about several ids, whose number is rounded up: a few texts serve for any."""

    def __init__(
        self, make: Callable[[list[BindParameter[Any]]], Any], kind: TypeEngine[Any] | None = None
    ) -> None:
        """make: the statement with these places for ids. kind: theirs, if they are no UUIDs."""
        self._make = make
        self._kind = kind or Uuid()
        self._prepared: dict[int, Prepared[Any]] = {}

    def fetch(
        self, connection: Plain, ids: Collection[Any], values: Mapping[str, Any] | None = None
    ) -> Sequence[tuple[Any, ...]]:
        """Return what the statement selects about these ids; nothing about none."""
        given: list[Any] = list(ids)
        found: list[tuple[Any, ...]] = []
        for at in range(0, len(given), _IDS_MAX):
            found += self._fetch(connection, given[at : at + _IDS_MAX], values or {})
        return found

    def _fetch(
        self, connection: Plain, ids: list[Any], values: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        count = 1 << max(len(ids) - 1, 1).bit_length()
        prepared = self._prepared.get(count)
        if prepared is None:
            places = [bindparam(f"id{place}", type_=self._kind) for place in range(count)]
            prepared = self._prepared[count] = Prepared(self._make(places))
        ids += ids[-1:] * (count - len(ids))
        named: dict[str, Any] = {f"id{place}": one for place, one in enumerate(ids)}
        return prepared.fetch(connection, {**named, **values})


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _converted(values: Sequence[Any], converts: Converts) -> tuple[Any, ...]:
    changed = list(values)
    for place, convert in converts:
        changed[place] = convert(changed[place])
    return tuple(changed)


def _numbered(converts: Sequence[Convert | None]) -> Converts:
    return [(place, convert) for place, convert in enumerate(converts) if convert]


def into_storage(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """Return how a value of this type is changed before it is stored; None: not at all."""
    if isinstance(kind, LargeBinary):
        return None
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    # To look an id up costs more than to write it down.
    return _if_any(convert) if isinstance(kind, Uuid) else _remembering(convert)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return _remembering(kind.dialect_impl(dialect).result_processor(dialect, None))


def _remembering(convert: Convert | None) -> Convert | None:
    """Moments, and ids as they are stored, come again and again; they are made once."""
    kept = _if_any(convert)
    return lru_cache(maxsize=4096)(kept) if kept else None


def _if_any(convert: Convert | None) -> Convert | None:
    """Nothing stays nothing, whatever is done with values."""
    if convert is None:
        return None
    return lambda value: None if value is None else convert(value)
