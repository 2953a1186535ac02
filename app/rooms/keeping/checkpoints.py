"""Checkpoints: sealed states, so that opening need not replay every row."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Checkpoint, LogEntry
from app.ids import SectionId, Seq, TextHash
from app.rooms.log import EMPTY_HASH, Head


@dataclass(frozen=True, slots=True)
class Base:
    """A state to replay from, and the row that it stands at."""

    state: bytes
    seq: Seq
    hash: bytes


async def write_checkpoint(
    session: AsyncSession, head: Head, state: bytes, content_hash: TextHash
) -> None:
    """Keep the state at the head, sealed, so that opening need not replay what lies before."""
    session.add(
        Checkpoint(
            section_id=head.section.id,
            seq=head.seq,
            state=state,
            state_hash=_seal(head.section.id, head.seq, head.hash, state),
            content_hash=content_hash,
            log_hash=head.hash,
        )
    )
    await session.flush()


async def checkpoint_before(session: AsyncSession, section_id: SectionId, end: int) -> Base:
    """The newest checkpoint up to `end` whose seal holds and whose row is still the one it seals.

    A broken checkpoint is passed over: the rows are all kept, so an earlier one serves.
    """
    seqs = await session.scalars(
        select(Checkpoint.seq)
        .where(Checkpoint.section_id == section_id, Checkpoint.seq <= end)
        .order_by(Checkpoint.seq.desc())
    )
    for seq in seqs.all():
        row = await session.get(Checkpoint, (section_id, seq))
        logged = await session.scalar(
            select(LogEntry.hash).where(LogEntry.section_id == section_id, LogEntry.seq == seq)
        )
        if row is None or logged != row.log_hash:
            continue
        if _seal(section_id, row.seq, row.log_hash, row.state) == row.state_hash:
            return Base(row.state, Seq(seq), row.log_hash)
    return Base(b"\x00\x00", Seq(0), EMPTY_HASH)


def _seal(section_id: UUID, seq: int, log_hash: bytes, state: bytes) -> bytes:
    return hashlib.sha256(section_id.bytes + seq.to_bytes(8, "big") + log_hash + state).digest()
