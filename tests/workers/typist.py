"""Somebody who goes on typing whatever dies, as a stock client would, and remembers every word."""

import asyncio

from app.ids import SectionId
from tests.house.live import PATIENCE_S as DEVICE_PATIENCE_S
from tests.house.live import Device, LiveText
from tests.house.people import Person
from tests.workers.site import Door

# A server of PostgreSQL and four workers come back on a busy machine.
PATIENCE_S = 3 * DEVICE_PATIENCE_S


class Typist:
    """Types a word, waits until it is saved, types the next; comes back when the line is cut."""

    def __init__(self, door: Door, person: Person, section: SectionId, letter: str) -> None:
        self.door = door
        self.typed: list[str] = []
        self.saved: list[str] = []
        self.lines_cut = 0
        self.lost: list[str] = []
        """Words that were acknowledged, and were not there when it came back."""
        self.goes_on = asyncio.Event()
        """Set with every word that is saved."""
        self._person = person
        self._section = section
        self._letter = letter
        self._devices: list[Device] = []
        self.text: LiveText

    async def sit_down(self) -> None:
        """Open the section."""
        self.text = await self._open()

    async def type_until(self, enough: asyncio.Event) -> None:
        """Type word after word until it is enough; the last one is saved, too."""
        while not enough.is_set() or len(self.saved) < len(self.typed):
            if self.text.device.close_code is not None:
                await self._come_back()
            elif len(self.saved) == len(self.typed):
                word = f"{self._letter}{len(self.typed)};"
                self.typed.append(word)
                self.text.types(word)
            async with asyncio.timeout(PATIENCE_S):
                await self._answer()
            if self._is_saved():
                self.saved = list(self.typed)
                self.goes_on.set()

    async def saves(self, words: int) -> None:
        """Return once so many more words of it were saved."""
        wanted = len(self.saved) + words
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(self.saved) < wanted:
                    self.goes_on.clear()
                    await self.goes_on.wait()
        except TimeoutError:
            raise AssertionError(f"Waited in vain for words of {self}") from None

    def __repr__(self) -> str:
        text = self.text
        heard = f"{text.statuses[-5:]}, closed {text.closed!r}, {text.device.close_code}"
        answered = f"{len(text.statuses)} answers to {text.sent}"
        return f"{self._letter}: {len(self.saved)}/{len(self.typed)}, {answered}: {heard}"

    async def leave(self) -> None:
        """Put every device away."""
        for device in self._devices:
            await device.hang_up()

    async def _answer(self) -> None:
        device = self.text.device
        async with device.moved:
            await device.moved.wait_for(self._is_answered)

    def _is_answered(self) -> bool:
        return self.text.device.close_code is not None or self._is_saved()

    def _is_saved(self) -> bool:
        text = self.text
        return len(text.statuses) >= text.sent and text.statuses[-1:] == [1]

    async def _come_back(self) -> None:
        """By any worker: look at what the server has, then offer what was not acknowledged."""
        self.lines_cut += 1
        self.door = Door(self.door.server)
        before = self.text
        while True:
            text = await self._open()
            if text.device.close_code is None and text.synced:
                break
        self.lost += [word for word in self.saved if word not in text.words]
        self.text = text
        text.doc.apply_update(before.doc.get_update(text.doc.get_state()))

    async def _open(self) -> LiveText:
        device = await self.door.device()
        self._devices.append(device)
        text = device.text(str(self._section))
        text.signs_in(self._person.api_token)
        text.syncs()
        text.shows_itself()
        await text.until(lambda one: one.synced or one.device.close_code is not None, "the text")
        return text
