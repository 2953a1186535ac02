"""The one task of a Room that writes: prove, log, apply, show, acknowledge, in this order."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.text import TextRights, load_text_rights
from app.db.engine import Database
from app.db.tables import ChangeCounter, ClientBinding
from app.errors import AppError, NotFound, Unavailable
from app.ids import Seq
from app.logs import get_logger
from app.rooms import log as update_log
from app.rooms.guard import ProvingCopy
from app.rooms.keeping.checkpoints import write_checkpoint
from app.rooms.keeping.damage import Damage, DamagedLog
from app.rooms.keeping.rows import intact_rows, read_since
from app.rooms.log import Entry, Head
from app.rooms.room import CatchUp, ClientEdit, Errand, Room, ServerEdit
from app.rooms.writing.repair import needs_repair, repair_ids
from app.rooms.writing.tick import Tick, Verdict
from app.settings import Settings
from app.text.hashing import content_hash

# The contract: nobody writes for longer than this after losing the right.
RIGHTS_MAX_AGE_S = 1.0
INCOMPLETE_MAX = 3
_RETRY_FIRST_S, _RETRY_MAX_S = 1.0, 10.0

logger = get_logger(__name__)


class Writer:
    """Writes what waits in a Room, one commit for all that came together."""

    def __init__(self, room: Room, database: Database, settings: Settings) -> None:
        self._room = room
        self._database = database
        self._window_s = settings.commit_window_ms / 1000
        self._checkpoint_rows = settings.checkpoint_rows
        self._copy: ProvingCopy | None = None
        self._server_client_id: int | None = None
        self._rights: TextRights | None = None
        self._rights_key: tuple[int, frozenset[UUID]] = (-1, frozenset())
        self._rights_at = 0.0
        self._ended_at = 0.0
        self._retry_s = _RETRY_FIRST_S
        self._task = asyncio.create_task(self._run(), name=f"room {room.section_id}")

    async def close(self) -> None:
        """Write what still waits, then stop."""
        while not self._task.done() and not self._room.is_drained:
            await self._room.drained.wait()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        room = self._room
        while True:
            await room.wake.wait()
            await self._group()
            room.wake.clear()
            while batch := room.take_batch():
                await self._write(batch)
            room.note_drained()

    async def _group(self) -> None:
        """Under load let a window's worth of edits come together; a quiet room waits for none."""
        wait_s = self._ended_at + self._window_s - asyncio.get_running_loop().time()
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    async def _write(self, batch: list[Errand]) -> None:
        tick = Tick(batch)
        try:
            if tick.needs_no_commit(self._room):
                await self._catch_up_only(tick)
            else:
                await self._commit(tick)
        except Exception as error:
            self._lose(tick, error)
        except BaseException:
            self._copy = None
            raise
        else:
            self._stand_or_break(tick)
        self._ended_at = asyncio.get_running_loop().time()

    # ------------------------------------------------------------------ prove and log

    async def _catch_up_only(self, tick: Tick) -> None:
        if any(isinstance(errand, CatchUp) for errand in tick.errands):
            async with self._database.read() as session:
                rows = await read_since(session, self._room.section_id, self._room.seq)
                self._take(rows)

    async def _commit(self, tick: Tick) -> None:
        room = self._room
        async with self._database.write() as work:
            session = work.session
            head = await update_log.lock_head(session, room.section_id)
            moved = head.seq != room.seq
            if moved:
                self._take(await read_since(session, room.section_id, room.seq))
            rights = await self._rights_now(session, tick, fresh=moved)
            await self._load_owners(session, tick)
            copy = await self._open_copy(session, tick)
            if room.damage is None:
                self._copy = tick.prove(room, copy, head.section, rights)
            else:
                tick.refuse_all(DamagedLog(room.damage.sentence))
            head = await self._append(session, head, tick)
        tick.head = head

    async def _append(self, session: AsyncSession, head: Head, tick: Tick) -> Head:
        at_us = clock.now_us()
        for row in tick.rows():
            entry = Entry(update_log.UPDATE, row.member_id, row.acting_role, at_us, row.payload)
            head = await update_log.append(session, head, entry)
        session.add_all(
            ClientBinding(
                section_id=self._room.section_id, client_id=client_id, member_id=member_id
            )
            for client_id, member_id in tick.bound.items()
        )
        copy = self._copy
        if copy and tick.emitted and head.seq - self._room.checkpoint_seq >= self._checkpoint_rows:
            document = copy.document()
            await write_checkpoint(session, head, copy.state(), content_hash(document))
            tick.checkpoint_seq = head.seq
        return head

    def _take(self, rows: Sequence[update_log.Row]) -> None:
        """Take in rows that others have logged: decisions, and another worker's updates."""
        room = self._room
        intact = intact_rows(room.section_id, room.seq, room.hash, rows)
        if intact < len(rows):
            room.note_damage(Damage(room.section_id, Seq(room.seq + intact + 1)))
            rows = rows[:intact]
        if not rows:
            return
        updates = [row.entry.payload for row in rows if row.entry.kind == update_log.UPDATE]
        if self._copy is not None:
            self._copy.take(updates)
        room.advance(rows[-1].seq, rows[-1].hash, updates)
        if updates:
            room.show([(update, None) for update in updates])

    async def _rights_now(self, session: AsyncSession, tick: Tick, *, fresh: bool) -> TextRights:
        """Rights and locks as they are in this transaction.

        They are read again whenever anything that the report shows has changed, whenever a
        decision or another worker moved the log, and at the latest after a second.
        """
        report_id = self._room.report_id
        version = await session.scalar(
            select(ChangeCounter.version).where(ChangeCounter.report_id == report_id)
        )
        now = asyncio.get_running_loop().time()
        known_version, members = self._rights_key
        is_old = now - self._rights_at > RIGHTS_MAX_AGE_S or known_version != version
        if self._rights is None or fresh or is_old or not tick.members <= members:
            self._rights = await load_text_rights(session, report_id, tick.members)
            self._rights_key, self._rights_at = (version or 0, tick.members), now
        return self._rights

    async def _load_owners(self, session: AsyncSession, tick: Tick) -> None:
        unknown = tick.client_ids - self._room.owners.keys()
        if unknown:
            found = await session.execute(
                select(ClientBinding.client_id, ClientBinding.member_id).where(
                    ClientBinding.section_id == self._room.section_id,
                    ClientBinding.client_id.in_(unknown),
                )
            )
            self._room.owners.update({client_id: member_id for client_id, member_id in found})

    async def _open_copy(self, session: AsyncSession, tick: Tick) -> ProvingCopy:
        """Open the proving copy on the first write, under the section's own client id."""
        if self._server_client_id is None:
            self._server_client_id = await session.scalar(
                select(ClientBinding.client_id).where(
                    ClientBinding.section_id == self._room.section_id,
                    ClientBinding.member_id.is_(None),
                )
            )
        if self._server_client_id is None:
            tick.bound[update_log.new_client_id()] = None
        own_id = self._server_client_id or next(iter(tick.bound))
        self._room.owners[own_id] = None
        tick.server_client_id = own_id
        if self._copy is None:
            self._copy = ProvingCopy(self._room.state(), own_id)
        return self._copy

    # --------------------------------------------------------- apply, show, acknowledge

    def _stand_or_break(self, tick: Tick) -> None:
        try:
            self._stand(tick)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # The library's panics are no Exceptions. What it holds now may not even be read: the
            # log has everything, and the next one to come opens the room anew from it.
            logger.critical("room_broken", section=str(self._room.section_id), exc_info=error)
            self._room.break_off()
            self._lose(tick, _unsaved())

    def _stand(self, tick: Tick) -> None:
        """The commit stands (or none was needed): only now is anything seen or acknowledged."""
        room = self._room
        if tick.head is not None:
            self._server_client_id = tick.server_client_id
            self._retry_s = _RETRY_FIRST_S
            room.checkpoint_seq = tick.checkpoint_seq or room.checkpoint_seq
        if tick.head is not None and tick.emitted:
            payloads = [row.payload for row in tick.rows()]
            room.advance(tick.head.seq, tick.head.hash, payloads)
            room.show([(written.update, written.attachment) for written in tick.emitted])
            room.text_moved()
            self._repair(tick)
        for errand in tick.errands:
            self._answer(tick, errand)

    def _repair(self, tick: Tick) -> None:
        """Let doubled ids be mended by the server, for whoever brought them, as the next edit."""
        author = tick.last_to_place_blocks()
        if author is None or self._copy is None or not needs_repair(self._copy.document()):
            return
        done: asyncio.Future[Seq] = asyncio.get_running_loop().create_future()
        # Nobody waits for it: what goes wrong was logged, and the next such edit tries again.
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        actor, role = author
        self._room.add(ServerEdit(repair_ids, actor, role, needs_right=False, done=done))

    def _answer(self, tick: Tick, errand: Errand) -> None:
        if isinstance(errand, ClientEdit):
            self._answer_client(errand, *tick.verdict_on(errand))
            errand.attachment.settled()
        elif isinstance(errand, CatchUp):
            _resolve(errand.done, None)
        else:
            verdict, error = tick.verdict_on(errand)
            if verdict is Verdict.SAVED:
                _resolve(errand.done, self._room.seq)
            else:
                _fail(errand.done, error or Unavailable("The change could not be made."))

    def _answer_client(self, edit: ClientEdit, verdict: Verdict, error: Exception | None) -> None:
        attachment = edit.attachment
        if verdict is Verdict.MALFORMED and isinstance(error, AppError):
            attachment.cut(error)
            return
        attachment.status(verdict is Verdict.SAVED)
        if verdict is Verdict.SAVED:
            attachment.incomplete = 0
        elif verdict is Verdict.INCOMPLETE and attachment.incomplete < INCOMPLETE_MAX:
            attachment.incomplete += 1
            attachment.step1(self._room.vector())
        else:
            attachment.refuse(str(error))

    def _lose(self, tick: Tick, error: Exception) -> None:
        """Nothing of the tick stands: the copy goes, and the clients are asked to send again."""
        self._copy = None
        self._rights = None
        for client_id in tick.bound:
            self._room.owners.pop(client_id, None)
        is_gone = isinstance(error, NotFound)
        if is_gone:
            self._room.close("This section was removed.")
        elif not isinstance(error, Unavailable):
            logger.error("commit_lost", section=str(self._room.section_id), exc_info=error)
        loop = asyncio.get_running_loop()
        for errand in tick.errands:
            if not isinstance(errand, ClientEdit):
                _fail(errand.done, error if isinstance(error, AppError) else _unsaved())
                continue
            errand.attachment.status(False)
            errand.attachment.settled()
            if not is_gone:
                loop.call_later(self._retry_s, self._ask_again, errand)
        self._retry_s = min(2 * self._retry_s, _RETRY_MAX_S)

    def _ask_again(self, edit: ClientEdit) -> None:
        edit.attachment.step1(self._room.vector())


def _unsaved() -> Unavailable:
    return Unavailable("The change could not be saved. Nothing was changed; please try again.")


def _resolve(done: "asyncio.Future[Seq] | asyncio.Future[None]", value: Seq | None) -> None:
    if not done.done():
        done.set_result(value)  # type: ignore[arg-type]


def _fail(done: "asyncio.Future[Seq] | asyncio.Future[None]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
