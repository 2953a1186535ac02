"""How long a server waits for a database server: what hangs is given up, and is asked anew."""

from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import DisconnectionError

_CONNECT_S = 10.0
# A connection that lay idle has so long to say that it is there.
_PING_S = 5.0
_GONE = "The connection was lost while nobody used it."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one serving process waits for what, in seconds.

    commit_s: for a commit of texts, from the first look to its answer, whatever holds it up.
    """

    commit_s: float

    @property
    def lock_s(self) -> float:
        """For a row that somebody else holds: a decision holds one for moments."""
        return self.commit_s / 2

    @property
    def statement_s(self) -> float:
        """For one statement: exports, histories and views read for some seconds at most."""
        return 3 * self.commit_s

    @property
    def idle_s(self) -> float:
        """For whoever has begun a transaction and does nothing: what they hold, others want."""
        return 3 * self.commit_s

    @property
    def unanswered_s(self) -> float:
        """For a database that should long have ended the statement by itself."""
        return self.statement_s + self.lock_s

    @property
    def arguments(self) -> dict[str, Any]:
        """What the driver is given for each connection."""
        return {"timeout": _CONNECT_S, "command_timeout": self.unanswered_s}

    @property
    def wishes(self) -> str:
        """What each session asks of the database: it ends what takes longer."""
        bounds = (
            ("lock_timeout", self.lock_s),
            ("statement_timeout", self.statement_s),
            ("idle_in_transaction_session_timeout", self.idle_s),
        )
        return "; ".join(f"SET {name} = {max(1, round(1000 * s))}" for name, s in bounds)


def bound(engine: Engine, patience: Patience) -> None:
    """Let no connection of the engine wait longer than this.

    Effects: one that did not answer in time is closed for good, with all of the pool that are as
    old: they lead to the same database.
    """
    event.listen(engine, "connect", lambda connection, _: _tell(connection, patience))
    event.listen(engine, "handle_error", _give_up_unanswered)


def ask_idle(engine: Engine, idle_s: float = 5.0) -> None:
    """Let a pooled connection be asked whether it is there, if it has lain idle for so long.

    Asking before every use costs more than a commit. Whether it was closed is known without asking.
    """
    event.listen(engine, "checkin", _note_idle)
    event.listen(engine, "checkout", partial(_make_sure, idle_s))


def _tell(connection: Any, patience: Patience) -> None:
    try:
        connection.run_async(lambda one: one.execute(patience.wishes, timeout=_CONNECT_S))
    except BaseException:
        # Nobody has it yet who would close it.
        connection.driver_connection.terminate()
        raise


def _give_up_unanswered(context: ExceptionContext) -> None:
    # Its answer may still come, for a question that nobody remembers.
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _note_idle(_: Any, record: Any) -> None:
    record.info[_note_idle] = monotonic()


def _make_sure(idle_s: float, connection: Any, record: Any, _: Any) -> None:
    """Raises: DisconnectionError; then the pool opens another."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError(_GONE)
    idle_since = record.info.get(_note_idle)
    if idle_since is None or monotonic() - idle_since < idle_s:
        return
    try:
        connection.run_async(lambda driver: driver.execute("", timeout=_PING_S))
    except Exception as error:
        raise DisconnectionError(_GONE) from error
