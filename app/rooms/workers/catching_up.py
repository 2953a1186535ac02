"""Rooms that learn of rows written by other workers: each reads on until it has seen them."""

import asyncio
from collections.abc import Iterable

from app.ids import SectionId, Seq
from app.rooms.room import CatchUp, Room


class CatchingUp:
    """What the rooms of this worker have yet to read."""

    def __init__(self) -> None:
        self._wanted: dict[SectionId, Seq] = {}

    def want(self, room: Room, seq: Seq) -> None:
        """Let the room read on until this row, soon."""
        if seq <= room.seq or room.damage is not None:
            return
        is_at_it = room.section_id in self._wanted
        self._wanted[room.section_id] = max(seq, self._wanted.get(room.section_id, seq))
        if not is_at_it:
            read_on(room).add_done_callback(lambda done: self._note(room, seq, done))

    def _note(self, room: Room, asked: Seq, done: "asyncio.Future[None]") -> None:
        wanted = self._wanted.pop(room.section_id)
        # Looked at in any case: nobody else waits for it, and what went wrong was logged.
        failed = done.cancelled() or done.exception() is not None
        # One that failed, or that was told of a row that is not there, is not repeated at once: the
        # next look at the heads wants it again.
        if wanted > asked and not failed:
            self.want(room, wanted)


def read_on(room: Room) -> "asyncio.Future[None]":
    """Return what is done once the room has read what stands in its log now.

    It fails with Unavailable while the database is away.
    """
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    room.add(CatchUp(done))
    return done


async def caught_up(rooms: Iterable[Room], patience_s: float) -> None:
    """Return once the rooms have read what stands in their logs, or the patience is over."""
    waiting = [read_on(room) for room in rooms]
    for one in waiting:
        # What went wrong is not the asker's matter: the rooms say it to who writes in them.
        one.add_done_callback(lambda done: done.cancelled() or done.exception())
    if waiting:
        await asyncio.wait(waiting, timeout=patience_s)
