"""What a Room's writing needs between commits: its proving copy, and what follows each commit."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

from app.access.actor import Actor, Role
from app.access.text import TextRights
from app.errors import NotFound
from app.ids import Seq
from app.logs import get_logger
from app.rooms.guard import ProvingCopy
from app.rooms.keeping.damage import DamagedLog
from app.rooms.keeping.loading import End, end_damage
from app.rooms.keeping.rows import intact_rows
from app.rooms.log import UPDATE, Row, new_client_id
from app.rooms.room import ClientEdit, Errand, Room, ServerEdit
from app.rooms.strict.update import read_trusted
from app.rooms.writing.answers import answer, ask_again, not_shown, refuse_each, unsaved
from app.rooms.writing.heads import HeldSection, NewHead
from app.rooms.writing.proving import prove
from app.rooms.writing.repair import repair_ids
from app.rooms.writing.tick import Tick

_RETRY_FIRST_S, _RETRY_MAX_S = 1.0, 3.0
# Looking for doubled ids reads the blocks: not oftener than this.
_REPAIR_LOOK_S = 0.5

logger = get_logger(__name__)


class Checkpoints(Protocol):
    """Where states are kept, so that opening need not replay what lies before."""

    def offer(self, room: Room) -> None:
        """Keep the room's state at its head, if it is time."""


class Writer:
    """The writing of one room: it has no task of its own, the Committer's is enough for all."""

    __slots__ = (
        "_checkpoints",
        "_copy",
        "_cost_s",
        "_repair_at",
        "_repair_for",
        "_repair_timer",
        "_retry_s",
        "doubt_s",
        "holds_until",
        "place",
        "room",
        "server_client_id",
        "wrote_at",
    )

    def __init__(self, room: Room, checkpoints: Checkpoints) -> None:
        self.room = room
        self.server_client_id: int | None = None
        """The section's own client id, once it is known to be bound."""
        self.wrote_at = 0.0
        self.place: HeldSection | None = None
        """The section as it was when it was last looked at."""
        self.doubt_s = self.holds_until = 0.0
        """Before this loop time the section is held before anything is proven."""
        self._checkpoints = checkpoints
        self._copy: ProvingCopy | None = None
        self._cost_s = 0.0
        self._retry_s = _RETRY_FIRST_S
        self._repair_at = 0.0
        self._repair_for: tuple[Actor, Role] | None = None
        self._repair_timer: asyncio.TimerHandle | None = None

    @property
    def cost_s(self) -> float:
        """How long proving a tick of this room takes of late, in seconds."""
        return self._cost_s

    def close(self) -> None:
        """Look for nothing more."""
        if self._repair_timer is not None:
            self._repair_timer.cancel()

    def rest(self) -> None:
        """Give up the copy and the document until somebody writes again."""
        self._copy = None
        self.room.text.rest()

    # ------------------------------------------------------------------ prove and log

    def take(self, rows: Sequence[Row], end: End | None = None) -> None:
        """Take in rows that others have logged: decisions, and another worker's updates.

        end: where the log ends, if it is held; rows that do not lead there are damage.
        """
        room = self.room
        intact = rows[: intact_rows(room.section_id, room.seq, room.hash, rows)]
        if intact:
            updates = [row.entry.payload for row in intact if row.entry.kind == UPDATE]
            if self._copy is not None:
                self._copy.take(updates)
            room.advance(intact[-1].seq, intact[-1].hash, updates, map(read_trusted, updates))
            if updates:
                room.show([(update, None) for update in updates])
        end = end or (End(rows[-1].seq, b"") if rows else None)
        damage = end_damage(room.section_id, room.seq, room.hash, end) if end else None
        if damage is not None and room.damage is None:
            logger.critical("log_damaged", section=str(room.section_id), seq=damage.seq)
            room.note_damage(damage)

    def prove(self, tick: Tick, section: HeldSection, rights: TextRights) -> None:
        """Prove the tick on the copy, which is opened with the first write."""
        room = self.room
        if room.damage is not None:
            tick.refuse_all(DamagedLog(room.damage.sentence))
            return
        began = perf_counter()
        own_id = self.server_client_id
        if own_id is None:
            own_id = new_client_id()
            tick.bound[own_id] = None
        room.owners[own_id] = None
        tick.server_client_id = own_id
        copy = self._copy or ProvingCopy(room.state(), own_id)
        # Until it holds what stands, and nothing else, no other tick may build on it.
        self._copy = None
        self._copy = prove(tick, room, copy, section, rights)
        if not tick.emitted:
            self._unbind(tick)
        self._cost_s = perf_counter() - began

    # --------------------------------------------------------- apply, show, acknowledge

    def stand(self, tick: Tick, head: NewHead | None) -> None:
        """The commit stands (or none was needed): only now is anything seen or acknowledged."""
        try:
            self._stand(tick, head)
            if tick.shook_the_library:
                # Who knows what else it left behind in this process: the log has everything.
                logger.critical("library_failed", section=str(self.room.section_id))
                self.room.break_off()
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # The library's panics are no Exceptions. What it holds now may not even be read: the
            # log has everything, and the next one to come opens the room anew from it.
            logger.critical("room_broken", section=str(self.room.section_id), exc_info=error)
            self.room.break_off()
            self.lose(tick, unsaved() if head is None else not_shown())

    def undo(self, tick: Tick) -> None:
        """Forget what was proven: it was not logged."""
        self._copy = None
        self._unbind(tick)
        for client_id, holder in tick.replaced.items():
            if holder is None:
                self.room.holders.pop(client_id, None)
            else:
                self.room.holders[client_id] = holder
        tick.replaced.clear()

    def _unbind(self, tick: Tick) -> None:
        """Bind no client id: a binding comes with a row, or other workers could miss it."""
        if tick.server_client_id in tick.bound:
            # The copy writes under an id that is nobody's now.
            self._copy, tick.server_client_id = None, None
        for client_id in tick.bound:
            self.room.owners.pop(client_id, None)
        tick.bound.clear()

    def lose(self, tick: Tick, error: BaseException) -> None:
        """Nothing of the tick stands: the copy goes, and the clients are asked to send again."""
        self.undo(tick)
        # Those that have their answer keep it.
        errands, tick.errands[:] = list(tick.errands), []
        try:
            if isinstance(error, NotFound):
                self.room.close("This section was removed.")
            else:
                self._ask_later(errands)
        finally:
            refuse_each(self.room, errands, error)
            self.room.answered()

    def _ask_later(self, errands: Sequence[Errand]) -> None:
        """Let the clients whose edits were lost be asked for what they have, ever more rarely."""
        loop = asyncio.get_running_loop()
        for errand in errands:
            if isinstance(errand, ClientEdit):
                loop.call_later(self._retry_s, ask_again, self.room, errand)
        self._retry_s = min(2 * self._retry_s, _RETRY_MAX_S)

    def _stand(self, tick: Tick, head: NewHead | None) -> None:
        room = self.room
        if head is not None:
            self.server_client_id = tick.server_client_id
            self._retry_s = _RETRY_FIRST_S
        if head is not None and tick.emitted:
            emitted = tick.emitted
            payloads = [row.payload for row in tick.rows]
            facts = (one.facts or read_trusted(one.update) for one in emitted)
            room.advance(head.seq, head.hash, payloads, facts, is_proven=True)
            room.show([(one.update, one.attachment) for one in emitted])
            room.text_moved()
            self.wrote_at = asyncio.get_running_loop().time()
            self._checkpoints.offer(room)
            self._note_blocks(tick)
        while tick.errands:
            answer(room, tick, tick.errands[0])
            del tick.errands[0]
        room.answered()

    def _note_blocks(self, tick: Tick) -> None:
        """Let missing or doubled ids be looked for where they may be, soon but not all day."""
        author = tick.last_to_place_blocks()
        wait_s = self._repair_at + _REPAIR_LOOK_S - asyncio.get_running_loop().time()
        if author is None and self._copy is not None and not self._copy.begins_with_block():
            # Whoever began to write has perhaps not finished the first word, and is not alone.
            author, wait_s = tick.last_author(), _REPAIR_LOOK_S
        if author is None:
            return
        self._repair_for = author
        if self._repair_timer is None:
            if wait_s <= 0:
                self._repair()
            else:
                loop = asyncio.get_running_loop()
                self._repair_timer = loop.call_later(wait_s, self._repair)

    def _repair(self) -> None:
        """Let missing and doubled ids be mended, for whoever brought them, as the next edit."""
        loop = asyncio.get_running_loop()
        self._repair_timer, self._repair_at = None, loop.time()
        copy, author = self._copy, self._repair_for
        if author is None or copy is None or not copy.has_doubled_ids():
            return
        done: asyncio.Future[Seq] = loop.create_future()
        # Nobody waits for it: what goes wrong was logged, and the next such edit tries again.
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        actor, role = author
        self.room.add(ServerEdit(repair_ids, actor, role, needs_right=False, done=done))
