"""Packing old rows: nothing is given up, nothing is packed unproven, and it can be undone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update

from app import clock
from app.backups.commands import pack as pack_command
from app.backups.taking import back_up
from app.db.base import Base
from app.db.engine import Database
from app.db.migrate import migrate
from app.db.tables import Checkpoint, LogEntry, LogSegment, Revision
from app.ids import SectionId, Seq, new_id
from app.rooms.keeping.compaction import NotTheSame, Packing, compact, unpack_all
from app.rooms.keeping.damage import DamagedLog
from app.rooms.keeping.loading import load
from app.rooms.keeping.rows import read_since
from app.rooms.keeping.segments import Segment, pack, unpack
from app.rooms.keeping.verifying import verify_log
from app.rooms.log import EMPTY_HASH, Row, chained_hash
from tests.house.builders import Group
from tests.keeping.logs import LongLog, Typing, write_long_log

ROWS = 733


KEEPS_SOMETHING_ELSE = """
    CREATE TRIGGER forgets_a_byte AFTER INSERT ON log_segment BEGIN
        UPDATE log_segment SET body = substr(body, 1, length(body) - 1)
        WHERE section_id = NEW.section_id AND first_seq = NEW.first_seq;
    END
"""
PACKING = Packing(segment_rows=100, kept_rows=100, checkpoint_spacing=300)


@pytest.fixture
async def log(database: Database, section: SectionId, people: Group) -> LongLog:
    """A log with a checkpoint every 50 rows."""
    typing = Typing(3, [people.member.id, people.chair.id])
    return await write_long_log(database, section, typing, ROWS, 50)


async def all_rows(database: Database, section: SectionId) -> list[Row]:
    async with database.read() as session:
        return await read_since(session, section, 0, ROWS)


async def count(database: Database, table: type[Base]) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def checkpoints_of(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(select(Checkpoint.seq).order_by(Checkpoint.seq)))


async def test_every_row_reads_as_before_and_takes_less_room(
    database: Database, log: LongLog
) -> None:
    before = await all_rows(database, log.section)

    done = await compact(database, log.section, None, PACKING)

    assert await all_rows(database, log.section) == before
    assert (done.rows, await count(database, LogEntry)) == (600, ROWS - 600)
    assert done.bytes_after < done.bytes_before / 3
    async with database.read() as session:
        assert (await verify_log(session, log.section)).is_sound
        for seq in (0, 1, 99, 100, 101, 250, 599, 600, 601, ROWS):
            assert await read_since(session, log.section, seq) == before[seq:]
            assert await read_since(session, log.section, seq, seq + 130) == before[seq:][:130]
            loaded = await load(session, log.section, Seq(seq))
            assert (loaded.seq, loaded.damage) == (seq, None)
            assert log.is_true(loaded.state, seq)


async def test_packing_again_packs_what_has_grown_old_meanwhile(
    database: Database, log: LongLog
) -> None:
    fresher = replace(PACKING, kept_rows=400)
    before = await all_rows(database, log.section)
    assert (await compact(database, log.section, None, fresher)).rows == 300
    assert (await compact(database, log.section, None, fresher)).rows == 0

    assert (await compact(database, log.section, None, PACKING)).rows == 300
    assert await all_rows(database, log.section) == before


async def test_unpacking_gives_the_rows_back(database: Database, log: LongLog) -> None:
    before = await all_rows(database, log.section)
    await compact(database, log.section, None, PACKING)

    with pytest.raises(RuntimeError, match="compact --unpack"):
        await migrate(database.engine, "0002")
    assert await unpack_all(database, log.section) == 600

    assert await count(database, LogSegment) == 0
    assert await count(database, LogEntry) == ROWS
    assert await all_rows(database, log.section) == before


async def test_checkpoints_that_stand_close_go_but_not_those_of_revisions(
    database: Database, log: LongLog, people: Group
) -> None:
    async with database.write() as work:
        work.session.add(
            Revision(
                id=new_id(),
                section_id=log.section,
                seq=455,
                name="As handed in",
                content_hash="0" * 64,
                member_id=people.chair.id,
                acting_role="chair",
                created_at=clock.now(),
            )
        )

    done = await compact(database, log.section, None, PACKING)

    assert await checkpoints_of(database) == [300, 450, 600, 650, 700]
    assert done.checkpoints == 9


async def test_a_log_without_checkpoints_gets_one_first(
    database: Database, section: SectionId, people: Group
) -> None:
    log = await write_long_log(database, section, Typing(4, [people.member.id]), ROWS, 10_000)

    await compact(database, section, None, PACKING)

    assert await checkpoints_of(database) == [ROWS]
    async with database.read() as session:
        loaded = await load(session, section)
        assert (loaded.checkpoint_seq, await verify_sound(database, section)) == (ROWS, True)
    assert log.is_true(loaded.state, ROWS)


async def verify_sound(database: Database, section: SectionId) -> bool:
    async with database.read() as session:
        return (await verify_log(session, section)).is_sound


@pytest.mark.parametrize("table", [LogEntry, Checkpoint])
async def test_a_damaged_log_is_left_exactly_as_it_is(
    database: Database, log: LongLog, table: Any
) -> None:
    column = "payload" if table is LogEntry else "state"
    async with database.write() as work:
        await work.session.execute(
            update(table).where(table.seq == 150).values({column: b"\x00\x00"})
        )
    before = await all_rows(database, log.section)

    with pytest.raises(DamagedLog, match="Nothing was packed"):
        await compact(database, log.section, None, PACKING)

    assert await all_rows(database, log.section) == before
    assert (await count(database, LogSegment), await count(database, LogEntry)) == (0, ROWS)
    assert len(await checkpoints_of(database)) == ROWS // 50


@pytest.mark.engine("sqlite")
async def test_what_does_not_read_back_equal_is_not_packed(
    database: Database, log: LongLog
) -> None:
    before = await all_rows(database, log.section)
    async with database.write() as work:
        await work.session.execute(text(KEEPS_SOMETHING_ELSE))

    with pytest.raises(NotTheSame):
        await compact(database, log.section, None, PACKING)

    assert await all_rows(database, log.section) == before
    assert await count(database, LogEntry) == ROWS


async def test_only_what_the_back_up_holds_is_packed(
    database: Database, section: SectionId, people: Group, tmp_path: Path
) -> None:
    path = tmp_path / "monday.backup"
    await write_long_log(database, section, Typing(4, [people.member.id]), 2_100, 10_000)
    await back_up(database, path)

    lines, is_sound = await pack_command(database, None, path)

    assert is_sound
    assert [line.split()[1:4] for line in lines] == [
        ["packed", "1000", "rows,"],
        ["nothing", "to", "pack"],
    ]


async def test_a_back_up_of_another_history_covers_nothing(
    database: Database, section: SectionId, people: Group, tmp_path: Path
) -> None:
    path = tmp_path / "monday.backup"
    await write_long_log(database, section, Typing(4, [people.member.id]), 2_100, 10_000)
    await back_up(database, path)
    async with database.write() as work:
        await work.session.execute(delete(LogEntry))
    await write_long_log(database, section, Typing(5, [people.member.id]), 2_100, 10_000)

    lines, _ = await pack_command(database, None, path)

    assert "not in the back-up yet" in lines[0]
    assert await count(database, LogSegment) == 0


def test_a_segment_holds_every_column() -> None:
    segment, rows = a_segment(119)
    assert unpack(segment) == rows


def test_no_bit_of_a_segment_turns_over_unnoticed() -> None:
    segment, _ = a_segment(5)
    for bit in range(8 * len(segment.body)):
        body = bytearray(segment.body)
        body[bit // 8] ^= 1 << bit % 8
        assert unpack(replace(segment, body=bytes(body))) == [], bit


def a_segment(size: int) -> tuple[Segment, list[Row]]:
    """Return a packed run of rows from the first one on, and the rows."""
    section, typing = SectionId(new_id()), Typing(5, [new_id(), new_id()])
    rows: list[Row] = []
    last = EMPTY_HASH
    for seq in range(1, size + 1):
        entry = typing.entry(seq)
        last = chained_hash(last, section, seq, entry)
        rows.append(Row(Seq(seq), entry, last))
    return Segment(section, 1, size, pack(rows), EMPTY_HASH, last), rows
