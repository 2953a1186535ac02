"""Loads the undamaged beginning of a log, from the nearest intact checkpoint on."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Section
from app.errors import NotFound
from app.ids import SectionId, Seq
from app.rooms.keeping.checkpoints import checkpoint_before
from app.rooms.keeping.damage import Damage, DamagedLog
from app.rooms.keeping.replaying import replayed
from app.rooms.keeping.rows import intact_rows, read_since
from app.rooms.log import EMPTY_HASH, UPDATE


@dataclass(frozen=True, slots=True)
class Loaded:
    """The undamaged beginning of a log as one state."""

    state: bytes
    seq: Seq
    hash: bytes
    checkpoint_seq: Seq
    damage: Damage | None


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
    base = await checkpoint_before(session, section_id, end)
    rows = await read_since(session, section_id, base.seq, end)
    intact = rows[: intact_rows(section_id, base.seq, base.hash, rows)]
    seq = intact[-1].seq if intact else base.seq
    last = intact[-1].hash if intact else base.hash
    damage = None if seq == end else Damage(section_id, Seq(seq + 1))
    if damage is None and end == head.head_seq and last != (head.head_hash or EMPTY_HASH):
        damage = Damage(section_id, Seq(end))
    updates = [row.entry.payload for row in intact if row.entry.kind == UPDATE]
    state = await replayed(base.state, updates)
    return Loaded(state, seq, last, base.seq, damage)
