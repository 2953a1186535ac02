"""Workers, Redis and PostgreSQL die while people type: nothing acknowledged is lost, all heal."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from app.db.engine import Database
from app.ids import SectionId
from app.rooms.keeping.verifying import verify_chain
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.people import Person
from tests.house.texts import read_text, words_of
from tests.workers.conftest import Crew, opened_database
from tests.workers.site import Door
from tests.workers.typist import Typist

WORDS = 4

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture
async def database(crew: Crew, tmp_path: Path) -> AsyncIterator[Database]:
    """A way to the crew's database."""
    opened = await opened_database(crew.url, tmp_path)
    yield opened
    await opened.dispose()


@pytest.fixture
async def group(
    crew: Crew, database: Database, request: pytest.FixtureRequest
) -> AsyncIterator[Group]:
    """A working group of this test's own."""
    async with httpx.AsyncClient(base_url=crew.server.url, timeout=60) as http:
        yield await a_working_group(House(database, http), request.node.name[:60])


async def survive(
    doors: list[Door],
    people: list[Person],
    section: SectionId,
    death: Callable[[], Awaitable[None]],
) -> list[Typist]:
    """Let somebody type at each door while the death takes place, and go on after it."""
    typists = [
        Typist(door, person, section, letter)
        for door, person, letter in zip(doors, people, "abcd", strict=False)
    ]
    for typist in typists:
        await typist.sit_down()
    enough = asyncio.Event()
    typing = [asyncio.create_task(typist.type_until(enough)) for typist in typists]
    await asyncio.gather(*(typist.saves(WORDS) for typist in typists))
    await death()
    await asyncio.gather(*(typist.saves(WORDS) for typist in typists))
    enough.set()
    await asyncio.gather(*typing)
    return typists


async def all_is_kept(database: Database, section: SectionId, typists: list[Typist]) -> None:
    """Everybody sees every word once, the log holds it, and no acknowledged word was ever away."""
    everything = sorted(word for typist in typists for word in typist.saved)
    for typist in typists:
        await typist.text.until(lambda text: text.words.count(";") == len(everything), "every word")
    shown = {typist.text.words for typist in typists}
    [kept] = words_of(await read_text(database, section))

    assert [typist.lost for typist in typists] == [[]] * len(typists)
    assert shown == {kept}
    assert sorted(f"{word};" for word in kept.split(";")[:-1]) == everything
    async with database.read() as session:
        assert await verify_chain(session, section) is None
    for typist in typists:
        await typist.leave()


def people_of(group: Group) -> list[Person]:
    return [group.member, group.convenor, group.secretariat, group.member]


async def test_a_worker_is_killed(crew: Crew, group: Group, database: Database) -> None:
    [section] = (await a_report(group)).sections

    async def death() -> None:
        os.kill(crew.server.worker_pid(2), signal.SIGKILL)

    typists = await survive(crew.doors, people_of(group), section, death)

    assert [typist.lines_cut > 0 for typist in typists] == [False, True, False, False]
    await all_is_kept(database, section, typists)
    await asyncio.to_thread(crew.server.wait_for_workers)


async def test_redis_is_killed_and_comes_back(crew: Crew, group: Group, database: Database) -> None:
    section, other = (await a_report(group, ["Access", "Security"])).sections

    async def death() -> None:
        crew.redis.process.kill()

    typists = await survive(crew.doors, people_of(group), section, death)
    await all_is_kept(database, section, typists)

    await asyncio.to_thread(crew.redis.start)
    again = await survive(crew.doors, people_of(group), other, nothing)
    assert [typist.lines_cut for typist in (*typists, *again)] == [0] * 2 * crew.workers
    await all_is_kept(database, other, again)


async def nothing() -> None:
    """Nobody dies."""


async def test_postgresql_is_torn_down_and_comes_back(
    crew: Crew, group: Group, database: Database
) -> None:
    [section] = (await a_report(group)).sections
    answers: list[httpx.Response] = []

    async def death() -> None:
        await asyncio.to_thread(crew.postgres.drop_everybody)
        async with crew.doors[0].http() as http:
            answers.append(await http.get("/readyz"))
            answers.append(await http.get("/api/v1/me", headers=group.member.headers))
            answers.append(await http.get("/healthz"))
        await asyncio.to_thread(crew.postgres.start)

    typists = await survive(crew.doors, people_of(group), section, death)

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].json()["reason"] == "The database does not answer."
    assert "does not answer at the moment" in answers[1].json()["detail"]
    assert [typist.lines_cut for typist in typists] == [0, 0, 0, 0]
    await all_is_kept(database, section, typists)
