"""Looking at an embedded database in one trip: whole readings on a thread of their own."""

from functools import partial
from typing import TypeVar

from sqlalchemy.engine import Engine

from app.db.in_turn import InTurn
from app.db.ledger import Embedded, Step

T = TypeVar("T")


class EmbeddedLooks:
    """The readings that come again and again: statement by statement they cost many times more.

    They wait for each other, and for no writer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = InTurn("looks")
        self._connection: Embedded | None = None
        self._has_begun = False

    async def look(self, step: Step[T]) -> T:
        """Return what the step returns; what it changed is rolled back."""
        self._has_begun = True
        return await self._thread.submit(partial(self._look, step))

    async def close(self) -> None:
        """Close the connection, once what is under way has ended, and let the thread go."""
        if self._has_begun:
            await self._thread.submit(self._close)
        self._thread.shutdown()

    def _look(self, step: Step[T]) -> T:
        connection, self._connection = self._connection or Embedded(self._engine), None
        try:
            connection.begin_looking()
            found = step(connection)
            connection.roll_back()
        except BaseException:
            # The next one opens another: what is wrong with this one need not be known.
            connection.give_up()
            raise
        self._connection = connection
        return found

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
