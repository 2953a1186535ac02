"""One bit turned over in what is stored: the text stays true, or the damage is told."""

import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.db.engine import Database
from app.ids import SectionId, Seq
from app.rooms.keeping.compaction import Packing, compact
from app.rooms.keeping.loading import load
from app.rooms.keeping.verifying import verify_log
from tests.house.builders import Group
from tests.keeping.flipping import Cell, PostgresStore, SqliteStore, flip_bits
from tests.keeping.logs import LongLog, Typing, write_long_log

ROWS = 133
FLIPS = {"sqlite": 1_500, "postgresql": 150}
# A replay of the whole log is dearer than a load.
VERIFIED = 8


@pytest.fixture
async def log(database: Database, section: SectionId, people: Group) -> LongLog:
    """A log that is partly packed, with checkpoints."""
    typing = Typing(1, [people.member.id, people.chair.id])
    log = await write_long_log(database, section, typing, ROWS, 50)
    await compact(database, section, None, Packing(25, 60, 40))
    return log


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Any]:
    """The test's database, entered beside the server."""
    if database_url.startswith("sqlite"):
        sqlite = SqliteStore(database_url.removeprefix("sqlite:///"))
        yield sqlite
        sqlite.close()
        return
    connection = await asyncpg.connect(database_url)
    # Damage asks for no permission: it may leave a member that there is not.
    await connection.execute("SET session_replication_role = replica")
    yield PostgresStore(connection)
    await connection.close()


async def test_a_flipped_bit_never_gives_a_wrong_text(
    database: Database, log: LongLog, store: Any, engine_name: str
) -> None:
    looked = {"told": 0, "true": 0}
    moments = random.Random(2)

    async def look(cell: Cell, bit: int) -> None:
        where = f"{cell.table}.{cell.column} of {cell.key}, bit {bit}"
        number = sum(looked.values())
        async with database.read() as session:
            moment = [Seq(moments.randrange(ROWS))] if number % 3 == 0 else []
            for upto in (None, *moment):
                loaded = await load(session, log.section, upto)
                assert log.is_true(loaded.state, loaded.seq), where
                if loaded.damage is None:
                    assert loaded.seq == (log.rows if upto is None else upto), where
                else:
                    assert loaded.damage.seq == loaded.seq + 1, where
                looked["told" if loaded.damage else "true"] += 1
            if number % VERIFIED == 0:
                assert not (await verify_log(session, log.section)).is_sound, where

    await flip_bits(store, log.section, look, seed=1, times=FLIPS[engine_name])

    assert min(looked.values()) > FLIPS[engine_name] // 10, looked
    async with database.read() as session:
        loaded = await load(session, log.section)
        assert (loaded.seq, loaded.damage) == (log.rows, None)
        assert (await verify_log(session, log.section)).is_sound
