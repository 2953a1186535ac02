"""Reads rows of a log back, packed or not, and tells how many of them are as they were written."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import LargeBinary, Select, and_, cast, or_, select, type_coerce
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import LogEntry
from app.ids import SectionId, Seq
from app.rooms.keeping.segments import read_packed
from app.rooms.log import Entry, Row, chained_hash

# A row that cannot even be read: no hash is like this one, so it counts as damaged.
_UNREADABLE = Entry("", None, "", 0, b"")
_Raw: TypeAlias = Sequence[Any]


async def read_since(
    session: AsyncSession, section_id: SectionId, seq: int, upto: int | None = None
) -> list[Row]:
    """Return the rows behind seq, in order; upto: the last one wanted. Unverified.

    Packed rows are unpacked. Compaction leaves the newest rows unpacked, so that whoever asks for
    all that is new finds out with one query.
    """
    rows = await _read_unpacked(session, section_id, seq, upto)
    if rows[0].seq == seq + 1 if rows else upto is None:
        return rows
    # Packing moves rows in one transaction: what is no row any more by now is packed by now.
    end = rows[0].seq - 1 if rows else upto or seq
    packed = await read_packed(session, section_id, seq, end)
    if packed and packed[0].seq == seq + 1:
        return packed + rows
    # And the other way round, when somebody undoes it.
    again = await _read_unpacked(session, section_id, seq, upto)
    return again if len(again) > len(rows) else packed + rows


async def read_since_each(
    session: AsyncSession, since: Mapping[SectionId, int]
) -> dict[SectionId, list[Row]]:
    """Return for each section the rows behind its seq, in order; one query for all of them."""
    if len(since) < 2:
        return {one: await read_since(session, one, seq) for one, seq in since.items()}
    query, read = _how_to_read(session)
    behind = (and_(LogEntry.section_id == one, LogEntry.seq > seq) for one, seq in since.items())
    query = query.add_columns(LogEntry.section_id).where(or_(*behind)).order_by(LogEntry.seq)
    found: dict[SectionId, list[Row]] = {one: [] for one in since}
    for raw in await session.execute(query):
        found[raw[-1]].append(read(raw[:-1]))
    for one, rows in found.items():
        if rows and rows[0].seq > since[one] + 1:
            found[one] = await read_since(session, one, since[one])
    return found


def intact_rows(section_id: SectionId, seq: int, previous: bytes, rows: Sequence[Row]) -> int:
    """Return how many of the rows follow unbroken on the row `seq` with the hash `previous`."""
    for count, row in enumerate(rows):
        seq += 1
        if row.seq != seq or not _is_next(section_id, previous, row):
            return count
        previous = row.hash
    return len(rows)


def _is_next(section_id: SectionId, previous: bytes, row: Row) -> bool:
    try:
        expected = chained_hash(previous, section_id, row.seq, row.entry)
    except (OverflowError, UnicodeError):
        return False  # No such number or text was ever written.
    return hmac.compare_digest(expected, row.hash)


async def _read_unpacked(
    session: AsyncSession, section_id: SectionId, seq: int, upto: int | None
) -> list[Row]:
    query, read = _how_to_read(session)
    query = query.where(LogEntry.section_id == section_id, LogEntry.seq > seq)
    if upto is not None:
        query = query.where(LogEntry.seq <= upto)
    found = await session.execute(query.order_by(LogEntry.seq))
    return [read(raw) for raw in found]


def _how_to_read(
    session: AsyncSession,
) -> tuple[Select[*tuple[Any, ...]], Callable[[_Raw], Row]]:
    if session.get_bind().dialect.name == sqlite.dialect.name:
        return _PLAIN_SQLITE, _sqlite_reader()
    return _PLAIN, _read_typed


_PLAIN: Select[*tuple[Any, ...]] = select(
    LogEntry.seq,
    LogEntry.kind,
    LogEntry.member_id,
    LogEntry.acting_role,
    LogEntry.at_us,
    LogEntry.payload,
    LogEntry.hash,
)
# SQLite stores any bytes as text. Read as bytes, they cannot stop a whole log from being read.
_PLAIN_SQLITE: Select[*tuple[Any, ...]] = select(
    LogEntry.seq,
    cast(LogEntry.kind, LargeBinary),
    cast(type_coerce(LogEntry.member_id, LargeBinary), LargeBinary),
    cast(LogEntry.acting_role, LargeBinary),
    LogEntry.at_us,
    LogEntry.payload,
    LogEntry.hash,
)


def _read_typed(raw: _Raw) -> Row:
    return Row(Seq(raw[0]), Entry(*raw[1:6]), raw[6])


def _sqlite_reader() -> Callable[[_Raw], Row]:
    members: dict[bytes | None, UUID | None] = {None: None}
    names: dict[bytes, str] = {}

    def read(raw: _Raw) -> Row:
        seq, kind, member, role, at_us, payload, chained = raw
        try:
            if member not in members:
                members[member] = _read_member(member)
            for name in (kind, role):
                if name not in names:
                    names[name] = name.decode()
        except ValueError:
            return Row(Seq(seq), _UNREADABLE, b"")
        entry = Entry(names[kind], members[member], names[role], at_us, payload)
        return Row(Seq(seq), entry, chained)

    return read


def _read_member(stored: bytes) -> UUID:
    member = UUID(stored.decode())
    if member.hex.encode() != stored:
        raise ValueError("not the way in which ids are stored")
    return member
