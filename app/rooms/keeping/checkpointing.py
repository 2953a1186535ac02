"""Writes checkpoints beside the commits, one after the other, so that nobody waits for them."""

import asyncio
from collections import deque
from dataclasses import dataclass

from sqlalchemy import func, select

from app.db.engine import Database
from app.db.tables import Checkpoint, Section
from app.ids import SectionId, Seq
from app.logs import get_logger
from app.rooms.keeping.checkpoints import write_checkpoint
from app.rooms.log import Head
from app.rooms.room import Room
from app.text.from_crdt import read_state
from app.text.hashing import content_hash

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Due:
    section_id: SectionId
    seq: Seq
    hash: bytes
    state: bytes


class Checkpointing:
    """The checkpoints that are due. Its task runs only while there are any."""

    def __init__(self, database: Database, every_rows: int) -> None:
        self._database = database
        self._every_rows = every_rows
        self._due: deque[_Due] = deque()
        self._task: asyncio.Task[None] | None = None

    def offer(self, room: Room) -> None:
        """Keep the room's state at its head soon, if enough rows were logged since the last."""
        if room.seq - room.checkpoint_seq < self._every_rows:
            return
        room.checkpoint_seq = room.seq
        self._due.append(_Due(room.section_id, room.seq, room.hash, room.state()))
        self._start()

    async def close(self) -> None:
        """Return once every checkpoint that is due was tried."""
        while self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="checkpoints")
            self._task.add_done_callback(self._ended)

    def _ended(self, _: "asyncio.Task[None]") -> None:
        self._task = None
        if self._due:
            self._start()

    async def _run(self) -> None:
        while self._due:
            due = self._due.popleft()
            try:
                await self._write(due)
            except Exception:
                # Every row is kept: the next checkpoint serves as well.
                logger.exception("checkpoint_lost", section=str(due.section_id), seq=due.seq)

    async def _write(self, due: _Due) -> None:
        hashed = await asyncio.to_thread(lambda: content_hash(read_state(due.state)))
        async with self._database.write() as work:
            section = await work.session.get(Section, due.section_id)
            newest = await work.session.scalar(
                select(func.max(Checkpoint.seq)).where(Checkpoint.section_id == due.section_id)
            )
            # Another worker counts the same rows.
            if section is not None and due.seq - (newest or 0) >= self._every_rows:
                head = Head(section, due.seq, due.hash)
                await write_checkpoint(work.session, head, due.state, hashed)
