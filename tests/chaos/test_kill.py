"""kill -9 while three people type: what was acknowledged and what was shown is there afterwards."""

import asyncio
import random

import httpx
import pytest

from app.db.engine import Database
from app.ids import SectionId
from app.rooms.keeping.verifying import verify_chain
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.live import Device, LiveText, a_device
from tests.house.servers import LiveServer
from tests.house.texts import read_text, words_of

ROUNDS = 3
WORDS = 40

pytestmark = pytest.mark.slow


async def type_until_killed(text: LiveText, letter: str, seed: int) -> list[str]:
    """Type words until the line is cut; return those that were acknowledged."""
    chance = random.Random(seed)
    await text.saved()
    answered = len(text.statuses)
    words: list[str] = []
    while text.device.close_code is None:
        words.append(f"{letter}{len(words)};")
        text.types(words[-1], at=0 if chance.random() < 0.2 else None)
        if chance.random() < 0.7:
            await text.device.until(
                lambda: len(text.statuses) == text.sent or text.device.close_code is not None
            )
    assert set(text.statuses) == {1}, (text.statuses, text.closed)
    return words[: len(text.statuses) - answered]


async def open_texts(host: str, group: Group, section: SectionId) -> list[LiveText]:
    people = (group.member, group.convenor, group.secretariat, group.observer)
    devices = [await a_device(host) for _ in people]
    return [
        await device.open(section, person.api_token)
        for device, person in zip(devices, people, strict=True)
    ]


async def one_round(server: LiveServer, texts: list[LiveText], round_: int) -> set[str]:
    """Let three people type, kill the server, and return every word that must have been kept."""
    *writers, reader = texts
    enough = reader.words.count(";") + WORDS * len(writers)
    typing = [
        asyncio.create_task(type_until_killed(text, f"{round_}{letter}", seed))
        for seed, (letter, text) in enumerate(zip("abc", writers, strict=True))
    ]
    await reader.until(lambda text: text.words.count(";") >= enough)
    server.kill()
    acknowledged = await asyncio.gather(*typing)
    assert all(acknowledged)
    shown = {f"{word};" for word in reader.words.split(";") if word}
    return shown.union(*acknowledged)


async def hang_up(devices: list[Device]) -> None:
    for device in devices:
        await device.hang_up()


async def test_nothing_that_was_acknowledged_or_shown_is_lost(
    live_server: LiveServer, database: Database
) -> None:
    async with httpx.AsyncClient() as http:
        group = await a_working_group(House(database, http))
    [section] = (await a_report(group, ["Access"])).sections
    host = live_server.url.removeprefix("http://")

    for round_ in range(ROUNDS):
        texts = await open_texts(host, group, section)
        promised = await one_round(live_server, texts, round_)
        await hang_up([text.device for text in texts])
        live_server.start()

        [kept] = words_of(await read_text(database, section))
        assert [word for word in promised if word not in kept] == []
        async with database.read() as session:
            assert await verify_chain(session, section) is None
        again = await open_texts(host, group, section)
        assert {text.words for text in again} == {kept}
        await hang_up([text.device for text in again])
