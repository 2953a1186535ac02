"""Recorded typing goes through the real server: at the end everybody holds the recorded text."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest

from app.db.engine import Database
from app.text.from_crdt import body_of, read_document
from app.text.hashing import content_hash
from tests.chaos.traces import CLIENT_IDS, Trace, Typist, as_one, begin, lines_of, load_trace
from tests.chaos.truth import read_log
from tests.conftest import StartServer
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.live import Device, LiveText, a_device
from tests.house.people import Person
from tests.house.servers import LiveServer
from tests.house.texts import read_text

WHOLE = os.environ.get("CHAOS_TRACES") == "whole"
BATCH = 1 if WHOLE else 50
# Edits that wait for their acknowledgement at most: a person who types fast has fewer.
WAITING = 40

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]


class Hall:
    """A server in its own process, a section, and the devices that open it."""

    def __init__(self, server: LiveServer, database: Database, group: Group) -> None:
        self._host = server.url.removeprefix("http://")
        self._database = database
        self._devices: list[Device] = []
        self.group = group

    async def begin(self) -> None:
        """Add an empty section."""
        [self._section] = (await a_report(self.group, ["Access"])).sections

    async def opens(self, person: Person, client_id: int | None = None) -> LiveText:
        """Open the section on a device of its own."""
        self._devices.append(await a_device(self._host))
        return await self._devices[-1].open(self._section, person.api_token, client_id)

    async def all_hold(self, end: str, *texts: LiveText) -> None:
        """Everybody, the log and whoever opens the section now hold this text."""
        log = await read_log(self._database, self._section)
        expected = content_hash(read_document(log))
        assert lines_of(log) == end
        fresh = await self.opens(self.group.observer)
        for text in (*texts, fresh):
            await text.until(lambda text: lines_of(text.doc) == end, "the end")
            assert content_hash(text.document()) == expected
            await text.until(lambda text: _last_hash(text) == expected, "the head")
        assert content_hash(await read_text(self._database, self._section)) == expected

    async def close(self) -> None:
        """Let everybody hang up."""
        for device in self._devices:
            await device.hang_up()


def _last_hash(text: LiveText) -> str | None:
    heads = [notice for notice in text.notices if notice["type"] == "head"]
    return heads[-1]["hash"] if heads else None


@pytest.fixture
async def hall(
    start_server: StartServer, database_url: str, database: Database
) -> AsyncIterator[Hall]:
    """A running server and an empty section."""
    # Whole histories are typed faster than people type, for longer than the server puts up with.
    server = start_server(
        DATABASE_URL=database_url,
        RAPPORTEUR_FRAMES_PER_S="20000",
        RAPPORTEUR_MEMBER_SHARE_PERCENT="100",
    )
    async with httpx.AsyncClient() as http:
        opened = Hall(server, database, await a_working_group(House(database, http)))
    await opened.begin()
    yield opened
    await opened.close()


async def send(text: LiveText, updates: list[bytes]) -> None:
    """Send what was typed, no more at a time than somebody may have unacknowledged."""
    for update in updates:
        text.sends_update(update)
        await text.until(lambda text: text.sent - len(text.statuses) < WAITING, "answers")


async def type_alone(text: LiveText, trace: Trace) -> None:
    """Type a recorded history."""
    async with text.offline():
        begin(text.doc)
        text.sends_update(text.doc.get_update())
        typist = Typist(text.doc, is_alone=True)
        for first in range(0, len(trace.turns), BATCH):
            turns = trace.turns[first : first + BATCH]
            typist.types([patch for turn in turns for patch in turn.patches])
            await send(text, typist.made)
            typist.made.clear()
        await text.saved()


async def type_together(texts: list[LiveText], trace: Trace) -> None:
    """Type a history of two, each turn upon exactly what its author had seen of the other's."""
    async with texts[0].offline(), texts[1].offline():
        begin(texts[0].doc)
        texts[0].sends_update(texts[0].doc.get_update())
        await texts[1].until(lambda text: len(body_of(text.doc)) == 1, "the first paragraph")
        typists = [Typist(text.doc) for text in texts]
        sent = [0, 0]
        for number, turn in enumerate(trace.turns):
            other = 1 - turn.author
            if number in trace.lengths:
                await _send_to(texts[other], typists[other].made[sent[other] : turn.seen])
                sent[other] = turn.seen
                await _until_length(texts[turn.author], trace.lengths[number])
            typists[turn.author].types(turn.patches)
        for text, typist, count in zip(texts, typists, sent, strict=True):
            await _send_to(text, typist.made[count:])
            await text.saved()


async def _until_length(text: LiveText, length: int) -> None:
    await text.until(lambda text: len(body_of(text.doc)) == length, "what the other wrote")


async def _send_to(text: LiveText, updates: list[bytes]) -> None:
    if updates:
        await send(text, updates if WHOLE else [as_one(updates)])


@pytest.mark.parametrize(("name", "most"), [("sveltecomponent", 18335), ("seph-blog1", 20_000)])
@pytest.mark.engine(*(["sqlite", "postgresql"] if WHOLE else ["sqlite"]))
async def test_what_one_person_wrote_is_kept_as_it_was(hall: Hall, name: str, most: int) -> None:
    trace = load_trace(name, None if WHOLE else most)
    writer = await hall.opens(hall.group.member)
    reader = await hall.opens(hall.group.secretariat)
    await type_alone(writer, trace)
    await hall.all_hold(trace.end, writer, reader)


@pytest.mark.engine(*(["sqlite", "postgresql"] if WHOLE else ["sqlite"]))
async def test_what_two_people_wrote_at_once_is_kept_as_it_was(hall: Hall) -> None:
    trace = load_trace("friendsforever", None if WHOLE else 6_000)
    people = (hall.group.member, hall.group.convenor)
    texts = [
        await hall.opens(person, client_id)
        for person, client_id in zip(people, CLIENT_IDS, strict=True)
    ]
    await type_together(texts, trace)
    await hall.all_hold(trace.end, *texts)
