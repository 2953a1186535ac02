"""Checkpoints: sealed states, so that opening need not replay every row."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pycrdt import Doc
from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Checkpoint, LogEntry, LogSegment
from app.ids import SectionId, Seq, TextHash
from app.rooms.log import EMPTY_HASH, Head
from app.text.from_crdt import read_document
from app.text.hashing import content_hash

EMPTY_STATE = b"\x00\x00"


@dataclass(frozen=True, slots=True)
class Base:
    """A state to replay from, and the row that it stands at."""

    state: bytes
    seq: Seq
    hash: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint as read back. is_sound: its seal holds, and its row is the same still."""

    base: Base
    is_sound: bool


EMPTY_BASE = Base(EMPTY_STATE, Seq(0), EMPTY_HASH)


async def write_checkpoint(
    session: AsyncSession, head: Head, state: bytes, content_hash: TextHash
) -> None:
    """Keep the state at the head, sealed, so that opening need not replay what lies before."""
    session.add(
        Checkpoint(
            section_id=head.section.id,
            seq=head.seq,
            state=state,
            state_hash=seal(head.section.id, Base(state, head.seq, head.hash)),
            content_hash=content_hash,
            log_hash=head.hash,
        )
    )
    await session.flush()


async def checkpoint_before(session: AsyncSession, section_id: SectionId, end: int) -> Base:
    """Return the newest checkpoint up to `end` whose seal holds and whose row is still the same.

    A broken checkpoint is passed over: the rows are all kept, so an earlier one serves.
    """
    while True:
        newest = (Checkpoint.seq <= end, Checkpoint.seq > 0)
        query = _select(section_id).where(*newest).order_by(Checkpoint.seq.desc()).limit(1)
        found = (await session.execute(query)).first()
        if found is None:
            return EMPTY_BASE
        checkpoint = _read(section_id, found)
        if checkpoint.is_sound:
            return checkpoint.base
        end = checkpoint.base.seq - 1


async def list_checkpoints(
    session: AsyncSession, section_id: SectionId, first: int | None = None, last: int | None = None
) -> list[Seq]:
    """Return where there are checkpoints, in order; from `first` on, up to `last`, if given."""
    query = select(Checkpoint.seq).where(Checkpoint.section_id == section_id)
    if first is not None:
        query = query.where(Checkpoint.seq >= first)
    if last is not None:
        query = query.where(Checkpoint.seq <= last)
    found = await session.scalars(query.order_by(Checkpoint.seq))
    return [Seq(seq) for seq in found]


async def find_checkpoint(session: AsyncSession, section_id: SectionId, seq: Seq) -> Stored | None:
    """Return the checkpoint at a seq, if it is there (still: packing removes some)."""
    found = (await session.execute(_select(section_id).where(Checkpoint.seq == seq))).first()
    return _read(section_id, found) if found is not None else None


def seal(section_id: UUID, base: Base) -> bytes:
    """Return SHA-256 over section, seq, the hash of the row at seq, and the state."""
    place = section_id.bytes + base.seq.to_bytes(8, "big", signed=True)
    return hashlib.sha256(place + base.hash + base.state).digest()


async def has_content_hash(
    session: AsyncSession, section_id: SectionId, seq: Seq, content: TextHash
) -> bool:
    """Return whether the checkpoint at seq says that this is the hash of its text."""
    # The database compares: what it holds may no longer be text that could be read.
    found = await session.scalar(
        select(Checkpoint.content_hash == content).where(
            Checkpoint.section_id == section_id, Checkpoint.seq == seq
        )
    )
    return bool(found)


def common_hash(base: Base, doc: Doc[Any]) -> TextHash | None:
    """Return the hash of the text that a sound checkpoint and the document both hold, if they do.

    Both must also know of the same writing: their state vectors are equal.
    """
    kept: Doc[Any] = Doc()
    kept.apply_update(base.state)
    if kept.get_state() != doc.get_state():
        return None
    hashes = {content_hash(read_document(one)) for one in (kept, doc)}
    return hashes.pop() if len(hashes) == 1 else None


def _select(section_id: SectionId) -> Select[*tuple[Any, ...]]:
    at_row = and_(LogEntry.section_id == Checkpoint.section_id, LogEntry.seq == Checkpoint.seq)
    ends_segment = and_(
        LogSegment.section_id == Checkpoint.section_id, LogSegment.last_seq == Checkpoint.seq
    )
    logged = func.coalesce(LogEntry.hash, LogSegment.last_hash)
    return (
        select(
            Checkpoint.seq,
            Checkpoint.state,
            Checkpoint.state_hash,
            Checkpoint.log_hash,
            logged,
        )
        .outerjoin(LogEntry, at_row)
        .outerjoin(LogSegment, ends_segment)
        .where(Checkpoint.section_id == section_id)
    )


def _read(section_id: SectionId, row: Any) -> Stored:
    seq, state, sealed, log_hash, logged = row
    base = Base(state, Seq(seq), log_hash)
    is_sound = logged == log_hash and hmac.compare_digest(seal(section_id, base), sealed)
    return Stored(base, is_sound)
