"""The log: chained rows, checkpoints, and damage that is found, told and left as it is."""

import hashlib
from typing import Any

import pytest
from fastapi import FastAPI
from pycrdt import Doc
from sqlalchemy import delete, select, update

from app.access.actor import Actor, Role
from app.db.engine import Database
from app.db.tables import Checkpoint, LogEntry, Section
from app.errors import NotFound
from app.ids import MemberId, SectionId, Seq, TextHash, new_id
from app.rooms import log
from app.rooms.keeping.checkpoints import write_checkpoint
from app.rooms.keeping.damage import DamagedLog
from app.rooms.keeping.loading import load, load_state
from app.rooms.keeping.verifying import verify_chain
from app.rooms.log import Entry
from app.rooms.registry import RoomRegistry
from app.settings import Settings
from app.text.from_crdt import body_of, read_state
from app.text.model import plain_text
from tests.house.builders import Group
from tests.rooms.conftest import OpenDevice

pytestmark = pytest.mark.usefixtures("section")


async def type_words(rooms: RoomRegistry, section: SectionId, group: Group, count: int) -> None:
    actor = Actor(MemberId(group.member.id), "Member")
    for number in range(count):
        await rooms.server_edit(
            section,
            lambda doc, number=number: body_of(doc).insert(len(body_of(doc)), f"{number} ", {}),  # type: ignore[misc]
            actor,
            Role.MEMBER,
        )


def words_in(state: bytes) -> str:
    return "".join(plain_text(block.inlines) for block in read_state(state).blocks)


@pytest.fixture
async def rooms(app: FastAPI) -> RoomRegistry:
    services = app.state.services
    registry: RoomRegistry = services.rooms
    return registry


async def damage(database: Database, section: SectionId, seq: int, **columns: Any) -> None:
    async with database.write() as work:
        await work.session.execute(
            update(LogEntry)
            .where(LogEntry.section_id == section, LogEntry.seq == seq)
            .values(**columns)
        )


async def reopened(app: FastAPI) -> RoomRegistry:
    rooms: RoomRegistry = app.state.services.rooms
    await rooms.close()
    await rooms.start()
    return rooms


async def test_the_text_at_any_seq_is_a_replay_of_the_rows_before_it(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    await type_words(rooms, section, group, 5)

    async with database.read() as session:
        texts = [words_in((await load_state(session, section, Seq(seq)))[0]) for seq in range(6)]

    assert texts == ["", "0 ", "0 1 ", "0 1 2 ", "0 1 2 3 ", "0 1 2 3 4 "]


async def test_a_decision_takes_a_seq_and_leaves_the_text(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    await type_words(rooms, section, group, 1)
    async with database.write() as work:
        head = await log.lock_head(work.session, section)
        entry = Entry(log.DECISION, group.chair.id, "chair", 5, b'{"decision":"x"}')
        after = await log.append(work.session, head, entry)

    await rooms.decided(section)
    await type_words(rooms, section, group, 1)

    assert after.seq == 2
    assert (await rooms.read_head(section)).seq == 3
    async with database.read() as session:
        assert await verify_chain(session, section) is None


@pytest.mark.parametrize(
    "columns",
    [
        {"payload": b"\x00\x00"},
        {"acting_role": "chair"},
        {"at_us": 1},
        {"kind": "decision"},
        {"member_id": None},
        {"hash": bytes(32)},
    ],
    ids=lambda columns: next(iter(columns)),
)
async def test_any_changed_column_is_damage(
    rooms: RoomRegistry,
    section: SectionId,
    group: Group,
    database: Database,
    columns: dict[str, Any],
) -> None:
    await type_words(rooms, section, group, 3)

    await damage(database, section, 2, **columns)

    async with database.read() as session:
        found = await verify_chain(session, section)
        loaded = await load(session, section)
        with pytest.raises(DamagedLog):
            await load_state(session, section, Seq(3))
    assert found is not None
    assert (found.seq, loaded.damage) == (2, found)
    assert words_in(loaded.state) == "0 "


async def test_a_single_flipped_bit_is_damage(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    await type_words(rooms, section, group, 2)
    async with database.read() as session:
        payload = await session.scalar(
            select(LogEntry.payload).where(LogEntry.section_id == section, LogEntry.seq == 1)
        )
    assert payload is not None

    for bit in range(0, len(payload) * 8, 7):
        flipped = bytearray(payload)
        flipped[bit // 8] ^= 1 << bit % 8
        await damage(database, section, 1, payload=bytes(flipped))
        async with database.read() as session:
            found = await verify_chain(session, section)
        assert found is not None
        assert found.seq == 1


@pytest.mark.parametrize("missing", [1, 2, 3])
async def test_a_missing_row_is_damage(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database, missing: int
) -> None:
    await type_words(rooms, section, group, 3)

    async with database.write() as work:
        await work.session.execute(
            delete(LogEntry).where(LogEntry.section_id == section, LogEntry.seq == missing)
        )

    async with database.read() as session:
        found = await verify_chain(session, section)
        loaded = await load(session, section)
    assert found is not None
    assert loaded.damage is not None
    assert found.seq == loaded.damage.seq == missing


async def test_a_damaged_text_is_shown_up_to_the_damage_and_nobody_writes(
    app: FastAPI, section: SectionId, group: Group, database: Database, device: OpenDevice
) -> None:
    await type_words(app.state.services.rooms, section, group, 3)
    await damage(database, section, 3, payload=b"\x00\x00")
    rooms = await reopened(app)

    text = await (await device()).open(section, group.member.api_token)
    text.types("more")
    await text.until(lambda text: text.closed)

    assert text.scope == "readonly"
    assert text.words == "0 1 more"
    assert "damaged at row 3" in str(text.closed)
    assert any(notice["type"] == "damaged" for notice in text.notices)
    with pytest.raises(DamagedLog):
        await type_words(rooms, section, group, 1)
    async with database.read() as session:
        rows = await session.scalars(select(LogEntry).where(LogEntry.section_id == section))
        assert len(rows.all()) == 3


class TestCheckpoints:
    """Checkpoints every two rows."""

    @pytest.fixture
    async def rooms(self, app: FastAPI, settings: Settings) -> RoomRegistry:
        services = app.state.services
        few = settings.model_copy(update={"checkpoint_rows": 2})
        return RoomRegistry(services.database, services.broker, few)

    async def test_they_serve_the_same_texts(
        self, rooms: RoomRegistry, section: SectionId, group: Group, database: Database
    ) -> None:
        await type_words(rooms, section, group, 7)
        await rooms.close()

        async with database.read() as session:
            kept = await session.scalars(select(Checkpoint.seq).order_by(Checkpoint.seq))
            loaded = await load(session, section, Seq(5))
            assert kept.all() == [2, 4, 6]
        assert loaded.checkpoint_seq == 4
        assert words_in(loaded.state) == "0 1 2 3 4 "

    async def test_a_broken_one_is_passed_over(
        self, rooms: RoomRegistry, section: SectionId, group: Group, database: Database
    ) -> None:
        await type_words(rooms, section, group, 5)
        await rooms.close()
        async with database.write() as work:
            await work.session.execute(
                update(Checkpoint).where(Checkpoint.seq == 4).values(state=b"\x00\x00")
            )

        async with database.read() as session:
            loaded = await load(session, section)

        assert (loaded.checkpoint_seq, loaded.damage) == (2, None)
        assert words_in(loaded.state) == "0 1 2 3 4 "


async def test_a_checkpoint_of_another_history_is_passed_over(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    await type_words(rooms, section, group, 2)
    async with database.write() as work:
        head = await log.lock_head(work.session, section)
        other = log.Head(head.section, head.seq, bytes(32))
        await write_checkpoint(work.session, other, b"\x00\x00", TextHash("0" * 64))

    async with database.read() as session:
        assert words_in((await load_state(session, section))[0]) == "0 1 "


async def test_a_long_log_replays_in_merged_batches(
    section: SectionId, database: Database, group: Group
) -> None:
    doc: Doc[Any] = Doc()
    updates: list[bytes] = []
    body = body_of(doc)
    subscription = doc.observe(lambda event: updates.append(event.update))
    for number in range(500):
        body.insert(0, str(number % 10), {})
    doc.unobserve(subscription)
    async with database.write() as work:
        head = await log.lock_head(work.session, section)
        for payload in updates:
            entry = Entry(log.UPDATE, group.member.id, "member", 1, payload)
            head = await log.append(work.session, head, entry)

    async with database.read() as session:
        state, seq = await load_state(session, section)

    assert seq == 500
    assert words_in(state) == str(body)


async def test_a_section_that_is_not_there(database: Database) -> None:
    async with database.read() as session:
        for ask in (load, verify_chain):
            with pytest.raises(NotFound):
                await ask(session, SectionId(new_id()))
    with pytest.raises(NotFound):
        async with database.write() as work:
            await log.lock_head(work.session, SectionId(new_id()))


async def test_the_hash_follows_the_written_encoding() -> None:
    section, member = new_id(), new_id()
    entry = Entry("update", member, "member", 7, b"abc")

    spelled = (
        bytes(32) + section.bytes + (1).to_bytes(8, "big")
        + (6).to_bytes(8, "big") + b"update" + member.bytes
        + (6).to_bytes(8, "big") + b"member" + (7).to_bytes(8, "big")
        + (3).to_bytes(8, "big") + b"abc"
    )  # fmt: skip
    assert log.chained_hash(b"", section, 1, entry) == hashlib.sha256(spelled).digest()


async def test_a_changed_head_is_damage(
    rooms: RoomRegistry, section: SectionId, group: Group, database: Database
) -> None:
    await type_words(rooms, section, group, 2)
    async with database.write() as work:
        await work.session.execute(
            update(Section).where(Section.id == section).values(head_hash=bytes(31) + b"\x01")
        )

    async with database.read() as session:
        assert await verify_chain(session, section) is not None
        assert (await load(session, section)).damage is not None
