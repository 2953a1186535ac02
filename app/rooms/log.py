"""The UpdateLog: chained rows that are a section's only order and its only truth."""

import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import LogEntry, Section
from app.errors import NotFound
from app.ids import SectionId, Seq

UPDATE = "update"
DECISION = "decision"
EMPTY_HASH = bytes(32)
"""What the first row of a log is chained to."""
_NOBODY = bytes(16)


class Entry(NamedTuple):
    """What is to be logged: who did what, as what, when. member_id None: the server itself."""

    kind: str
    member_id: UUID | None
    acting_role: str
    at_us: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a section's log, held by its section's locked row."""

    section: Section
    seq: Seq
    hash: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read back."""

    seq: Seq
    entry: Entry
    hash: bytes


def chained_hash(previous: bytes, section_id: UUID, seq: int, entry: Entry) -> bytes:
    """Return SHA-256 over the previous hash and every column of a row.

    Encoding: previous (32 bytes), section id (16), seq (8, big-endian), kind, member id (16, zeros
    for the server), acting role, at_us (8, big-endian), payload. The texts are UTF-8; kind, acting
    role and payload each follow their length (8, big-endian).
    """
    kind, member_id, acting_role, at_us, payload = entry
    parts = (
        previous or EMPTY_HASH,
        section_id.bytes,
        seq.to_bytes(8, "big"),
        _sized(kind),
        member_id.bytes if member_id is not None else _NOBODY,
        _sized(acting_role),
        at_us.to_bytes(8, "big"),
        len(payload).to_bytes(8, "big"),
        payload,
    )
    return hashlib.sha256(b"".join(parts)).digest()


@lru_cache(maxsize=64)
def _sized(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(8, "big") + encoded


def new_client_id() -> int:
    """Return a fresh Yjs client id: random, below 2^31, never 0."""
    return 1 + secrets.randbelow(2**31 - 1)


async def lock_head(session: AsyncSession, section_id: SectionId) -> Head:
    """Hold the section's row until the transaction ends, and return the head of its log.

    Effects: updates, decisions and changes of state of this section wait for each other here.
    Raises: NotFound.
    """
    found = await session.scalars(
        select(Section)
        .where(Section.id == section_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    section = found.one_or_none()
    if section is None:
        raise NotFound
    return Head(section, Seq(section.head_seq), section.head_hash or EMPTY_HASH)


async def append(session: AsyncSession, head: Head, entry: Entry) -> Head:
    """Add the entry behind the head, in the caller's transaction, and return the new head."""
    seq = Seq(head.seq + 1)
    chained = chained_hash(head.hash, head.section.id, seq, entry)
    session.add(
        LogEntry(
            section_id=head.section.id,
            seq=seq,
            kind=entry.kind,
            member_id=entry.member_id,
            acting_role=entry.acting_role,
            at_us=entry.at_us,
            payload=entry.payload,
            hash=chained,
        )
    )
    head.section.head_seq = seq
    head.section.head_hash = chained
    if entry.kind == UPDATE:
        head.section.changed_at = clock.from_us(entry.at_us)
        head.section.changed_by = entry.member_id
    await session.flush()
    return Head(head.section, seq, chained)
