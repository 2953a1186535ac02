"""The statements of a commit for many rooms: their sections are held, then rows and heads stand."""

from collections.abc import Collection, Mapping, Sequence, Set
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Select,
    Table,
    Uuid,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from app import clock
from app.db.prepared import Plain, Prepared
from app.db.tables import ChangeCounter, ClientBinding, LogEntry, Section
from app.ids import SectionId, Seq
from app.rooms.log import EMPTY_HASH, Entry, chained_hash


def _table(of: Any) -> Table:
    table: Table = of.__table__
    return table


_SECTION, _COUNTER = _table(Section).c, _table(ChangeCounter).c
_ADD_ROWS = Prepared(insert(_table(LogEntry)))
_ADD_BINDINGS = Prepared(insert(_table(ClientBinding)))
_MOVE_HEADS = Prepared(
    update(_table(Section))
    .where(_SECTION.id == bindparam("held_id"))
    .values(
        head_seq=bindparam("seq"),
        head_hash=bindparam("hash"),
        changed_at=bindparam("at"),
        changed_by=bindparam("by"),
    )
)
_COUNT_TEXTS = Prepared(
    update(_table(ChangeCounter))
    .where(_COUNTER.report_id == bindparam("counted_id"))
    .values(version=_COUNTER.version + literal_column("1"), changed_at=bindparam("at"))
)


class HeldSection(NamedTuple):
    """A section's row, held until the transaction ends.

    version: how often its report has changed in more than its texts.
    """

    id: SectionId
    report_id: UUID
    subgroup_id: UUID | None
    state: str
    seq: Seq
    hash: bytes
    version: int


class Growth(NamedTuple):
    """What a section's log grows by: rows behind its head, client ids that are now bound."""

    head: HeldSection
    entries: Sequence[Entry]
    bound: Mapping[int, UUID | None]


class NewHead(NamedTuple):
    """Where a section's log ends after the commit."""

    seq: Seq
    hash: bytes


def hold_sections(
    connection: Plain, section_ids: Collection[UUID], *, waits: bool
) -> dict[UUID, HeldSection]:
    """Hold the sections' rows until the transaction ends; what is not there is left out.

    waits: otherwise rows that somebody else holds are left out too. In order of their ids, so that
    two who hold many cannot wait for each other. An embedded database has one writer, who waits.
    """
    count = _padded(len(section_ids))
    ids = _named(section_ids, count)
    if connection.dialect.name == "sqlite":
        # What is written by one at a time can be read in one look.
        found = [HeldSection._make(row) for row in _whole(count).fetch(connection, ids)]
    else:
        rows = _heads(count, waits).fetch(connection, ids)
        # After the rows are held, or a change that was waited for would be missed.
        versions = _versions_of(connection, {row[1] for row in rows})
        found = [HeldSection._make((*row, versions[row[1]])) for row in rows]
    return {head.id: head if head.hash else head._replace(hash=EMPTY_HASH) for head in found}


def log_if_unchanged(
    connection: Plain, growths: Sequence[Growth], *, until_us: Mapping[UUID, int]
) -> dict[UUID, NewHead]:
    """Log for those sections that are as their growths have them; return these heads alone.

    until_us: the moment from which what was known of a report does not count any more. Sections
    that somebody else holds are left out.
    """
    held = hold_sections(connection, [growth.head.id for growth in growths], waits=False)
    now_us = clock.now_us()
    same = [
        growth
        for growth in growths
        if held.get(growth.head.id) == growth.head and now_us <= until_us[growth.head.report_id]
    ]
    return write_logged(connection, same)


def _versions_of(connection: Plain, report_ids: Set[UUID]) -> dict[UUID, int]:
    versions = dict.fromkeys(report_ids, 0)
    if report_ids:
        count = _padded(len(report_ids))
        versions.update(_versions(count).fetch(connection, _named(report_ids, count)))
    return versions


def count_texts(connection: Plain, report_id: UUID) -> bool:
    """Count that a report's texts have moved; return False if it has no counter yet."""
    if not _versions(2).fetch(connection, _named([report_id], 2)):
        return False
    _COUNT_TEXTS.run_many(connection, [{"counted_id": report_id, "at": clock.now()}])
    return True


PLACE = (
    _SECTION.id,
    _SECTION.report_id,
    _SECTION.subgroup_id,
    _SECTION.state,
    _SECTION.head_seq,
    _SECTION.head_hash,
)
"""The columns of a HeldSection, but for the version."""


@cache
def _whole(count: int) -> Prepared[Select[Any]]:
    query = select(*PLACE, func.coalesce(_COUNTER.rights_version, literal_column("0")))
    joined = query.outerjoin(_table(ChangeCounter), _COUNTER.report_id == _SECTION.report_id)
    return Prepared(joined.where(_SECTION.id.in_(_places(count))))


@cache
def _heads(count: int, waits: bool) -> Prepared[Select[Any]]:
    query = select(*PLACE).where(_SECTION.id.in_(_places(count))).order_by(_SECTION.id)
    return Prepared(query.with_for_update(skip_locked=not waits))


@cache
def _versions(count: int) -> Prepared[Select[Any]]:
    columns = (_COUNTER.report_id, _COUNTER.rights_version)
    return Prepared(select(*columns).where(_COUNTER.report_id.in_(_places(count))))


def _padded(count: int) -> int:
    """A power of two, so that a handful of statements serves for any number of ids."""
    return 1 << max(count - 1, 1).bit_length()


def _places(count: int) -> list[BindParameter[UUID]]:
    return [bindparam(f"id{place}", type_=Uuid()) for place in range(count)]


def _named(ids: Collection[UUID], count: int) -> dict[str, UUID]:
    given = list(ids)
    given += given[-1:] * (count - len(given))
    return {f"id{place}": one for place, one in enumerate(given)}


_ROW = ("section_id", "seq", *Entry._fields, "hash")
_BINDING = ("section_id", "client_id", "member_id", "created_at")
_MOVE = ("seq", "hash", "at", "by", "held_id")


def write_logged(connection: Plain, growths: Sequence[Growth]) -> dict[UUID, NewHead]:
    """Append the rows behind the held heads and bind the client ids; return the new heads."""
    rows: list[tuple[Any, ...]] = []
    moves: list[tuple[Any, ...]] = []
    bindings: list[tuple[Any, ...]] = []
    heads: dict[UUID, NewHead] = {}
    for growth in growths:
        section_id = growth.head.id
        head = heads[section_id] = _chain(growth, rows)
        if growth.entries:
            last = growth.entries[-1]
            moves.append((*head, _moment(last.at_us), last.member_id, section_id))
        for client_id, member_id in growth.bound.items():
            bindings.append((section_id, client_id, member_id, clock.now()))
    if rows:
        _ADD_ROWS.run_rows(connection, _ROW, rows)
    if bindings:
        _ADD_BINDINGS.run_rows(connection, _BINDING, bindings)
    if moves:
        _MOVE_HEADS.run_rows(connection, _MOVE, moves)
    return heads


# All that is logged by one commit has the same moment.
_moment = lru_cache(maxsize=16)(clock.from_us)


def _chain(growth: Growth, rows: list[tuple[Any, ...]]) -> NewHead:
    head = growth.head
    section_id, seq, chained = head.id, head.seq, head.hash
    for entry in growth.entries:
        seq = Seq(seq + 1)
        chained = chained_hash(chained, section_id, seq, entry)
        rows.append((section_id, seq, *entry, chained))
    return NewHead(seq, chained)
