"""Sends hall screens what they show, whole, whenever that changes: made once for all of them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.broker.base import Broker
from app.db.away import is_away
from app.db.engine import Database
from app.db.tables import ChangeCounter, HallScreen, Meeting, Section
from app.ids import SectionId
from app.logs import get_logger
from app.plenary.facts import load_facts
from app.plenary.hall.keys import screen_of
from app.plenary.hall.picture import ScreenText, build_screen, section_on_screen
from app.plenary.view import ReportFacts
from app.rooms.registry import RoomRegistry
from app.rooms.watching.turns import Spent, metered
from app.text.jsonable import document_json
from app.text.numbering import label_blocks

Picture = dict[str, Any]
Count = Callable[[UUID], None]

log = get_logger(__name__)

_COALESCE_S = 0.05
"""While someone types, screens get at most one picture in this time."""
_REST_TIMES, _REST_MAX_S = 4, 1.0
"""A picture of a huge report takes a fifth of the event loop, but is never a second late for it."""
_TICK_S = 5.0
"""A screen that hears nothing for longer says NOT LIVE."""
_LOOK_S = 0.5
"""Other workers may send no hints: so often it is asked whether anything has moved."""
_LOOK_AGAIN_S = 2.0
"""Hints may be lost: so often the picture is made anew without one."""
GONE: Picture = {
    "type": "closed",
    "reason": "This screen is no longer shown. Ask the podium for a new one.",
}
CLOSED: Picture = {"type": "closed", "reason": "The meeting is closed."}


@dataclass(eq=False, slots=True)
class _Projection:
    """What all screens of one meeting show."""

    meeting_id: UUID
    report_id: UUID
    picture: Picture = field(default_factory=dict)
    shown: frozenset[UUID] = frozenset()
    """The screens whose tokens are still good."""
    seen: tuple[int, int] = (-1, -1)
    """Where the report's counter and logs stood when it was last asked."""
    watchers: set[asyncio.Event] = field(default_factory=set)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once there is a first picture."""
    task: "asyncio.Task[None]" = field(init=False)

    def set(self, picture: Picture, shown: frozenset[UUID]) -> None:
        """Let the watchers see a picture if it is another one."""
        is_same = without_clock(picture) == without_clock(self.picture) and shown == self.shown
        self.picture, self.shown = picture, shown
        self.ready.set()
        if not is_same:
            for watcher in self.watchers:
                watcher.set()


class ScreenFeed:
    """Makes the pictures that hall screens show."""

    def __init__(self, database: Database, rooms: RoomRegistry, broker: Broker) -> None:
        self._database = database
        self._rooms = rooms
        self._broker = broker
        self._projections: dict[UUID, _Projection] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        """What makes pictures, or is about to end."""

    async def close(self) -> None:
        """Make no pictures any more; what made them has ended then."""
        for projection in self._projections.values():
            projection.task.cancel()
        self._projections.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def pictures(self, token: str, count: Count) -> AsyncGenerator[Picture, None]:
        """Give the present picture, then one after each change, and a tick every 5 s.

        Ends after a `closed` picture: an unknown or revoked token, or a closed meeting.
        count: is told which screen it is, before anything is shown. Raises: whatever it raises.
        """
        async with self._database.read() as session:
            screen = await screen_of(session, token)
            meeting = await session.get(Meeting, screen.meeting_id) if screen else None
        if screen is None or meeting is None:
            yield GONE
            return
        count(screen.id)
        projection = self._projection(meeting)
        changed = asyncio.Event()
        projection.watchers.add(changed)
        try:
            await projection.ready.wait()
            changed.set()
            async for picture in _follow(projection, screen.id, changed):
                yield picture
        finally:
            projection.watchers.discard(changed)
            self._let_go(projection)

    def _projection(self, meeting: Meeting) -> _Projection:
        projection = self._projections.get(meeting.id)
        if projection is None:
            projection = _Projection(meeting.id, meeting.report_id)
            self._projections[meeting.id] = projection
            task = projection.task = asyncio.create_task(self._keep_current(projection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return projection

    def _let_go(self, projection: _Projection) -> None:
        if self._projections.get(projection.meeting_id) is projection and not projection.watchers:
            del self._projections[projection.meeting_id]
            # It ends by itself. A screen that waited for that, and was cut short, would cut it
            # short once more: in the midst of giving its connection back, which then never ends.
            projection.task.cancel()

    async def _keep_current(self, projection: _Projection) -> None:
        changed = asyncio.Event()
        async with self._broker.subscribe(f"report:{projection.report_id}") as hints:
            listening = asyncio.create_task(_set_at_each(hints, changed))
            try:
                while True:
                    changed.clear()
                    spent = Spent()
                    await metered(self._try_to_renew(projection), spent)
                    await self._until_moved(projection, changed)
                    rest_s = min(_REST_TIMES * spent.seconds, _REST_MAX_S)
                    await asyncio.sleep(max(_COALESCE_S, rest_s))
            finally:
                listening.cancel()

    async def _until_moved(self, projection: _Projection, changed: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + _LOOK_AGAIN_S
        while loop.time() < until and not await self._has_moved(projection):
            await _wait(changed, _LOOK_S)
            if changed.is_set():
                return

    async def _has_moved(self, projection: _Projection) -> bool:
        """Whether the counter or a log of the report has moved since it was last asked."""
        asked = select(
            select(ChangeCounter.version)
            .where(ChangeCounter.report_id == projection.report_id)
            .scalar_subquery(),
            select(func.sum(Section.head_seq))
            .where(Section.report_id == projection.report_id)
            .scalar_subquery(),
        )
        try:
            async with self._database.read() as session:
                version, rows = (await session.execute(asked)).one()
        except Exception:
            # What is wrong shows when the picture is made anew, which it soon is in any case.
            return False
        before, projection.seen = projection.seen, (version or 0, rows or 0)
        return projection.seen != before

    async def _try_to_renew(self, projection: _Projection) -> None:
        try:
            await self._renew(projection)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the CRDT library panics beside Exception
            # The last picture stays; screens hear ticks, and the next look may succeed.
            tell = log.warning if is_away(error) else log.exception
            tell("picture_failed", meeting=str(projection.meeting_id), error=str(error))

    async def _renew(self, projection: _Projection) -> None:
        async with self._database.read() as session:
            facts = await load_facts(session, self._rooms, projection.report_id)
            shown = await _shown(session, projection.meeting_id)
        if facts.meeting is None or facts.meeting.id != projection.meeting_id:
            projection.set(CLOSED, shown)
            return
        text = await self._text(facts)
        projection.set(build_screen(facts, text, clock.now()), shown)

    async def _text(self, facts: ReportFacts) -> ScreenText | None:
        section = section_on_screen(facts)
        if section is None:
            return None
        head = await self._rooms.live_head(SectionId(section.id))
        # Labelled from this very text: somebody may have typed since the facts were gathered.
        labels, _ = label_blocks(head.document, section.start_number)
        is_damaged = any(one.section_id == section.id for one in self._rooms.list_damaged())
        return ScreenText(section, document_json(head.document, labels)["blocks"], is_damaged)


async def _shown(session: AsyncSession, meeting_id: UUID) -> frozenset[UUID]:
    found = await session.scalars(
        select(HallScreen.id).where(
            HallScreen.meeting_id == meeting_id, HallScreen.revoked_at.is_(None)
        )
    )
    return frozenset(found)


async def _follow(
    projection: _Projection, screen_id: UUID, changed: asyncio.Event
) -> AsyncIterator[Picture]:
    while True:
        if not changed.is_set():
            yield {"type": "tick", "at": clock.now().isoformat()}
        else:
            changed.clear()
            picture = projection.picture if screen_id in projection.shown else GONE
            yield picture
            if picture["type"] == "closed":
                return
        await _wait(changed, _TICK_S)


def without_clock(picture: Picture) -> Picture:
    """Return the picture without what only the passing of time changes."""
    still = {key: value for key, value in picture.items() if key != "at"}
    for part, name in (("meeting", "used_s"), ("gauge", "time_used_s")):
        if part in still:
            still[part] = {key: value for key, value in still[part].items() if key != name}
    return still


async def _set_at_each(hints: AsyncIterator[bytes], changed: asyncio.Event) -> None:
    async for _ in hints:
        changed.set()


async def _wait(changed: asyncio.Event, patience_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            await changed.wait()
