"""Segments: runs of old rows, packed whole into one compressed row, and unpacked again."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import LogSegment
from app.ids import SectionId, Seq
from app.rooms.log import Entry, Row, chained_hash

_LEVEL = 9
_FORMAT = 1
_SUM_SIZE = 16


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of rows as it is stored. previous_hash: of the row before the first."""

    section_id: SectionId
    first_seq: int
    last_seq: int
    body: bytes
    previous_hash: bytes
    last_hash: bytes


def pack(rows: Sequence[Row]) -> bytes:
    """Return the rows as one compressed text, without their hashes: those follow from the rest.

    Form: the first 16 bytes of the SHA-256 of what follows, for a compressed text has bits that say
    nothing and may turn over unnoticed; then zlib over the length (4 bytes, big-endian) and the
    JSON of all columns but the payloads, and the payloads one behind the other.
    """
    kinds, members, roles = _Names(), _Names(), _Names()
    last_us = 0
    columns: list[list[int]] = []
    for row in rows:
        entry = row.entry
        member = entry.member_id.hex if entry.member_id is not None else ""
        places = [kinds.place(entry.kind), members.place(member), roles.place(entry.acting_role)]
        columns.append([*places, entry.at_us - last_us, len(entry.payload)])
        last_us = entry.at_us
    names = {"kinds": kinds.names, "members": members.names, "roles": roles.names}
    head = {"format": _FORMAT, **names, "columns": list(zip(*columns, strict=True))}
    told = json.dumps(head, separators=(",", ":")).encode()
    payloads = b"".join(row.entry.payload for row in rows)
    packed = zlib.compress(len(told).to_bytes(4, "big") + told + payloads, _LEVEL)
    return _sum(packed) + packed


def unpack(segment: Segment) -> list[Row]:
    """Return the rows as they were before packing, with their hashes; none if it is damaged."""
    try:
        rows = _unpack(segment)
    except (zlib.error, ValueError, KeyError, IndexError, TypeError, OverflowError):
        return []
    is_whole = rows and rows[-1].seq == segment.last_seq and rows[-1].hash == segment.last_hash
    return rows if is_whole else []


async def read_packed(
    session: AsyncSession, section_id: SectionId, seq: int, upto: int
) -> list[Row]:
    """Return the packed rows behind seq up to `upto`, in order. A damaged segment gives none."""
    segments = await read_segments(session, section_id, seq, upto)
    return [row for segment in segments for row in unpack(segment) if seq < row.seq <= upto]


async def read_segments(
    session: AsyncSession, section_id: SectionId, seq: int, upto: int
) -> list[Segment]:
    """Return the segments that hold any row behind seq up to `upto`, in order, as stored."""
    if upto <= seq:
        return []
    found = await session.execute(
        select(
            LogSegment.first_seq,
            LogSegment.last_seq,
            LogSegment.body,
            LogSegment.previous_hash,
            LogSegment.last_hash,
        )
        .where(
            LogSegment.section_id == section_id,
            LogSegment.last_seq > seq,
            LogSegment.first_seq <= upto,
        )
        .order_by(LogSegment.first_seq)
    )
    return [Segment(section_id, *stored) for stored in found]


class _Names:
    """The different values of a column, each with its place."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self.names)
            self.names.append(name)
        return self._places[name]


def _sum(packed: bytes) -> bytes:
    return hashlib.sha256(packed).digest()[:_SUM_SIZE]


def _unpack(segment: Segment) -> list[Row]:
    packed = segment.body[_SUM_SIZE:]
    if segment.body[:_SUM_SIZE] != _sum(packed):
        return []
    source = zlib.decompress(packed)
    at = 4 + int.from_bytes(source[:4], "big")
    head: dict[str, Any] = json.loads(source[4:at])
    members = [UUID(name) if name else None for name in head["members"]]
    rows: list[Row] = []
    at_us, previous, seq = 0, segment.previous_hash, segment.first_seq
    for kind, member, role, later_us, size in zip(*head["columns"], strict=True):
        at_us += later_us
        payload = source[at : at + size]
        at += size
        entry = Entry(head["kinds"][kind], members[member], head["roles"][role], at_us, payload)
        previous = chained_hash(previous, segment.section_id, seq, entry)
        rows.append(Row(Seq(seq), entry, previous))
        seq += 1
    return rows
