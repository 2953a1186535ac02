"""What everybody is told who gave a Room an errand: each is answered once, in order."""

import asyncio
from collections.abc import Iterable

from app.db.away import is_away
from app.db.refusals import reason_of
from app.errors import AppError, Unavailable
from app.ids import Seq
from app.logs import get_logger
from app.rooms.connections.attachment import stateless_frame
from app.rooms.room import CatchUp, ClientEdit, Errand, Room
from app.rooms.writing.tick import Tick, Verdict

INCOMPLETE_MAX = 3
_FORGIVEN = -1_000_000

logger = get_logger(__name__)


def answer(room: Room, tick: Tick, errand: Errand) -> None:
    """Say what came of an errand of a tick that stands."""
    if isinstance(errand, ClientEdit):
        _answer_client(room, errand, *tick.verdict_on(errand))
        errand.attachment.settled()
    elif isinstance(errand, CatchUp):
        _resolve(errand.done, None)
    else:
        verdict, error = tick.verdict_on(errand)
        if verdict is Verdict.SAVED:
            _resolve(errand.done, room.seq)
        else:
            _fail(errand.done, error or Unavailable("The change could not be made."))


def refuse_each(room: Room, errands: Iterable[Errand], error: BaseException) -> None:
    """Say of errands that they came to nothing: to each, whatever becomes of its neighbours."""
    for errand in errands:
        try:
            _refuse(errand, error)
        except Exception:
            logger.exception("errand_not_answered", section=str(room.section_id))


def _refuse(errand: Errand, error: BaseException) -> None:
    """Say that an errand came to nothing because its commit did not stand."""
    if isinstance(errand, ClientEdit):
        try:
            if reason := reason_of(error):
                errand.attachment.tell(stateless_frame({"type": "unsaved", "reason": reason}))
            # What was written behind it builds on something missing, through no fault of its own.
            errand.attachment.incomplete = _FORGIVEN
            errand.attachment.status(False)
        finally:
            errand.attachment.settled()
    else:
        _fail(errand.done, error if isinstance(error, AppError) else _unsaved_after(error))


def ask_again(room: Room, edit: ClientEdit) -> None:
    """Ask a client for what it has, unless the text can no longer be read."""
    if not room.text.is_broken:
        edit.attachment.step1(room.vector())


def unsaved() -> Unavailable:
    """Return what is said of a commit that was lost."""
    return Unavailable("The change could not be saved. Nothing was changed; please try again.")


def not_shown() -> Unavailable:
    """Return what is said of a change whose commit stands, but which could not be shown."""
    return Unavailable(
        "This text has to be opened again. Look whether the change was made before you try again."
    )


def _unsaved_after(error: BaseException) -> Unavailable:
    if not is_away(error):
        return unsaved()
    # The connection may have broken after the commit, and before the database could say so.
    return Unavailable(
        "The database does not answer. Look whether the change was made before you try again."
    )


def _answer_client(room: Room, edit: ClientEdit, verdict: Verdict, error: Exception | None) -> None:
    attachment = edit.attachment
    if verdict is Verdict.MALFORMED and isinstance(error, AppError):
        attachment.cut(error)
        return
    attachment.status(verdict is Verdict.SAVED)
    if verdict is Verdict.SAVED:
        # An answer that brings nothing fills no gap.
        if edit.facts is not None and edit.facts.writes:
            attachment.incomplete = 0
    elif verdict is Verdict.INCOMPLETE and attachment.is_asked:
        # Written before it could answer, and no fault. It is asked again all the same: a client
        # takes its words for saved once it has as many yeses as it sent changes.
        attachment.step1(room.vector())
    elif verdict is Verdict.INCOMPLETE and attachment.incomplete < INCOMPLETE_MAX:
        attachment.incomplete += 1
        attachment.step1(room.vector())
    else:
        attachment.refuse(str(error))


def _resolve(done: "asyncio.Future[Seq] | asyncio.Future[None]", value: Seq | None) -> None:
    if not done.done():
        done.set_result(value)  # type: ignore[arg-type]


def _fail(done: "asyncio.Future[Seq] | asyncio.Future[None]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
