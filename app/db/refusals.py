"""Says in words why a database took nothing."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError

FULL = "The server's disk is full."
READ_ONLY = "The server may not write to its database."
DISK_FAILS = "The server's disk takes nothing more."
SILENT = "The database does not answer."
OTHER = "The database took nothing."

# https://www.sqlite.org/rescode.html: the lowest byte of an extended code is the primary one.
_SQLITE = {8: READ_ONLY, 10: DISK_FAILS, 13: FULL, 14: READ_ONLY}
# https://www.postgresql.org/docs/current/errcodes-appendix.html, by what they begin with.
_POSTGRES = {
    "53100": FULL,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "58": DISK_FAILS,
    "08": SILENT,
    # What took too long: a lock, a statement, a pause in a transaction.
    "55P03": SILENT,
    "57014": SILENT,
    "25P03": SILENT,
}


def reason_of(error: BaseException) -> str | None:
    """Return a sentence for people, or None if it was not the database that refused."""
    is_from_there = isinstance(error, SQLAlchemyError | OSError)
    for one in _causes(error):
        sqlite_code = getattr(one, "sqlite_errorcode", None)
        if isinstance(sqlite_code, int):
            return _SQLITE.get(sqlite_code & 0xFF, OTHER)
        state = getattr(one, "sqlstate", None)
        if isinstance(state, str):
            return next((_POSTGRES[key] for key in _POSTGRES if state.startswith(key)), OTHER)
        if isinstance(one, OSError | TimeoutError | InterfaceError):
            return SILENT
    return OTHER if is_from_there else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and whatever it stands for, the outermost first."""
    at: Any = error
    while isinstance(at, BaseException):
        yield at
        at = at.orig if isinstance(at, DBAPIError) else at.__cause__
