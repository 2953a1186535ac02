"""The statements of a commit for many rooms: their sections are held, then rows and heads stand."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Select,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from app import clock
from app.db.many import ManyRows
from app.db.prepared import Among, Plain, Prepared
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


_ROW = ("section_id", "seq", *Entry._fields, "hash")
_BINDING = ("section_id", "client_id", "member_id", "created_at")
_MOVE = ("seq", "hash", "at", "by", "held_id")

_ADD_MANY_ROWS = ManyRows(
    "INSERT INTO log_entry (section_id, seq, kind, member_id, acting_role, at_us, payload, hash)"
    " VALUES ",
    [_table(LogEntry).c[name] for name in _ROW],
)
# A HeldSection, and behind it what _MOVE says. The driver counts what begins with UPDATE alone, and
# the database names the values' columns by itself.
_MOVE_IF_SAME = ManyRows(
    "UPDATE section SET head_seq = column8, head_hash = column9, changed_at = column10,"
    " changed_by = column11 FROM (VALUES ",
    [
        *(_SECTION.id, _SECTION.report_id, _SECTION.subgroup_id, _SECTION.state),
        *(_SECTION.head_seq, _SECTION.head_hash, _COUNTER.rights_version),
        *(_SECTION.head_seq, _SECTION.head_hash, _SECTION.changed_at, _SECTION.changed_by),
        _SECTION.id,
    ],
    ") WHERE section.id = column1 AND section.report_id = column2"
    " AND section.subgroup_id IS column3 AND section.state = column4"
    " AND section.head_seq = column5 AND section.head_hash = column6 AND column7 ="
    " coalesce((SELECT rights_version FROM change_counter WHERE report_id = column2), 0)",
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
    if connection.dialect.name == "sqlite":
        # What is written by one at a time can be read in one look.
        found = [HeldSection._make(row) for row in _WHOLE.fetch(connection, section_ids)]
    else:
        rows = (_HEADS if waits else _FREE_HEADS).fetch(connection, section_ids)
        # After the rows are held, or a change that was waited for would be missed.
        versions = look_up_versions(connection, {row[1] for row in rows})
        found = [HeldSection._make((*row, versions[row[1]])) for row in rows]
    return {head.id: head if head.hash else head._replace(hash=EMPTY_HASH) for head in found}


def log_if_unchanged(
    connection: Plain, growths: Sequence[Growth], *, until_us: Mapping[UUID, int]
) -> dict[UUID, NewHead]:
    """Log for those sections that are as their growths have them; return these heads alone.

    until_us: the moment from which what was known of a report does not count any more. Sections
    that somebody else holds are left out.
    """
    if connection.dialect.name == "sqlite" and all(map(_is_plain, growths)):
        heads = _log_all(connection, growths, min(until_us.values()))
        if heads is not None:
            return heads
        connection.begin_anew()
    held = hold_sections(connection, [growth.head.id for growth in growths], waits=False)
    now_us = clock.now_us()
    same = [
        growth
        for growth in growths
        if held.get(growth.head.id) == growth.head and now_us <= until_us[growth.head.report_id]
    ]
    return write_logged(connection, same)


def _is_plain(growth: Growth) -> bool:
    """Whether its section's head tells by its hash what it is, and will move."""
    return bool(growth.entries) and growth.head.hash != EMPTY_HASH


def _log_all(
    connection: Plain, growths: Sequence[Growth], until_us: int
) -> dict[UUID, NewHead] | None:
    """Log for all sections if all are as their growths have them; None: begin anew.

    It compares and moves the heads in one statement: few are otherwise.
    """
    if clock.now_us() > until_us:
        return None
    rows, moves, bindings, heads = _written(growths)
    compared = [(*growth.head, *move) for growth, move in zip(growths, moves, strict=True)]
    if _MOVE_IF_SAME.change(connection, compared) < len(growths):
        return None
    _ADD_MANY_ROWS.add(connection, rows)
    if bindings:
        _ADD_BINDINGS.run_rows(connection, _BINDING, bindings)
    return heads


def look_up_versions(connection: Plain, report_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the reports' `rights_version`s; 0 where nothing was counted yet."""
    versions = dict.fromkeys(report_ids, 0)
    versions.update(dict(_VERSIONS.fetch(connection, report_ids)))
    return versions


def count_texts(connection: Plain, report_id: UUID) -> bool:
    """Count that a report's texts have moved; return False if it has no counter yet."""
    if not _VERSIONS.fetch(connection, [report_id]):
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


Places: TypeAlias = list[BindParameter[UUID]]


def _whole(ids: Places) -> Select[Any]:
    query = select(*PLACE, func.coalesce(_COUNTER.rights_version, literal_column("0")))
    joined = query.outerjoin(_table(ChangeCounter), _COUNTER.report_id == _SECTION.report_id)
    return joined.where(_SECTION.id.in_(ids))


def _heads(ids: Places, waits: bool) -> Select[Any]:
    query = select(*PLACE).where(_SECTION.id.in_(ids)).order_by(_SECTION.id)
    return query.with_for_update(skip_locked=not waits)


_WHOLE = Among(_whole)
_HEADS, _FREE_HEADS = Among(partial(_heads, waits=True)), Among(partial(_heads, waits=False))
_VERSIONS = Among(
    lambda ids: select(_COUNTER.report_id, _COUNTER.rights_version).where(
        _COUNTER.report_id.in_(ids)
    )
)


def write_logged(connection: Plain, growths: Sequence[Growth]) -> dict[UUID, NewHead]:
    """Append the rows behind the held heads and bind the client ids; return the new heads."""
    rows, moves, bindings, heads = _written(growths)
    if rows:
        _ADD_ROWS.run_rows(connection, _ROW, rows)
    if bindings:
        _ADD_BINDINGS.run_rows(connection, _BINDING, bindings)
    if moves:
        _MOVE_HEADS.run_rows(connection, _MOVE, moves)
    return heads


class _Written(NamedTuple):
    """What growths come to: rows of values in the order of _ROW, _MOVE and _BINDING; new heads."""

    rows: list[tuple[Any, ...]]
    moves: list[tuple[Any, ...]]
    bindings: list[tuple[Any, ...]]
    heads: dict[UUID, NewHead]


def _written(growths: Sequence[Growth]) -> _Written:
    written = _Written([], [], [], {})
    for growth in growths:
        section_id = growth.head.id
        head = written.heads[section_id] = _chain(growth, written.rows)
        if growth.entries:
            last = growth.entries[-1]
            written.moves.append((*head, _moment(last.at_us), last.member_id, section_id))
        for client_id, member_id in growth.bound.items():
            written.bindings.append((section_id, client_id, member_id, clock.now()))
    return written


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
