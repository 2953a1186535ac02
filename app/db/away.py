"""Tells a database that is away from a mistake of ours."""

from asyncpg.exceptions import (
    AdminShutdownError,
    CannotConnectNowError,
    CrashShutdownError,
    IdleInTransactionSessionTimeoutError,
    InterfaceError,
    LockNotAvailableError,
    PostgresConnectionError,
    QueryCanceledError,
    TooManyConnectionsError,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_AWAY = (
    OSError,
    PoolTimeoutError,
    CannotConnectNowError,
    InterfaceError,
    AdminShutdownError,
    CrashShutdownError,
    IdleInTransactionSessionTimeoutError,
    LockNotAvailableError,
    PostgresConnectionError,
    QueryCanceledError,
    TooManyConnectionsError,
)
MAYBE_AWAY: tuple[type[Exception], ...] = (*_AWAY, DBAPIError)
"""What `is_away` may be true of."""


def is_away(error: BaseException) -> bool:
    """Return whether the error says that the database cannot be reached now, or is held up.

    Then nothing is wrong with what was asked, and the same may succeed a moment later.
    """
    if isinstance(error, DBAPIError):
        causes = (error.orig, getattr(error.orig, "__cause__", None))
        return error.connection_invalidated or any(isinstance(one, _AWAY) for one in causes)
    return isinstance(error, _AWAY)
