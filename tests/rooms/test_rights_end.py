"""A right ends on open sockets by every route, whether a hint of it comes or none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app import clock
from app.db.engine import Database
from app.db.tables import LogEntry, Section
from app.ids import SectionId
from app.main import create_app
from app.rooms.frames import Kind, Sync
from app.settings import Settings
from tests.house.builders import BuiltReport, Group, House, a_report, a_working_group
from tests.house.drafts import a_meeting
from tests.house.live import Device, LiveText, a_device, served
from tests.house.people import Person
from tests.house.servers import Redis
from tests.house.texts import block, read_text, words_of, write_text

CONTRACT_US = 1_000_000
"""Nobody writes for longer than this after losing the right."""


@dataclass
class Scene:
    """Somebody who writes, a section that they may write in, and how that comes to an end."""

    group: Group
    report: BuiltReport
    writer: Person
    meeting: UUID | None = None

    @property
    def section(self) -> SectionId:
        return self.report.sections[0]


Route: TypeAlias = Callable[[Scene], Awaitable[None]]


async def removed_from_the_group(scene: Scene) -> None:
    path = f"/working-groups/{scene.group.id}/members/{scene.writer.id}"
    await scene.group.secretariat.delete(path)


async def made_an_observer(scene: Scene) -> None:
    path = f"/working-groups/{scene.group.id}/members/{scene.writer.id}"
    await scene.group.secretariat.patch(path, {"roles": ["observer"]})


async def taken_from_the_subgroup(scene: Scene) -> None:
    path = f"/subgroups/{scene.group.access}/members/{scene.writer.id}"
    await scene.group.secretariat.delete(path)


async def no_longer_convenor(scene: Scene) -> None:
    path = f"/subgroups/{scene.group.access}/members/{scene.writer.id}"
    await scene.group.secretariat.put(path, {"convenor": False})


async def given_to_another_subgroup(scene: Scene) -> None:
    path = f"/sections/{scene.section}"
    await scene.group.secretariat.patch(path, {"subgroup_id": str(scene.group.security)})


async def handed_in(scene: Scene) -> None:
    path = f"/sections/{scene.section}/state"
    await scene.group.secretariat.post(path, {"to": "subgroup_review"}, status=200)


async def read_to_the_end(scene: Scene) -> None:
    async with scene.group.house.database.write() as work:
        await work.session.execute(
            update(Section).where(Section.id == scene.section).values(state="read")
        )
        await work.touch_report(scene.report.id)


async def pen_handed_over(scene: Scene) -> None:
    path = f"/meetings/{scene.meeting}/pen"
    await scene.group.chair.put(path, {"member_id": str(scene.group.secretariat.id)})


async def meeting_suspended(scene: Scene) -> None:
    path = f"/meetings/{scene.meeting}/state"
    await scene.group.chair.post(path, {"to": "suspended"}, status=200)


async def meeting_closed(scene: Scene) -> None:
    path = f"/meetings/{scene.meeting}/state"
    await scene.group.chair.post(path, {"to": "closed"}, status=200)


ROUTES: tuple[tuple[Route, str], ...] = (
    (removed_from_the_group, "drafting"),
    (made_an_observer, "drafting"),
    (taken_from_the_subgroup, "drafting"),
    (no_longer_convenor, "subgroup_review"),
    (given_to_another_subgroup, "drafting"),
    (handed_in, "drafting"),
    (read_to_the_end, "in_reading"),
    (pen_handed_over, "in_reading"),
    (meeting_suspended, "in_reading"),
    (meeting_closed, "in_reading"),
)


# ------------------------------------------------------------------------- the servers


@dataclass
class Servers:
    """Where the writer is connected, and where the right is ended."""

    host: str
    house: House
    database: Database
    redis: Redis | None = None

    def lose_redis(self) -> None:
        """Kill the server of hints, if there is one."""
        if self.redis is not None:
            self.redis.process.kill()


@asynccontextmanager
async def a_worker(database_url: str, home: Path, redis: Redis | None) -> AsyncIterator[FastAPI]:
    given = {"home": home, "DATABASE_URL": database_url}
    given |= {"REDIS_URL": redis.url} if redis is not None else {}
    application = create_app(Settings.model_validate(given))
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(params=["without a hint", "with Redis killed"])
async def servers(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> AsyncIterator[Servers]:
    """Two workers on one database between which no hint goes: without Redis, or with a dead one"""
    redis: Redis | None = None
    if "Redis" in request.param:
        redis = request.getfixturevalue("own_redis")
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(a_worker(database_url, tmp_path / "here", redis))
        there = await stack.enter_async_context(a_worker(database_url, tmp_path / "there", redis))
        address = there.state.services.settings.address
        transport = httpx.ASGITransport(there)
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url=address, headers={"Origin": address})
        )
        host = await stack.enter_async_context(served(here))
        database = there.state.services.database
        yield Servers(host, House(database, http), database, redis)


async def a_scene(servers: Servers, state: str, route: Route) -> Scene:
    group = await a_working_group(servers.house, f"{route.__name__} {state}")
    report = await a_report(group, state=state)
    # With a first paragraph there is nothing that the server would name in the writer's name.
    await write_text(servers.database, report.sections[0], None, [block("one", "")])
    if state == "in_reading":
        return Scene(
            group, report, group.convenor, await a_meeting(group, report, pen=group.convenor)
        )
    writer = group.convenor if state == "subgroup_review" else group.member
    return Scene(group, report, writer)


# --------------------------------------------------------------------------- the tests


async def test_whoever_writes_on_and_on_is_stopped_by_every_route(servers: Servers) -> None:
    scenes = [(await a_scene(servers, state, route), route) for route, state in ROUTES]
    device = await a_device(servers.host)
    texts = [await open_and_write(device, scene) for scene, _ in scenes]
    servers.lose_redis()

    async def is_stopped(scene: Scene, route: Route, text: LiveText) -> None:
        writing = asyncio.create_task(write_on(text))
        await text.until(lambda text: len(text.statuses) > 4, "some that were saved")
        await route(scene)
        ended_us = clock.now_us()
        await writing
        await tries_again(text.device, scene)
        late = [at for at in await rows_by(servers, scene) if at > ended_us + CONTRACT_US]
        assert late == [], route.__name__
        # The last one may be on disk without its acknowledgement: the document was closed.
        kept = (await words_in(servers, scene)).split()
        assert saved_words(text).split() in (kept, kept[:-1]), route.__name__

    await asyncio.gather(*(is_stopped(*one, text) for one, text in zip(scenes, texts, strict=True)))
    await device.hang_up()


async def test_whoever_only_looks_on_is_told_by_every_route(servers: Servers) -> None:
    scenes = [(await a_scene(servers, state, route), route) for route, state in ROUTES]
    device = await a_device(servers.host)
    texts = [await open_and_write(device, scene) for scene, _ in scenes]
    servers.lose_redis()

    for scene, route in scenes:
        await route(scene)
    for (_, route), text in zip(scenes, texts, strict=True):
        await text.until(lambda text: text.scope == "readonly" or text.closed, route.__name__)
        assert (text.closed is not None) is (route is removed_from_the_group), route.__name__
    await device.hang_up()


async def open_and_write(device: Device, scene: Scene) -> LiveText:
    text = await device.open(scene.section, scene.writer.api_token)
    assert text.scope == "read-write"
    text.types("before ")
    await text.saved()
    return text


async def write_on(text: LiveText) -> None:
    """Write until it is closed, as an Update and as a SyncStep2 by turns."""
    number = 0
    while text.closed is None:
        number += 1
        if number % 2:
            text.types(f"{number} ")
        else:
            before = text.doc.get_state()
            async with text.offline():
                text.types(f"{number} ")
            text.sends(Kind.SYNC, Sync.STEP2, text.doc.get_update(before))
        await text.until(lambda text: len(text.statuses) == text.sent or text.closed, "an answer")


async def tries_again(device: Device, scene: Scene) -> None:
    """Open the section anew and write: it is refused, or not opened at all."""
    for sub in (Sync.UPDATE, Sync.STEP2):
        address = f"{scene.section}\x00again {sub}"
        text = await device.open(address, scene.writer.api_token)
        if text.denied:
            continue
        async with text.offline():
            text.types("late")
        text.sends(Kind.SYNC, sub, text.doc.get_update())
        await text.until(lambda text: text.closed, "a refusal")
        assert text.statuses[-1] == 0


def saved_words(text: LiveText) -> str:
    """What the author was told is saved: the first status answers what was there at opening."""
    saved = [status for status in text.statuses[1:] if status == 1]
    return " ".join(["before", *(str(number + 1) for number in range(len(saved) - 1))])


async def words_in(servers: Servers, scene: Scene) -> str:
    return "".join(words_of(await read_text(servers.database, scene.section))).strip()


async def rows_by(servers: Servers, scene: Scene) -> list[int]:
    """When the rows of the writer were logged, by the server's clock."""
    async with servers.database.read() as session:
        query = select(LogEntry.at_us).where(
            LogEntry.section_id == scene.section, LogEntry.member_id == scene.writer.id
        )
        return list(await session.scalars(query))
