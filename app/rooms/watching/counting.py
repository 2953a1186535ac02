"""Counts that texts of reports have moved: what waits in this process goes in one transaction."""

import asyncio
from functools import partial
from uuid import UUID

from app.db.engine import Database
from app.db.ledger import Step
from app.db.prepared import Plain
from app.ids import ReportId
from app.rooms.writing.heads import count_texts

EVERY_S = 0.5
"""A text that moves is counted as a change of its report at most this often."""


class TextCounts:
    """The counting of one process: a database of its own is asked once for all that wait.

    A database server is asked for each report by itself: who holds one counter waits for no other.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[ReportId, asyncio.Future[bool]] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def until_turn(self) -> None:
        """Return when a report that has moved is due: with all others, if they go together."""
        now = asyncio.get_running_loop().time() if self._database.is_sqlite else 0.0
        await asyncio.sleep(EVERY_S - now % EVERY_S)

    async def count(self, report_id: ReportId) -> bool:
        """Count that a report's texts have moved; return False if it has no counter yet.

        Raises: whatever the database raises; then nothing was counted, as far as is known.
        """
        if not self._database.is_sqlite:
            return report_id in await self._write([report_id])
        waiting = self._waiting.get(report_id)
        if waiting is None:
            waiting = self._waiting[report_id] = asyncio.get_running_loop().create_future()
            if len(self._waiting) == 1:
                # It begins when everybody whose turn it is was here.
                task = asyncio.create_task(self._count_all(), name="text counts")
                self._writing.add(task)
                task.add_done_callback(self._writing.discard)
        return await asyncio.shield(waiting)

    async def _count_all(self) -> None:
        waiting, self._waiting = self._waiting, {}
        try:
            counted = await self._write(sorted(waiting))
        except BaseException as error:
            for one in waiting.values():
                one.set_exception(error)
                # Whoever waited may have been cut short, and looks at it no more.
                one.exception()
            if not isinstance(error, Exception):
                raise
        else:
            for report_id, one in waiting.items():
                one.set_result(report_id in counted)

    async def _write(self, report_ids: list[ReportId]) -> set[UUID]:
        step: Step[set[UUID]] = partial(_count, report_ids=report_ids)
        return await self._database.log(step)


def _count(connection: Plain, report_ids: list[ReportId]) -> set[UUID]:
    return {report_id for report_id in report_ids if count_texts(connection, report_id)}
