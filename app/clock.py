"""The one source of time; tests set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_frozen: datetime | None = None


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return _frozen if _frozen is not None else datetime.now(UTC)


def now_us() -> int:
    """Return the present moment in whole microseconds since 1970, UTC."""
    return to_us(now())


def to_us(moment: datetime) -> int:
    """Return an aware moment in whole microseconds since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_us(at_us: int) -> datetime:
    """Return the aware UTC moment that lies `at_us` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=at_us)


def set_now(moment: datetime | None) -> None:
    """Freeze the clock at an aware moment, or let it run again with None. For tests and seeding."""
    global _frozen
    _frozen = moment


@contextmanager
def kept() -> Iterator[None]:
    """Let the block set the clock as it likes; behind it, the clock is as it was."""
    before = _frozen
    try:
        yield
    finally:
        set_now(before)
