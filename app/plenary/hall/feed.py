"""Sends a hall screen what it shows, whole, whenever that changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

from app import clock
from app.broker.base import Broker
from app.db.engine import Database
from app.db.tables import Meeting
from app.ids import SectionId
from app.plenary.facts import load_facts
from app.plenary.hall.keys import meeting_on_screen
from app.plenary.hall.picture import ScreenText, build_screen, section_on_screen
from app.plenary.view import ReportFacts
from app.rooms.registry import RoomRegistry
from app.text.jsonable import document_json

_COALESCE_S = 0.05
"""While someone types, a screen gets at most one picture in this time."""
_TICK_S = 5.0
"""A screen that hears nothing for some ticks says NOT LIVE."""
GONE = {"type": "closed", "reason": "This screen is no longer shown. Ask the podium for a new one."}


class ScreenFeed:
    """Makes the pictures that hall screens show."""

    def __init__(self, database: Database, rooms: RoomRegistry, broker: Broker) -> None:
        self._database = database
        self._rooms = rooms
        self._broker = broker

    async def pictures(self, token: str) -> AsyncIterator[dict[str, Any]]:
        """Give the present picture, then one after each change, and a tick every 5 s.

        Ends after a `closed` picture: an unknown or revoked token, or a closed meeting.
        """
        meeting = await self._meeting(token)
        if meeting is None:
            yield GONE
            return
        async with AsyncExitStack() as stack:
            changed = asyncio.Event()
            for topic in (f"report:{meeting.report_id}", f"text:{meeting.report_id}"):
                hints = await stack.enter_async_context(self._broker.subscribe(topic))
                task = asyncio.create_task(_set_at_each(hints, changed))
                stack.callback(task.cancel)
            async for picture in self._follow(token, changed):
                yield picture

    async def picture(self, token: str) -> dict[str, Any]:
        """Return what the screen shows now."""
        meeting = await self._meeting(token)
        if meeting is None:
            return GONE
        async with self._database.read() as session:
            facts = await load_facts(session, self._rooms, meeting.report_id)
        if facts.meeting is None or facts.meeting.id != meeting.id:
            return {"type": "closed", "reason": "The meeting is closed."}
        return build_screen(facts, await self._text(facts), clock.now())

    async def _follow(self, token: str, changed: asyncio.Event) -> AsyncIterator[dict[str, Any]]:
        last: dict[str, Any] = {}
        while True:
            changed.clear()
            picture = await self.picture(token)
            if _without_clock(picture) != last:
                last = _without_clock(picture)
                yield picture
            else:
                yield {"type": "tick", "at": clock.now().isoformat()}
            if picture["type"] == "closed":
                return
            await _wait(changed, _TICK_S)
            await asyncio.sleep(_COALESCE_S)

    async def _meeting(self, token: str) -> Meeting | None:
        async with self._database.read() as session:
            return await meeting_on_screen(session, token)

    async def _text(self, facts: ReportFacts) -> ScreenText | None:
        section = section_on_screen(facts)
        if section is None:
            return None
        head = await self._rooms.read_head(SectionId(UUID(str(section.id))))
        labels = tuple(paragraph.label for paragraph in section.paragraphs)
        if len(labels) != len(head.document.blocks):
            labels = ("",) * len(head.document.blocks)
        return ScreenText(section, document_json(head.document, labels)["blocks"])


def _without_clock(picture: dict[str, Any]) -> dict[str, Any]:
    """Return the picture without what only the passing of time changes."""
    still = {key: value for key, value in picture.items() if key not in ("at", "gauge", "meeting")}
    meeting = dict(picture.get("meeting") or {})
    meeting.pop("used_s", None)
    gauge = dict(picture.get("gauge") or {})
    gauge.pop("time_used_s", None)
    return {**still, "meeting": meeting, "gauge": gauge}


async def _set_at_each(hints: AsyncIterator[bytes], changed: asyncio.Event) -> None:
    async for _ in hints:
        changed.set()


async def _wait(changed: asyncio.Event, patience_s: float) -> None:
    try:
        async with asyncio.timeout(patience_s):
            await changed.wait()
    except TimeoutError:
        return
