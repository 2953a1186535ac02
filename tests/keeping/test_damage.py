"""Damage is found whatever its shape, told to whom it concerns, and left exactly as it is."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select, update

from app.db.engine import Database
from app.db.tables import Checkpoint, LogEntry, LogSegment, Section
from app.ids import SectionId
from app.rooms.keeping.compaction import Packing, compact
from app.rooms.keeping.loading import load
from app.rooms.keeping.verifying import verify_log
from tests.house.builders import Group
from tests.house.live import a_device, served
from tests.keeping.logs import LongLog, Typing, write_long_log

ROWS = 120
Harm = Callable[[Database, SectionId], Awaitable[None]]


@pytest.fixture
async def log(database: Database, section: SectionId, people: Group) -> LongLog:
    """A log with checkpoints at 50 and 100, whose first 50 rows are packed."""
    typing = Typing(2, [people.member.id, people.chair.id])
    log = await write_long_log(database, section, typing, ROWS, 50)
    await compact(database, section, None, Packing(50, 60, 50))
    return log


async def lose_the_end(database: Database, section: SectionId) -> None:
    await forget(database, section, LogEntry.seq > 110)


async def lose_one(database: Database, section: SectionId) -> None:
    await forget(database, section, LogEntry.seq == 111)


async def lose_all_rows(database: Database, section: SectionId) -> None:
    await forget(database, section, LogEntry.seq > 0)
    await forget_checkpoints(database, section)


async def lose_a_segment(database: Database, section: SectionId) -> None:
    async with database.write() as work:
        await work.session.execute(delete(LogSegment).where(LogSegment.section_id == section))
    await forget_checkpoints(database, section)


async def swap_two(database: Database, section: SectionId) -> None:
    for old, new in ((111, 9_000), (112, 111), (9_000, 112)):
        await change(database, LogEntry, LogEntry.seq == old, section, seq=new)


async def double_a_row(database: Database, section: SectionId) -> None:
    async with database.read() as session:
        row = (
            await session.scalars(
                select(LogEntry).where(LogEntry.section_id == section, LogEntry.seq == 110)
            )
        ).one()
    columns = {name: getattr(row, name) for name in ("payload", "hash", "at_us", "member_id")}
    await change(database, LogEntry, LogEntry.seq == 111, section, **columns)


async def tell_of_more(database: Database, section: SectionId) -> None:
    async with database.write() as work:
        await work.session.execute(
            update(Section).where(Section.id == section).values(head_seq=ROWS + 5)
        )


async def tell_of_less(database: Database, section: SectionId) -> None:
    async with database.write() as work:
        await work.session.execute(
            update(Section).where(Section.id == section).values(head_seq=ROWS - 5)
        )


async def forget(database: Database, section: SectionId, which: Any) -> None:
    async with database.write() as work:
        await work.session.execute(delete(LogEntry).where(LogEntry.section_id == section, which))


async def forget_checkpoints(database: Database, section: SectionId) -> None:
    async with database.write() as work:
        await work.session.execute(delete(Checkpoint).where(Checkpoint.section_id == section))


async def change(
    database: Database, table: Any, which: Any, section: SectionId, **columns: Any
) -> None:
    async with database.write() as work:
        await work.session.execute(
            update(table).where(table.section_id == section, which).values(columns)
        )


@pytest.mark.parametrize(
    ("harm", "last_true", "in_head"),
    [
        (lose_the_end, 110, False),
        (lose_one, 110, False),
        (lose_all_rows, 50, False),
        (lose_a_segment, 0, False),
        (swap_two, 110, False),
        (double_a_row, 110, False),
        (tell_of_more, ROWS, False),
        (tell_of_less, ROWS, True),
    ],
)
async def test_damage_of_any_shape_is_found_and_what_came_before_is_served(
    database: Database, log: LongLog, harm: Harm, last_true: int, in_head: bool
) -> None:
    await harm(database, log.section)

    async with database.read() as session:
        loaded = await load(session, log.section)
        verified = await verify_log(session, log.section)

    assert loaded.damage is not None
    assert (loaded.damage.seq, loaded.damage.in_head) == (last_true + 1, in_head)
    assert log.is_true(loaded.state, last_true)
    assert verified.damage is not None
    assert str(loaded.damage.seq - in_head) in loaded.damage.sentence


async def test_the_operator_is_told_which_section_is_damaged_and_the_others_work(
    app: FastAPI,
    client: httpx.AsyncClient,
    database: Database,
    log: LongLog,
    people: Group,
) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    await lose_the_end(database, log.section)

    async with served(app) as host:
        device = await a_device(host)
        text = await device.open(log.section, people.member.api_token)
        await device.hang_up()

    assert text.scope == "readonly"
    assert (await client.get("/readyz")).json() == {
        "status": "ready",
        "damaged": [{"section": str(log.section), "row": 111}],
    }


async def test_a_log_that_is_damaged_while_people_write_is_only_read_from_then_on(
    app: FastAPI, database: Database, log: LongLog, people: Group
) -> None:
    async with served(app) as host:
        text = await (await a_device(host)).open(log.section, people.member.api_token)
        text.types("one more ")
        await text.saved()
        # The row that the room follows on is another one all of a sudden.
        async with database.write() as work:
            await work.session.execute(
                update(Section).where(Section.id == log.section).values(head_hash=bytes(32))
            )

        text.types("too much ")
        await text.until(lambda text: text.closed or text.scope == "readonly")
        await text.until(lambda text: any(one["type"] == "damaged" for one in text.notices))
        await text.device.hang_up()

    async with database.read() as session:
        rows = await session.scalars(
            select(LogEntry.seq).where(LogEntry.section_id == log.section, LogEntry.seq > ROWS)
        )
        assert rows.all() == [ROWS + 1]
