"""A section whose text twice breaks the CRDT library is not served; the others go on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.errors import AppError, Refused
from app.ids import SectionId
from app.logs import get_logger

FAILURES = 2
WITHIN = timedelta(minutes=10)
_NOT_THE_LIBRARY = (
    AppError, SQLAlchemyError, OSError, asyncio.CancelledError, KeyboardInterrupt, SystemExit,
)  # fmt: skip

logger = get_logger(__name__)


class NotRebuilt(Refused):
    """The section's text could not be rebuilt from its log; nothing of it is lost.

    It closes the section alone: not the connection, on which others are open.
    """

    status = 503


class Quarantined(NotRebuilt):
    """The section's text is not to be touched any more."""


class Quarantine:
    """The sections of this process whose texts could not be rebuilt, until it starts anew."""

    def __init__(self) -> None:
        self._failures: dict[SectionId, list[datetime]] = {}

    def holds(self, section_id: SectionId) -> bool:
        """Return whether the section is not to be touched."""
        return len(self._failures.get(section_id, ())) >= FAILURES

    def check(self, section_id: SectionId) -> None:
        """Make sure that the section may be opened. Raises: Quarantined."""
        if self.holds(section_id):
            raise Quarantined(
                "This section's text cannot be read and is closed until the operator has looked at "
                "it. Everything that was saved is kept; the other sections are not affected."
            )

    @contextmanager
    def rebuilding(self, section_id: SectionId) -> Iterator[None]:
        """Count it if the library gives way while the block makes a text from its log.

        Raises: Quarantined, before the block or instead of what the library raised; NotRebuilt
        for a first failure.
        """
        self.check(section_id)
        try:
            yield
        except _NOT_THE_LIBRARY:
            raise
        except BaseException as error:
            # The library's panics are no Exceptions.
            self.count(section_id, error)
            self.check(section_id)
            raise NotRebuilt("This text could not be opened. Please try again.") from error

    def count(self, section_id: SectionId, error: BaseException) -> None:
        """Note that the library gave way over the section's text."""
        recent = [at for at in self._failures.get(section_id, ()) if clock.now() - at < WITHIN]
        self._failures[section_id] = [*recent, clock.now()]
        if self.holds(section_id):
            logger.critical("section_quarantined", section=str(section_id), exc_info=error)
        else:
            logger.error("section_not_rebuilt", section=str(section_id), exc_info=error)
