"""A room's share in a commit: it is answered once, whatever becomes of the commit."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.db.away import is_away
from app.errors import AppError
from app.ids import SectionId, Seq
from app.logs import get_logger
from app.rooms.writing.answers import unsaved
from app.rooms.writing.heads import HeldSection, NewHead
from app.rooms.writing.tick import Tick
from app.rooms.writing.writer import Writer

# After others moved a section, it is held first for so long, and longer each time that they do
# again: what is proven in vain costs the copy, which is dear to open for a long text.
_DOUBT_S, _DOUBT_MAX_S = 1.0, 32.0

logger = get_logger(__name__)


@dataclass(eq=False, slots=True)
class Share:
    """What was taken out of one room's line, and what came of it."""

    writer: Writer
    tick: Tick
    is_heavy: bool = False
    """It is proven in a transaction of its own."""
    section: HeldSection | None = None
    head: NewHead | None = None
    failure: Exception | None = None
    is_done: bool = False
    is_apart: bool = False
    """Another task answers it."""

    @property
    def may_assume(self) -> bool:
        """Whether the section is probably as it is known here: it was, a moment ago."""
        writer = self.writer
        is_in_doubt = asyncio.get_running_loop().time() < writer.holds_until
        return writer.room.damage is None and not is_in_doubt

    @property
    def has_moved(self) -> bool:
        """Whether the log is no longer where the room has it."""
        room, held = self.writer.room, self.section
        return held is not None and (held.seq, held.hash) != (room.seq, room.hash)

    def finish(self) -> None:
        """Answer everybody: the commit stands, and what failed here failed here alone."""
        if self.failure is not None:
            note_loss(self.failure, section=str(self.writer.room.section_id))
            self.lose(self.failure)
        elif not self.is_done:
            self.is_done = True
            self.writer.stand(self.tick, self.head)

    def lose(self, error: BaseException) -> None:
        """Answer everybody, if nobody has: nothing of it stands."""
        if not self.is_done:
            self.is_done = True
            self.writer.lose(self.tick, error)

    def put_back(self) -> None:
        """Let it be taken again: nobody has looked at it."""
        if not self.is_done:
            self.is_done = True
            self.writer.room.put_back(self.tick.errands)

    def is_otherwise(self) -> None:
        """Begin anew: the section is not as it was known. Who moved it may well go on with it."""
        self.undo()
        writer = self.writer
        writer.doubt_s = min(_DOUBT_MAX_S, 2 * writer.doubt_s or _DOUBT_S)
        writer.holds_until = asyncio.get_running_loop().time() + writer.doubt_s

    def is_as_known(self) -> None:
        """Take note that the section was as it was taken to be."""
        self.writer.doubt_s = 0.0

    def undo(self) -> None:
        """Begin anew: nothing was logged of what was proven."""
        self.writer.undo(self.tick)
        self.tick = Tick(self.tick.errands)
        self.section = self.head = self.failure = None


@contextmanager
def apart(share: Share) -> Iterator[None]:
    """Keep what goes wrong with one room from the others."""
    try:
        yield
    except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:
        share.failure = error
        if share.writer.room.text.is_broken:
            # The library gave way: who is attached is to open the text anew, not to wait in vain.
            share.writer.room.break_off()
    except BaseException as error:
        # The library's panics are no Exceptions; what they leave may not even be read.
        room = share.writer.room
        logger.critical("room_broken", section=str(room.section_id), exc_info=error)
        room.break_off()
        share.failure = unsaved()


def where_they_are(shares: Iterable[Share]) -> dict[SectionId, Seq]:
    """Return how far each room has read its section's log."""
    rooms = (share.writer.room for share in shares)
    return {room.section_id: room.seq for room in rooms}


def note_loss(error: BaseException, **where: object) -> None:
    """Write down that a commit did not stand, unless it is known why: once for all its rooms."""
    if isinstance(error, AppError | asyncio.CancelledError):
        return
    if is_away(error):
        logger.warning("commit_lost", error=str(error) or type(error).__name__, **where)
    else:
        logger.error("commit_lost", exc_info=error, **where)
