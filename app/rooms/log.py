"""The UpdateLog: chained rows that are a section's only order and its only truth."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pycrdt import Doc, merge_updates
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import Checkpoint, LogEntry, Section
from app.errors import NotFound, Refused
from app.ids import SectionId, Seq, TextHash

UPDATE = "update"
DECISION = "decision"
EMPTY_HASH = bytes(32)
"""What the first row of a log is chained to."""

# Merging grows with the square of the number of updates; 64 at a time was the fastest replay.
_BATCH = 64
_PAGE = 2000
# Replays longer than this would be felt by everybody on the event loop.
_INLINE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Entry:
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


@dataclass(frozen=True, slots=True)
class Damage:
    """The first row of a log that is missing or not what was written."""

    section_id: SectionId
    seq: Seq

    @property
    def sentence(self) -> str:
        """What people are told."""
        return (
            f"This text is damaged at row {self.seq} of its log. What came before is shown; "
            "nobody can change it until it has been repaired from a backup."
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """The undamaged beginning of a log as one state."""

    state: bytes
    seq: Seq
    hash: bytes
    checkpoint_seq: Seq
    damage: Damage | None


class DamagedLog(Refused):
    """What was asked for lies behind a damaged row."""


def chained_hash(previous: bytes, section_id: UUID, seq: int, entry: Entry) -> bytes:
    """Return SHA-256 over the previous hash and every column of a row.

    Encoding: previous (32 bytes), section id (16), seq (8, big-endian), kind, member id (16, zeros
    for the server), acting role, at_us (8, big-endian), payload. The texts are UTF-8; kind, acting
    role and payload each follow their length (8, big-endian).
    """
    kind, role = entry.kind.encode(), entry.acting_role.encode()
    member = entry.member_id.bytes if entry.member_id is not None else bytes(16)
    parts = (
        previous or EMPTY_HASH,
        section_id.bytes,
        seq.to_bytes(8, "big"),
        len(kind).to_bytes(8, "big"),
        kind,
        member,
        len(role).to_bytes(8, "big"),
        role,
        entry.at_us.to_bytes(8, "big"),
        len(entry.payload).to_bytes(8, "big"),
        entry.payload,
    )
    return hashlib.sha256(b"".join(parts)).digest()


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


async def read_since(
    session: AsyncSession, section_id: SectionId, seq: int, upto: int | None = None
) -> list[Row]:
    """Return the rows behind seq, in order; upto: the last one wanted. Unverified."""
    query = (
        select(
            LogEntry.seq,
            LogEntry.kind,
            LogEntry.member_id,
            LogEntry.acting_role,
            LogEntry.at_us,
            LogEntry.payload,
            LogEntry.hash,
        )
        .where(LogEntry.section_id == section_id, LogEntry.seq > seq)
        .order_by(LogEntry.seq)
    )
    if upto is not None:
        query = query.where(LogEntry.seq <= upto)
    found = await session.execute(query)
    return [Row(Seq(row[0]), Entry(*row[1:6]), row[6]) for row in found]


def intact_rows(section_id: SectionId, seq: int, previous: bytes, rows: Sequence[Row]) -> int:
    """Return how many of the rows follow unbroken on the row `seq` with the hash `previous`."""
    for count, row in enumerate(rows):
        seq += 1
        expected = chained_hash(previous, section_id, seq, row.entry)
        if row.seq != seq or not hmac.compare_digest(expected, row.hash):
            return count
        previous = row.hash
    return len(rows)


async def load_state(
    session: AsyncSession, section_id: SectionId, upto: Seq | None = None
) -> tuple[bytes, Seq]:
    """Return a section's text as one Yjs update (v1), and the seq that it stands at.

    upto: the last row that counts; None: all undamaged ones.
    Raises: NotFound; DamagedLog when a row up to `upto` is damaged.
    """
    loaded = await load(session, section_id, upto)
    if upto is not None and loaded.damage is not None:
        raise DamagedLog(loaded.damage.sentence, damaged_at=loaded.damage.seq)
    return loaded.state, loaded.seq


async def load(session: AsyncSession, section_id: SectionId, upto: Seq | None = None) -> Loaded:
    """Return the undamaged beginning of a log, from the nearest intact checkpoint on."""
    found = await session.execute(
        select(Section.head_seq, Section.head_hash).where(Section.id == section_id)
    )
    head = found.first()
    if head is None:
        raise NotFound
    end = head.head_seq if upto is None else min(upto, head.head_seq)
    base = await _checkpoint_before(session, section_id, end)
    rows = await read_since(session, section_id, base.seq, end)
    intact = rows[: intact_rows(section_id, base.seq, base.hash, rows)]
    seq = intact[-1].seq if intact else base.seq
    last = intact[-1].hash if intact else base.hash
    damage = None if seq == end else Damage(section_id, Seq(seq + 1))
    if damage is None and end == head.head_seq and last != (head.head_hash or EMPTY_HASH):
        damage = Damage(section_id, Seq(end))
    updates = [row.entry.payload for row in intact if row.entry.kind == UPDATE]
    state = await _replayed(base.state, updates)
    return Loaded(state, seq, last, base.checkpoint_seq, damage)


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


async def verify_chain(session: AsyncSession, section_id: SectionId) -> Damage | None:
    """Return the first damaged row of the whole log, or None if it is as it was written."""
    found = await session.execute(
        select(Section.head_seq, Section.head_hash).where(Section.id == section_id)
    )
    head = found.first()
    if head is None:
        raise NotFound
    seq, last = 0, EMPTY_HASH
    while seq < head.head_seq:
        rows = await read_since(session, section_id, seq, min(seq + _PAGE, head.head_seq))
        count = intact_rows(section_id, seq, last, rows)
        seq, last = seq + count, rows[count - 1].hash if count else last
        if count < len(rows) or not rows:
            return Damage(section_id, Seq(seq + 1))
    if last != (head.head_hash or EMPTY_HASH):
        return Damage(section_id, Seq(seq))
    return None


def replay(doc: Doc[Any], updates: Sequence[bytes]) -> None:
    """Apply logged updates in order."""
    if len(updates) <= _BATCH:
        for update in updates:
            doc.apply_update(update)
        return
    for start in range(0, len(updates), _BATCH):
        doc.apply_update(merge_updates(*updates[start : start + _BATCH]))


async def _checkpoint_before(session: AsyncSession, section_id: SectionId, end: int) -> Loaded:
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
            return Loaded(row.state, Seq(seq), row.log_hash, Seq(seq), None)
    return Loaded(b"\x00\x00", Seq(0), EMPTY_HASH, Seq(0), None)


def _seal(section_id: UUID, seq: int, log_hash: bytes, state: bytes) -> bytes:
    return hashlib.sha256(section_id.bytes + seq.to_bytes(8, "big") + log_hash + state).digest()


async def _replayed(state: bytes, updates: list[bytes]) -> bytes:
    if not updates:
        return state
    if len(updates) <= _INLINE_ROWS:
        return _rebuild(state, updates)
    return await asyncio.to_thread(_rebuild, state, updates)


def _rebuild(state: bytes, updates: list[bytes]) -> bytes:
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    replay(doc, updates)
    return doc.get_update()
