"""Verifies whole logs: every row, every checkpoint, and what the section's row says of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pycrdt import Doc
from sqlalchemy.ext.asyncio import AsyncSession

from app.ids import SectionId, Seq
from app.rooms.keeping.checkpoints import (
    Stored,
    common_hash,
    find_checkpoint,
    has_content_hash,
    list_checkpoints,
)
from app.rooms.keeping.damage import Damage
from app.rooms.keeping.loading import end_damage, find_end
from app.rooms.keeping.replaying import replay
from app.rooms.keeping.rows import intact_rows, read_since
from app.rooms.log import EMPTY_HASH, UPDATE, Row

_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of a section's log."""

    section_id: SectionId
    seq: Seq
    """The last row that is as it was written."""
    damage: Damage | None
    bad_checkpoints: tuple[Seq, ...] = field(default=())
    """Checkpoints that are not what was written, or not what the rows come to."""

    @property
    def is_sound(self) -> bool:
        """Whether everything is as it was written."""
        return self.damage is None and not self.bad_checkpoints

    @property
    def sentence(self) -> str:
        """What an operator is told."""
        found = [f"damaged {self.damage.place}"] if self.damage else []
        found += [f"checkpoint {seq} is damaged" for seq in self.bad_checkpoints]
        return "; ".join(found) or "sound"


async def verify_chain(session: AsyncSession, section_id: SectionId) -> Damage | None:
    """Return the first damaged row of the whole log, or None if it is as it was written.

    Raises: NotFound.
    """
    found = await _walk(session, section_id, _Chain(section_id))
    return found.damage


async def verify_log(session: AsyncSession, section_id: SectionId) -> Verified:
    """Return what is damaged in a log and its checkpoints, by a replay from the first row.

    Raises: NotFound.
    """
    found = await _walk(session, section_id, _Replay(section_id))
    if found.damage is not None:
        return found
    everywhere = await list_checkpoints(session, section_id)
    astray = [seq for seq in everywhere if not 0 < seq <= found.seq]
    return replace(found, bad_checkpoints=(*found.bad_checkpoints, *astray))


class _Chain:
    """Follows the rows from the first one on."""

    def __init__(self, section_id: SectionId) -> None:
        self.section_id = section_id
        self.seq = 0
        self.hash = EMPTY_HASH
        self.bad_checkpoints: list[Seq] = []

    async def follow(self, session: AsyncSession, rows: Sequence[Row]) -> bool:
        """Take the next rows; return whether they follow unbroken."""
        count = await asyncio.to_thread(intact_rows, self.section_id, self.seq, self.hash, rows)
        if count:
            await self._take(session, rows[:count])
            self.seq, self.hash = rows[count - 1].seq, rows[count - 1].hash
        return count == len(rows) > 0

    async def _take(self, session: AsyncSession, rows: Sequence[Row]) -> None:
        """Look at rows that are as they were written."""


class _Replay(_Chain):
    """Makes the text anew on the way, and compares every checkpoint with it."""

    def __init__(self, section_id: SectionId) -> None:
        super().__init__(section_id)
        self._doc: Doc[Any] = Doc()

    async def _take(self, session: AsyncSession, rows: Sequence[Row]) -> None:
        first, last = rows[0].seq, rows[-1].seq
        for seq in await list_checkpoints(session, self.section_id, first, last):
            checkpoint = await find_checkpoint(session, self.section_id, seq)
            at = seq - first + 1
            await asyncio.to_thread(self._replay, rows[:at])
            rows, first = rows[at:], Seq(seq + 1)
            if checkpoint is not None and not await self._is_true(session, checkpoint):
                self.bad_checkpoints.append(seq)
        await asyncio.to_thread(self._replay, rows)

    async def _is_true(self, session: AsyncSession, checkpoint: Stored) -> bool:
        if not checkpoint.is_sound:
            return False
        same = await asyncio.to_thread(common_hash, checkpoint.base, self._doc)
        seq = checkpoint.base.seq
        return same is not None and await has_content_hash(session, self.section_id, seq, same)

    def _replay(self, rows: Sequence[Row]) -> None:
        replay(self._doc, [row.entry.payload for row in rows if row.entry.kind == UPDATE])


async def _walk(session: AsyncSession, section_id: SectionId, chain: _Chain) -> Verified:
    end = await find_end(session, section_id)
    while chain.seq < end.seq:
        rows = await read_since(session, section_id, chain.seq, min(chain.seq + _PAGE, end.seq))
        if not await chain.follow(session, rows):
            break
    damage = end_damage(section_id, chain.seq, chain.hash, end)
    if damage is None and await read_since(session, section_id, end.seq):
        # Whoever writes while this reads moves the head as well.
        if (await find_end(session, section_id)).seq <= end.seq:
            damage = Damage(section_id, Seq(end.seq + 1), in_head=True)
    return Verified(section_id, Seq(chain.seq), damage, tuple(chain.bad_checkpoints))
