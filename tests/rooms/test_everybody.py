"""Whatever stalls, floods, joins or is dropped: in the end everybody reads what is held."""

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from pycrdt import Doc, Map, Text

from app.access.actor import Actor
from app.db.engine import Database
from app.errors import AppError
from app.ids import MemberId, SectionId
from app.rooms.connections import showing as showing_of_rooms
from app.rooms.connections.attachment import Attachment, Closed
from app.rooms.connections.outbox import Outbox
from app.rooms.connections.showing import Showing
from app.rooms.frames import Kind, Sync, decode_bare
from app.rooms.keeping.replaying import joined
from app.settings import Settings
from tests.house.builders import Group
from tests.house.live import LiveText
from tests.house.texts import read_text, words_of
from tests.rooms.conftest import OpenDevice

OUTBOX_BYTES = 2000
PEOPLE = 12
STEPS = 300


class Listener:
    """A reader, and a writer at times, whose line is clear or fills up as chance has it."""

    def __init__(self, chance: random.Random, state: bytes) -> None:
        self.doc: Doc[Any] = a_text()
        self.doc.apply_update(state)
        self.is_clear, self.spoke = True, False
        self.writes: Callable[[bytes], None] = self.write
        self.error: AppError | None = None
        self.outbox = Outbox(OUTBOX_BYTES)
        self.outbox.lead_to(self)
        self.attachment = Attachment(self.outbox, Actor(MemberId(uuid4()), "somebody"), None)
        self._chance = chance

    def write(self, source: bytes) -> None:
        """Read what comes in one write; the next one may have to wait."""
        for frame in map(decode_bare, payloads(source)):
            if frame.kind is Kind.SYNC and frame.sub in (Sync.UPDATE, Sync.STEP2):
                self.doc.apply_update(frame.body)
        self.is_clear = self.is_clear and self._chance.random() > 0.1

    def fails(self, error: AppError) -> None:
        self.error = error

    def is_gone(self) -> None:
        self.error = Closed("It is gone.")

    def types(self, words: str) -> bytes:
        """Type somewhere and return the update."""
        made: list[bytes] = []
        subscription = self.doc.observe(lambda event: made.append(event.update))
        body = self.doc["body"]
        body.insert(self._chance.randrange(len(body) + 1), words, {})
        self.doc.unobserve(subscription)
        return made[0]

    def clears(self) -> None:
        self.is_clear = True
        self.outbox.goes_on()

    @property
    def words(self) -> str:
        return str(self.doc["body"])


def a_text() -> Doc[Any]:
    doc: Doc[Any] = Doc()
    doc["body"], doc["notes"] = Text(), Map()
    return doc


def payloads(source: bytes) -> Iterator[bytes]:
    """Return what whole frames of the server carry, one after the other."""
    while source:
        assert source[0] == 0x82
        head_bytes = {126: 4, 127: 10}.get(source[1], 2)
        size_bytes = int.from_bytes(source[2:head_bytes], "big") if head_bytes > 2 else source[1]
        yield source[head_bytes : head_bytes + size_bytes]
        source = source[head_bytes + size_bytes :]


class Hall:
    """A text that is held and shown, and those who read and write it."""

    def __init__(self, chance: random.Random, window_s: float) -> None:
        self.held = a_text()
        self.listeners: list[Listener] = []
        self._to: set[Attachment] = set()
        self._chance = chance
        self.showing = Showing(self._to, window_s, self.held.get_update, list, joined)

    def joins(self) -> None:
        """Let somebody come. What was logged and is not shown yet they get twice."""
        if len(self.listeners) < PEOPLE:
            self.listeners.append(Listener(self._chance, self.held.get_update()))
            self._to.add(self.listeners[-1].attachment)

    def writes(self) -> None:
        """Log what somebody types, then show it."""
        writer = self._chance.choice(self.listeners)
        words = self._chance.choice(["a", "bc", "long " * 100])
        updates = [writer.types(words) for _ in range(self._chance.choice([1, 1, 30]))]
        for update in updates:
            self.held.apply_update(update)
        # As a connection writes it, or as another worker has logged it: that may be grouped.
        author = self._chance.choice([writer.attachment, None])
        self.showing.text([(update, author) for update in updates])

    def clears(self) -> None:
        """Let somebody read on."""
        self._chance.choice(self.listeners).clears()

    def ends(self) -> None:
        """Let everybody come and read all there is."""
        while len(self.listeners) < PEOPLE:
            self.joins()
        self.showing.now()
        for listener in self.listeners:
            while listener.outbox.is_behind:
                listener.clears()


@pytest.mark.parametrize("seed", range(12))
async def test_nothing_is_lost_on_lines_that_fill_up_as_chance_has_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every other time all is grouped until `now`.
    monkeypatch.setattr(showing_of_rooms, "_FEW", -1)
    monkeypatch.setattr(showing_of_rooms, "_EACH_S", 1e6)
    monkeypatch.setattr(showing_of_rooms, "_ENOUGH", 1e9)
    chance = random.Random(seed)
    hall = Hall(chance, 60.0 * (seed % 2))
    hall.joins()
    hall.joins()

    acts = [hall.writes, hall.clears, hall.showing.now, hall.joins]
    for act in chance.choices(acts, [8, 4, 4, 1], k=STEPS):
        act()
    hall.ends()

    assert [one.error for one in hall.listeners] == [None] * PEOPLE
    assert {one.words for one in hall.listeners} == {str(hall.held["body"])}
    assert any(one.outbox.overflows for one in hall.listeners)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Little is kept for a reader who does not read."""
    return settings.model_copy(update={"outbox_bytes": 64 * 1024})


async def test_a_flood_beside_readers_who_stall_and_join_is_read_by_all(
    app: FastAPI, group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    async def opens(token: str) -> LiveText:
        return await (await device()).open(section, token)

    flood = await opens(group.member.api_token)
    writer = await opens(group.member.api_token)
    flood.paragraph("pabcdefghijkl", "")
    listeners = [writer, *[await opens(group.observer.api_token) for _ in range(4)]]
    stalled = listeners[1:3]
    for one in stalled:
        one.device.stalls()
    for round_ in range(10):
        for _ in range(20):
            flood.types("flood " * 500)
            writer.types(f"{round_};", at=1)
        listeners.append(await opens(group.convenor.api_token))
    await flood.saved()
    for one in stalled:
        one.device.reads_on()
    await writer.saved()

    everything = "".join(words_of(await read_text(database, section)))
    await asyncio.gather(*(one.shows(everything) for one in [flood, *listeners]))
