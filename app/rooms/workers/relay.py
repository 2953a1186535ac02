"""Who is in one report's sections, told between the workers; gone with the worker that told it."""

import asyncio
from collections.abc import Callable

from app.broker.base import Broker
from app.ids import ReportId, SectionId, new_id
from app.logs import get_logger
from app.rooms.frames import AwarenessEntry, Malformed
from app.rooms.presence import Presence
from app.rooms.workers.messages import Asking, Leaving, Message, Places, decode, encode

# A worker repeats who is with it this often, and one that was silent for so long is gone.
REPEAT_S = 10.0
SILENT_S = 30.0
# Carets move with every key: what moved within this time goes out together.
PAUSE_S = 0.03
# What the line to the others may make this worker remember of one report.
MAX_WORKERS, MAX_SECTIONS, MAX_GUESTS = 256, 1000, 10_000

WORKER = new_id().hex
"""This process among the workers."""

Tell = Callable[[SectionId, list[AwarenessEntry]], None]

logger = get_logger(__name__)


class PresenceRelay:
    """Tells the other workers who is in a report's sections here, and hears who is there."""

    def __init__(self, report_id: ReportId, broker: Broker, tell: Tell) -> None:
        self._presences: dict[SectionId, Presence] = {}
        self._elsewhere: set[SectionId] = set()
        """The sections that only other workers have told of, and those that are left to them."""
        self._broker = broker
        self._topic = f"presence:{report_id}"
        self._tell = tell
        self._heard_at: dict[str, float] = {}
        self._moved: set[SectionId] = set()
        self._has_moved = asyncio.Event()
        self._must_repeat = True

    def of(self, section_id: SectionId) -> Presence:
        """Return who is in a section, here and with other workers."""
        self._elsewhere.discard(section_id)
        return self._presences.setdefault(section_id, Presence())

    def people(self) -> dict[SectionId, list[dict[str, str]]]:
        """Return the members in each section where there is anybody."""
        everywhere = {key: presence.people() for key, presence in self._presences.items()}
        return {section_id: people for section_id, people in everywhere.items() if people}

    def moved(self, section_id: SectionId) -> None:
        """Tell the others soon that somebody came, went or moved in a section."""
        if self.reaches_others:
            self._moved.add(section_id)
            self._has_moved.set()
        elif presence := self._presences.get(section_id):
            presence.take_moved()
            self._end_if_empty(section_id, presence)

    @property
    def reaches_others(self) -> bool:
        """Whether there is a line to other workers at all."""
        return self._broker.reaches_others

    # -------------------------------------------- for ever, as tasks of the report's watch

    async def listen(self) -> None:
        """Hear the others. An empty hint says that the line is open (again): what was missed?"""
        async with self._broker.subscribe(self._topic) as payloads:
            await self._ask()
            async for payload in payloads:
                if payload:
                    self._hear(payload)
                else:
                    await self._ask()

    async def speak(self) -> None:
        """Tell what has moved, or where everybody is."""
        await self._has_moved.wait()
        self._has_moved.clear()
        moved, self._moved = self._moved, set()
        is_whole, self._must_repeat = self._must_repeat, False
        for section_id in list(self._presences) if is_whole else moved:
            await self._say(section_id, is_whole=is_whole)
        await asyncio.sleep(PAUSE_S)

    async def repeat(self) -> None:
        """Say everything anew now and then, and let go of workers that no longer do."""
        await asyncio.sleep(REPEAT_S)
        self._say_all()
        now = asyncio.get_running_loop().time()
        for worker, heard_at in list(self._heard_at.items()):
            if now - heard_at > SILENT_S:
                self._dismiss(worker)

    def forget(self, section_id: SectionId) -> None:
        """Let go of a section that no room serves, now or once nobody is there any more."""
        if presence := self._presences.get(section_id):
            self._elsewhere.add(section_id)
            self._end_if_empty(section_id, presence)

    async def close(self) -> None:
        """Tell the others that nobody is here any more."""
        if self.reaches_others:
            await self._broker.publish(self._topic, encode(Leaving(WORKER)))

    # ---------------------------------------------------------------------- private

    async def _ask(self) -> None:
        self._say_all()
        await self._broker.publish(self._topic, encode(Asking(WORKER)))

    def _say_all(self) -> None:
        self._must_repeat = True
        self._has_moved.set()

    async def _say(self, section_id: SectionId, *, is_whole: bool) -> None:
        presence = self._presences.get(section_id)
        if presence is None:
            return
        moved = presence.take_moved()
        self._end_if_empty(section_id, presence)
        places = presence.own() if is_whole else moved
        if places or is_whole:
            said = Places(WORKER, section_id, is_whole, tuple(places))
            await self._broker.publish(self._topic, encode(said))

    def _hear(self, payload: bytes) -> None:
        try:
            message = decode(payload)
            if message.worker != WORKER:
                self._take(message)
        except Malformed as error:
            logger.warning("worker_not_understood", topic=self._topic, error=str(error))

    def _take(self, message: Message) -> None:
        if isinstance(message, Leaving):
            self._dismiss(message.worker)
            return
        if message.worker not in self._heard_at and len(self._heard_at) >= MAX_WORKERS:
            raise Malformed("There are no so many workers.")
        self._heard_at[message.worker] = asyncio.get_running_loop().time()
        if isinstance(message, Asking):
            self._say_all()
            return
        self._take_places(message)

    def _take_places(self, message: Places) -> None:
        section_id = message.section_id
        presence = self._presences.get(section_id, Presence())
        if not message.places and section_id not in self._presences:
            return
        guests = sum(one.guests for one in self._presences.values()) - presence.guests
        places, is_whole = message.places, message.is_whole
        come = presence.guests_after(message.worker, places, is_whole=is_whole)
        if come > presence.guests and guests + come > MAX_GUESTS:
            raise Malformed("There are no so many people.")
        if section_id not in self._presences:
            self._begin(section_id, presence)
        told = presence.hear(message.worker, places, is_whole=is_whole)
        self._end_if_empty(section_id, presence)
        if told:
            self._tell(section_id, told)

    def _begin(self, section_id: SectionId, presence: Presence) -> None:
        """Keep in mind who is in a section that only other workers serve."""
        if len(self._elsewhere) >= MAX_SECTIONS:
            raise Malformed("There are no so many sections.")
        self._elsewhere.add(section_id)
        self._presences[section_id] = presence

    def _end_if_empty(self, section_id: SectionId, presence: Presence) -> None:
        if section_id in self._elsewhere and presence.is_empty:
            self._elsewhere.discard(section_id)
            del self._presences[section_id]

    def _dismiss(self, worker: str) -> None:
        self._heard_at.pop(worker, None)
        for section_id, presence in list(self._presences.items()):
            if told := presence.dismiss(worker):
                self._end_if_empty(section_id, presence)
                self._tell(section_id, told)
