"""Writes what waits in all rooms of this process: one commit for all that came together."""

import asyncio
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from app.db.engine import Database
from app.ids import SectionId
from app.logs import get_logger
from app.rooms.guarding.rights import KnownRights
from app.rooms.keeping.checkpointing import Checkpointing
from app.rooms.keeping.rows import read_since_each
from app.rooms.log import Row
from app.rooms.room import Room
from app.rooms.watching.turns import Turns
from app.rooms.writing.answers import refuse_each, unsaved
from app.rooms.writing.commit import PROVING_MAX_S, Outcome, SharedCommit
from app.rooms.writing.share import Share, apart, note_loss, where_they_are
from app.rooms.writing.tick import Tick
from app.rooms.writing.writer import Writer
from app.settings import Settings

# What one transaction takes in at most: what is behind it waits no longer than for that.
_EDITS_MAX = 256
_BYTES_MAX = 256 * 1024
# A room that has more to prove than this gets a transaction of its own.
_LIGHT_BYTES = 64 * 1024
_LIGHT_S = PROVING_MAX_S / 4
# Sections that are waited for at the same time: each takes a connection.
_WAITING_MAX = 4

logger = get_logger(__name__)


class Committer:
    """The one writer of this process. It runs only while something waits.

    An idle server commits at once; under load a window's worth of edits come together.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._window_s = settings.commit_window_ms / 1000
        self._writers: dict[Room, Writer] = {}
        self._line: dict[Room, None] = {}
        """The rooms in which something waits, in the order in which they came."""
        self._rights = KnownRights(self._who_writes)
        self._commit = SharedCommit(database, self._rights)
        self._checkpointing = Checkpointing(database, settings.checkpoint_rows)
        self._task: asyncio.Task[None] | None = None
        self._beside: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_WAITING_MAX)
        self._ended_at = 0.0
        self._was_full = False
        """More waited than one transaction takes."""

    @property
    def rooms(self) -> list[Room]:
        """The rooms that it writes for."""
        return list(self._writers)

    def serve(self, room: Room) -> None:
        """Write what comes to wait in the room, from now on."""
        self._writers[room] = Writer(room, self._checkpointing)

    def wake(self, room: Room) -> None:
        """Take note that something waits in a room."""
        if room not in self._writers:
            refuse_each(room, room.take_batch(), unsaved())
            room.answered()
            return
        self._line[room] = None
        self._start()

    async def leave(self, room: Room) -> None:
        """Write what still waits in the room, then write for it no more."""
        writer = self._writers.get(room)
        if writer is None:
            return
        while not room.is_drained:
            room.hurry()
            await room.drained.wait()
        writer.close()
        self._writers.pop(room, None)
        self._line.pop(room, None)

    async def rest(self, before: float, turns: Turns) -> None:
        """Let rooms in which nobody has written since be bytes alone, in turns with the others.

        before: loop time. A room that is written to meanwhile goes on as it is.
        """
        for room, writer in list(self._writers.items()):
            if writer.wrote_at < before and room.is_drained:
                writer.rest()
                await turns.pause()
        self._rights.prune()

    async def close(self) -> None:
        """Stop, when every room was left; the checkpoints that are due are written."""
        tasks = [*self._beside, *([self._task] if self._task is not None else [])]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._checkpointing.close()

    # ---------------------------------------------------------------------- private

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="committer")
            self._task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Go on if something came to wait meanwhile, or if the task was cut short."""
        self._task = None
        if not task.cancelled() and task.exception() is not None:
            logger.error("committer_failed", exc_info=task.exception())
        if self._line:
            self._start()

    async def _run(self) -> None:
        while self._line:
            await self._group()
            shares = self._take()
            try:
                await self._settle(shares)
            except BaseException as error:
                # Cut short: whatever was taken out of the line has its answer.
                self._lose_all([share for share in shares if not share.is_apart], error)
                raise
            self._ended_at = asyncio.get_running_loop().time()

    async def _group(self) -> None:
        """Under load let a window's worth of edits come together; a quiet server waits for none."""
        wait_s = self._ended_at + self._window_s - asyncio.get_running_loop().time()
        if wait_s > 0 and not self._was_full:
            await asyncio.sleep(wait_s)

    def _take(self) -> list[Share]:
        """Take what waits, up to a transaction's worth, and of the heavy rooms only the first."""
        shares: list[Share] = []
        size, count, has_heavy = 0, 0, False
        for room in list(self._line):
            writer, waiting = self._writers[room], room.waiting_bytes
            is_heavy = _is_heavy(writer)
            if has_heavy if is_heavy else shares and size + waiting > _BYTES_MAX:
                continue
            size += 0 if is_heavy else waiting
            has_heavy |= is_heavy
            del self._line[room]
            shares.append(Share(writer, Tick(room.take_batch()), is_heavy))
            count += len(shares[-1].tick.errands)
            if count >= _EDITS_MAX:
                break
        self._was_full = count >= _EDITS_MAX
        return shares

    async def _settle(self, shares: Sequence[Share]) -> None:
        wanting: list[Share] = []
        repeating: list[Share] = []
        for share in shares:
            place = repeating
            with apart(share):
                if not share.tick.needs_no_commit(share.writer.room):
                    place = wanting
            place.append(share)
        await self._catch_up(repeating)
        light = [share for share in wanting if not share.is_heavy]
        for together in (light, *([share] for share in wanting if share.is_heavy)):
            await self._make(together)

    async def _catch_up(self, shares: Sequence[Share]) -> None:
        """Answer what needs no commit."""
        wishing = [share for share in shares if share.tick.wishes_to_catch_up]
        try:
            rows = await self._read_for(wishing)
        except Exception as error:
            self._lose_all(wishing, error)
            wishing = []
        for share in wishing:
            with apart(share):
                share.writer.take(rows[share.writer.room.section_id])
        for share in shares:
            share.finish()

    async def _read_for(self, shares: Sequence[Share]) -> dict[SectionId, list[Row]]:
        if not shares:
            return {}
        async with self._database.in_time(), self._database.read() as session:
            return await read_since_each(session, where_they_are(shares))

    async def _make(self, shares: Sequence[Share]) -> None:
        """Commit in one step what is as it is known here, and the rest once it is held."""
        if not shares:
            return
        try:
            async with self._database.in_time():
                outcome = await self._commit.make_in_one(shares)
        except (IntegrityError, DataError):
            # One of them asks for what cannot be: the others are to stand without it.
            for share in shares:
                share.undo()
            for share in shares:
                await self._make_held([share], waits=False)
        except Exception as error:
            self._lose_all(shares, error)
        else:
            self._end(outcome)
            await self._make_held(outcome.to_hold, waits=False)

    async def _make_held(self, shares: Sequence[Share], *, waits: bool) -> None:
        if not shares:
            return
        try:
            async with self._database.in_time():
                outcome = await self._commit.make(shares, waits=waits)
        except (IntegrityError, DataError) as error:
            # One of them asks for what cannot be: the others are to stand without it.
            await self._make_alone(shares, error, waits=waits)
        except Exception as error:
            self._lose_all(shares, error)
        else:
            self._end(outcome)

    async def _make_alone(self, shares: Sequence[Share], error: Exception, *, waits: bool) -> None:
        if len(shares) == 1:
            self._lose_all(shares, error)
            return
        for share in shares:
            share.undo()
        for share in shares:
            await self._make_held([share], waits=waits)

    def _end(self, outcome: Outcome) -> None:
        for share in outcome.late:
            share.put_back()
        # They go before what came meanwhile, or others could keep them waiting for ever.
        self._line = {share.writer.room: None for share in outcome.late} | self._line
        for share in outcome.held_elsewhere:
            share.is_apart = True
            task = asyncio.create_task(self._make_apart(share), name="committer, waiting")
            self._beside.add(task)
            task.add_done_callback(partial(self._ended_beside, share))
        for share in outcome.settled:
            share.finish()

    async def _make_apart(self, share: Share) -> None:
        """Wait for a section that somebody holds, a decision or another worker, beside the rest."""
        async with self._places:
            await self._make_held([share], waits=True)

    def _ended_beside(self, share: Share, task: "asyncio.Task[None]") -> None:
        """A task that was cut short, even before it began, leaves nobody without an answer."""
        self._beside.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            note_loss(error)
        share.lose(error or unsaved())

    def _lose_all(self, shares: Sequence[Share], error: BaseException) -> None:
        self._rights.clear()
        note_loss(error, rooms=len(shares))
        for share in shares:
            share.lose(error)

    def _who_writes(self, report_id: UUID) -> set[UUID]:
        return {
            attachment.actor.member_id
            for room in self._writers
            if room.report_id == report_id
            for attachment in room.attachments
            if attachment.may_write
        }


def _is_heavy(writer: Writer) -> bool:
    return writer.room.waiting_bytes > _LIGHT_BYTES or writer.cost_s > _LIGHT_S
