"""The unit of work: the only commit of commands, and what happens once it stands."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.broker.base import Broker
from app.db.tables.reports import ChangeCounter
from app.logs import get_logger

TEXTS_MOVED = b"texts"
"""Published on `report:<id>` when nothing has changed but texts; otherwise nothing is said."""

AfterCommit = Callable[[], Awaitable[None] | None]
log = get_logger(__name__)


class Work:
    """One transaction and what is to be done after it."""

    session: AsyncSession

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._after: list[AfterCommit] = []
        self._touched: dict[UUID, bytes] = {}

    @asynccontextmanager
    async def bound_to(self, session: AsyncSession) -> AsyncIterator[None]:
        """Run the block in a writing transaction of this session, and commit it."""
        self.session = session
        await session.connection(execution_options={"writes": True})
        try:
            yield
            await session.commit()
        except BaseException:
            self._after.clear()
            self._touched.clear()
            await session.rollback()
            raise

    def after_commit(self, callback: AfterCommit) -> None:
        """Run the callback once the commit stands; a rollback drops it."""
        self._after.append(callback)

    async def touch_report(self, report_id: UUID, *, texts_only: bool = False) -> int:
        """Count a change of what the report's screens show, and return its new version.

        texts_only: no right, lock or status can have changed with it.
        Effects: after the commit, whoever listens on `report:<id>` looks again.
        """
        found = await self.session.scalars(
            select(ChangeCounter).where(ChangeCounter.report_id == report_id).with_for_update()
        )
        counter = found.one_or_none()
        if counter is None:
            counter = ChangeCounter(report_id=report_id, version=0, rights_version=0)
            self.session.add(counter)
        if report_id not in self._touched:
            counter.version += 1
            counter.changed_at = clock.now()
        if not texts_only:
            counter.rights_version = counter.version
        if not texts_only or report_id not in self._touched:
            self._touched[report_id] = TEXTS_MOVED if texts_only else b""
            await self.session.flush()
        return counter.version

    async def tell_others(self) -> None:
        """Run what waited for the commit. A failing callback is logged: the commit stands."""
        for report_id, said in self._touched.items():
            await self._broker.publish(f"report:{report_id}", said)
        for callback in self._after:
            await self._run(callback)

    async def _run(self, callback: AfterCommit) -> None:
        try:
            result = callback()
            if result is not None:
                await result
        except Exception:
            log.exception("after_commit_failed")
