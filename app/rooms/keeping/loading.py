"""Loads the undamaged beginning of a log, from the nearest intact checkpoint on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Section
from app.errors import NotFound
from app.ids import SectionId, Seq
from app.rooms.keeping.checkpoints import Base, checkpoint_before
from app.rooms.keeping.damage import Damage, DamagedLog
from app.rooms.keeping.replaying import rebuild
from app.rooms.keeping.rows import intact_rows, read_since
from app.rooms.log import EMPTY_HASH, UPDATE, Row

# More than this would be felt by everybody on the event loop: some 2 ms.
_INLINE_ROWS = 200
_INLINE_BYTES = 64 * 1024
_LAST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """The undamaged beginning of a log as one state."""

    state: bytes
    seq: Seq
    hash: bytes
    checkpoint_seq: Seq
    damage: Damage | None


@dataclass(frozen=True, slots=True)
class End:
    """Where the section's row says that its log ends."""

    seq: int
    hash: bytes


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
    """Return the undamaged beginning of a log, verified from the nearest intact checkpoint on.

    Effects: none, whatever is found. A long replay runs off the event loop.
    Raises: NotFound.
    """
    end = await find_end(session, section_id)
    wanted = end if upto is None or upto >= end.seq else End(upto, b"")
    base = await checkpoint_before(session, section_id, wanted.seq)
    rows = await read_since(session, section_id, base.seq, wanted.seq)
    loaded = await _off_the_loop(section_id, base, rows, wanted)
    if loaded.damage is None or wanted is not end:
        return loaded
    # The damaged thing may be the section's row: rows that follow unbroken are shown all the same.
    rows = await read_since(session, section_id, base.seq, _LAST_SEQ)
    return await _off_the_loop(section_id, base, rows, wanted)


async def warm_loading(session: AsyncSession, section_id: SectionId) -> None:
    """Ask all that a loading asks, of a section that is not there."""
    await session.execute(_end(section_id))
    await checkpoint_before(session, section_id, 0)
    await read_since(session, section_id, 0, 0)


async def find_end(session: AsyncSession, section_id: SectionId) -> End:
    """Return where the section's row says that its log ends.

    Raises: NotFound.
    """
    head = (await session.execute(_end(section_id))).first()
    if head is None:
        raise NotFound
    return End(head.head_seq, head.head_hash or EMPTY_HASH)


def _end(section_id: SectionId) -> Select[int, bytes | None]:
    return select(Section.head_seq, Section.head_hash).where(Section.id == section_id)


def end_damage(section_id: SectionId, seq: int, last: bytes, end: End) -> Damage | None:
    """Return what is wrong with a log whose unbroken rows end at `seq` with the hash `last`.

    end.hash: empty where the end of the log was not what was asked for.
    """
    if seq < end.seq:
        return Damage(section_id, Seq(seq + 1))
    if seq > end.seq or (end.hash and last != end.hash):
        return Damage(section_id, Seq(seq + 1), in_head=True)
    return None


async def _off_the_loop(section_id: SectionId, base: Base, rows: Sequence[Row], end: End) -> Loaded:
    if len(rows) > _INLINE_ROWS or len(base.state) > _INLINE_BYTES:
        return await asyncio.to_thread(_verified, section_id, base, rows, end)
    return _verified(section_id, base, rows, end)


def _verified(section_id: SectionId, base: Base, rows: Sequence[Row], end: End) -> Loaded:
    intact = rows[: intact_rows(section_id, base.seq, base.hash, rows)]
    seq = intact[-1].seq if intact else base.seq
    last = intact[-1].hash if intact else base.hash
    damage = end_damage(section_id, seq, last, end)
    updates = [row.entry.payload for row in intact if row.entry.kind == UPDATE]
    return Loaded(rebuild(base.state, updates), seq, last, base.seq, damage)
