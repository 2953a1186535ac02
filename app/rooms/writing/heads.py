"""The statements of a commit for many rooms: their sections are held, then rows and heads stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from app import clock
from app.db.tables import ChangeCounter, ClientBinding, LogEntry, Section
from app.ids import SectionId, Seq
from app.rooms.log import EMPTY_HASH, Entry, chained_hash


def _table(of: Any) -> Table:
    table: Table = of.__table__
    return table


_SECTION, _COUNTER = _table(Section).c, _table(ChangeCounter).c
_HEADS = (
    select(
        _SECTION.id,
        _SECTION.report_id,
        _SECTION.subgroup_id,
        _SECTION.state,
        _SECTION.head_seq,
        _SECTION.head_hash,
    )
    .where(_SECTION.id.in_(bindparam("ids", expanding=True)))
    .order_by(_SECTION.id)
)
_HEADS_FREE = _HEADS.with_for_update(skip_locked=True)
_HEADS_WAIT = _HEADS.with_for_update()
_VERSIONS = select(_COUNTER.report_id, _COUNTER.version).where(
    _COUNTER.report_id.in_(bindparam("ids", expanding=True))
)
_ADD_ROWS = insert(_table(LogEntry))
_ADD_BINDINGS = insert(_table(ClientBinding))
_MOVE_HEADS = (
    update(_table(Section))
    .where(_SECTION.id == bindparam("held_id"))
    .values(
        head_seq=bindparam("seq"),
        head_hash=bindparam("hash"),
        changed_at=bindparam("at"),
        changed_by=bindparam("by"),
    )
)


@dataclass(frozen=True, slots=True)
class HeldSection:
    """A section's row, held until the transaction ends, and its report's change counter."""

    id: SectionId
    report_id: UUID
    subgroup_id: UUID | None
    state: str
    seq: Seq
    hash: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What a section's log grows by: rows behind its head, client ids that are now bound."""

    head: HeldSection
    entries: Sequence[Entry]
    bound: Mapping[int, UUID | None]


@dataclass(frozen=True, slots=True)
class NewHead:
    """Where a section's log ends after the commit."""

    seq: Seq
    hash: bytes


def hold_sections(
    connection: Connection, section_ids: Collection[UUID], *, waits: bool
) -> dict[UUID, HeldSection]:
    """Hold the sections' rows until the transaction ends; what is not there is left out.

    waits: otherwise rows that somebody else holds are left out too. In order of their ids, so that
    two who hold many cannot wait for each other. An embedded database has one writer, who waits.
    """
    query = _HEADS_WAIT if waits else _HEADS_FREE
    heads = connection.execute(query, {"ids": list(section_ids)}).all()
    # After the rows are held, or a change that was waited for would be missed.
    reports = list({head.report_id for head in heads})
    versions: dict[UUID, int] = {}
    if reports:
        found = connection.execute(_VERSIONS, {"ids": reports})
        versions = {report_id: version for report_id, version in found}
    return {
        head.id: HeldSection(
            head.id,
            head.report_id,
            head.subgroup_id,
            head.state,
            Seq(head.head_seq),
            head.head_hash or EMPTY_HASH,
            versions.get(head.report_id, 0),
        )
        for head in heads
    }


def write_logged(connection: Connection, growths: Sequence[Growth]) -> dict[UUID, NewHead]:
    """Append the rows behind the held heads, bind the client ids, commit; return the new heads."""
    rows: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    heads: dict[UUID, NewHead] = {}
    for growth in growths:
        heads[growth.head.id] = _chain(growth, rows)
        if growth.entries:
            moves.append(_move(growth, heads[growth.head.id]))
    bindings = [
        {"section_id": growth.head.id, "client_id": client_id, "member_id": member_id}
        for growth in growths
        for client_id, member_id in growth.bound.items()
    ]
    for statement, parameters in (
        (_ADD_ROWS, rows),
        (_ADD_BINDINGS, bindings),
        (_MOVE_HEADS, moves),
    ):
        if parameters:
            connection.execute(statement, parameters)
    connection.commit()
    return heads


def _chain(growth: Growth, rows: list[dict[str, Any]]) -> NewHead:
    seq, chained = growth.head.seq, growth.head.hash
    for entry in growth.entries:
        seq = Seq(seq + 1)
        chained = chained_hash(chained, growth.head.id, seq, entry)
        rows.append(
            {
                "section_id": growth.head.id,
                "seq": seq,
                "kind": entry.kind,
                "member_id": entry.member_id,
                "acting_role": entry.acting_role,
                "at_us": entry.at_us,
                "payload": entry.payload,
                "hash": chained,
            }
        )
    return NewHead(seq, chained)


def _move(growth: Growth, head: NewHead) -> dict[str, Any]:
    last = growth.entries[-1]
    return {
        "held_id": growth.head.id,
        "seq": head.seq,
        "hash": head.hash,
        "at": clock.from_us(last.at_us),
        "by": last.member_id,
    }
