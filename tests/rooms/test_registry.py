"""The registry: one Room per section, server edits by the same door, several processes."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.access.actor import Actor, Role
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.tables import ClientBinding, LogEntry
from app.errors import Forbidden, NotFound
from app.ids import MemberId, SectionId, Seq, new_id
from app.main import create_app
from app.rooms.guard import Edit
from app.rooms.registry import RoomRegistry
from app.rooms.strict.update import read_trusted
from app.rooms.workers.catching_up import CatchingUp, read_on
from app.settings import Settings
from app.text.from_crdt import body_of
from tests.house.builders import Group
from tests.house.live import a_device, served
from tests.house.texts import read_text, words_of
from tests.rooms.conftest import OpenDevice


@pytest.fixture
def rooms(app: FastAPI) -> RoomRegistry:
    registry: RoomRegistry = app.state.services.rooms
    return registry


@pytest.fixture
async def other_worker(settings: Settings) -> AsyncIterator[RoomRegistry]:
    """A second process on the same database, which no hint of the first ever reaches."""
    broker = MemoryBroker()
    database = Database(settings, broker)
    registry = RoomRegistry(database, broker, settings)
    await registry.start()
    yield registry
    await registry.close()
    await database.dispose()


def member(group: Group) -> Actor:
    return Actor(MemberId(group.member.id), group.member.name)


def writing(words: str) -> Edit:
    return lambda doc: body_of(doc).insert(len(body_of(doc)), words, {})


async def test_a_section_has_one_room_however_many_open_it(
    rooms: RoomRegistry, section: SectionId
) -> None:
    opened = await asyncio.gather(*(rooms.open(section) for _ in range(5)))

    assert len(set(opened)) == 1


async def test_a_text_that_a_reader_found_broken_is_opened_anew_for_everybody(
    rooms: RoomRegistry, section: SectionId, group: Group, device: OpenDevice
) -> None:
    reader = await (await device()).open(section, group.observer.api_token)
    room = await rooms.open(section)

    room.text.is_broken = True

    await reader.until(lambda text: text.closed)
    assert reader.closed is not None
    assert "had to be opened again" in reader.closed
    assert await rooms.open(section) is not room


async def test_a_section_that_is_not_there_has_none(rooms: RoomRegistry) -> None:
    with pytest.raises(NotFound):
        await rooms.open(SectionId(new_id()))
    with pytest.raises(NotFound):
        await rooms.read_head(SectionId(new_id()))


async def test_a_row_that_never_comes_is_not_read_for_without_end(
    rooms: RoomRegistry, section: SectionId
) -> None:
    room, catching_up = await rooms.open(section), CatchingUp()

    catching_up.want(room, Seq(10**9))
    for _ in range(3):
        await read_on(room)

    assert not catching_up._wanted


async def test_who_only_wants_to_read_on_leaves_no_failure_behind_that_nobody_looked_at(
    rooms: RoomRegistry, section: SectionId
) -> None:
    loop = asyncio.get_running_loop()
    unseen: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: unseen.append(context))
    room, catching_up = await rooms.open(section), CatchingUp()
    await rooms._committer.leave(room)

    catching_up.want(room, Seq(5))
    await asyncio.sleep(0)
    gc.collect()

    assert not catching_up._wanted
    assert not unseen


async def test_the_server_edits_for_somebody_under_the_sections_own_client_id(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database, device: OpenDevice
) -> None:
    reader = await (await device()).open(section, group.observer.api_token)

    seq = await rooms.server_edit(section, writing("restored"), member(group), Role.MEMBER)
    again = await rooms.server_edit(section, lambda doc: None, member(group), Role.MEMBER)

    await reader.shows("restored")
    assert seq == again == 1
    async with database.read() as session:
        [row] = await session.scalars(select(LogEntry).where(LogEntry.section_id == section))
        [bound] = await session.scalars(
            select(ClientBinding).where(ClientBinding.section_id == section)
        )
    assert (row.member_id, row.acting_role) == (group.member.id, "member")
    assert bound.member_id is None


async def test_a_client_id_is_bound_with_the_first_row_that_is_logged(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database, device: OpenDevice
) -> None:
    reader = await (await device()).open(section, group.observer.api_token)
    assert await rooms.server_edit(section, lambda doc: None, member(group), Role.MEMBER) == 0
    reader.types("refused")
    await reader.until(lambda text: text.closed is not None, "a refusal")
    bindings = select(ClientBinding).where(ClientBinding.section_id == section)
    async with database.read() as session:
        assert not list(await session.scalars(bindings))

    await rooms.server_edit(section, writing("first"), member(group), Role.MEMBER)

    async with database.read() as session:
        [row] = await session.scalars(select(LogEntry).where(LogEntry.section_id == section))
        [bound] = await session.scalars(bindings)
    assert [client_id for client_id, _, _ in read_trusted(row.payload).writes] == [bound.client_id]


async def test_a_server_edit_needs_the_right_of_whom_it_is_for(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    observer = Actor(MemberId(group.observer.id), "Observer")

    with pytest.raises(Forbidden):
        await rooms.server_edit(section, writing("x"), observer, Role.OBSERVER)
    await rooms.server_edit(section, writing("y"), observer, Role.OBSERVER, needs_right=False)

    assert words_of(await read_text(database, section)) == ["y"]


async def test_a_server_edit_that_fails_leaves_nothing(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    def half(doc: object) -> None:
        writing("half")(doc)  # type: ignore[arg-type]
        raise LookupError("no such paragraph")

    with pytest.raises(LookupError):
        await rooms.server_edit(section, half, member(group), Role.MEMBER)
    await rooms.server_edit(section, writing("whole"), member(group), Role.MEMBER)

    assert words_of(await read_text(database, section)) == ["whole"]


async def test_the_head_is_the_same_from_an_open_room_and_from_the_log(
    rooms: RoomRegistry, other_worker: RoomRegistry, section: SectionId, group: Group
) -> None:
    await rooms.server_edit(section, writing("text"), member(group), Role.MEMBER)

    assert await rooms.read_head(section) == await other_worker.read_head(section)
    assert await other_worker.read_head(section) is await other_worker.read_head(section)


@pytest.fixture
async def deaf_host(settings: Settings) -> AsyncIterator[str]:
    """A second server on the same database, which no hint reaches and which looks at nothing."""
    deaf = create_app(settings.model_copy(update={"poll_ms": 10**9}))
    async with deaf.router.lifespan_context(deaf), served(deaf) as address:
        yield address


async def test_who_comes_in_finds_whatever_another_worker_has_saved(
    rooms: RoomRegistry, deaf_host: str, section: SectionId, group: Group
) -> None:
    first = await (await a_device(deaf_host)).open(section, group.observer.api_token)
    await rooms.server_edit(section, writing("saved"), member(group), Role.MEMBER)
    before = first.words

    second = await (await a_device(deaf_host)).open(section, group.observer.api_token)

    assert (before, second.words) == ("", "saved")
    await first.shows("saved")
    for text in (first, second):
        await text.device.hang_up()


async def test_two_workers_write_into_one_log(
    rooms: RoomRegistry,
    other_worker: RoomRegistry,
    section: SectionId,
    group: Group,
    database: Database,
) -> None:
    for number in range(5):
        await asyncio.gather(
            rooms.server_edit(section, writing(f"a{number} "), member(group), Role.MEMBER),
            other_worker.server_edit(section, writing(f"b{number} "), member(group), Role.MEMBER),
        )
    await rooms.decided(section)
    await other_worker.decided(section)

    [words] = words_of(await read_text(database, section))
    assert sorted(words.split()) == sorted(f"{w}{n}" for w in "ab" for n in range(5))
    assert (await rooms.read_head(section)).document == await read_text(database, section)
    assert await rooms.read_head(section) == await other_worker.read_head(section)


async def test_what_another_worker_writes_is_shown_here_without_a_hint(
    other_worker: RoomRegistry, section: SectionId, group: Group, device: OpenDevice
) -> None:
    reader = await (await device()).open(section, group.observer.api_token)

    await other_worker.server_edit(section, writing("from afar"), member(group), Role.MEMBER)

    await reader.shows("from afar")


async def test_closing_writes_what_waits(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    edits = [
        asyncio.ensure_future(
            rooms.server_edit(section, writing(f"{n} "), member(group), Role.MEMBER)
        )
        for n in range(3)
    ]
    await rooms.open(section)
    await asyncio.sleep(0)

    await rooms.close()
    await asyncio.gather(*edits)

    assert words_of(await read_text(database, section)) == ["0 1 2 "]


async def test_a_lost_commit_is_sent_again_and_nothing_is_seen_before(
    rooms: RoomRegistry, section: SectionId, group: Group, app: FastAPI, device: OpenDevice
) -> None:
    """The database refuses the section's next row once, as a full disk would."""
    mine = await (await device()).open(section, group.member.api_token)
    reader = await (await device()).open(section, group.observer.api_token)
    database: Database = app.state.services.database
    async with database.write() as work:
        work.session.add(
            LogEntry(
                section_id=section,
                seq=1,
                kind="update",
                member_id=None,
                acting_role="",
                at_us=0,
                payload=b"",
                hash=bytes(32),
            )
        )

    mine.types("kept")
    await mine.until(lambda text: 0 in text.statuses)
    assert (reader.words, reader.closed) == ("", None)
    async with database.write() as work:
        row = await work.session.get(LogEntry, (section, 1))
        await work.session.delete(row)

    await mine.until(lambda text: text.statuses[-1] == 1)
    await reader.shows("kept")
