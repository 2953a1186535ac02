"""The thread that does one thing after the other, and the embedded ledger that lives on it."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import QueuePool, create_engine
from sqlalchemy.exc import OperationalError

from app.db.in_turn import InTurn
from app.db.ledger import EmbeddedLedger
from app.db.prepared import Plain


async def test_what_is_told_is_done_in_order_and_nothing_after_the_end() -> None:
    thread, done = InTurn("in turn"), list[int]()

    await asyncio.gather(*(thread.submit(partial(done.append, number)) for number in range(9)))
    thread.shutdown()

    assert done == list(range(9))
    with pytest.raises(RuntimeError):
        thread.submit(partial(done.append, 9))


async def test_a_file_that_could_only_be_read_is_written_to_once_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "words.db"
    with sqlite3.connect(path) as table:
        table.execute("CREATE TABLE word (letters TEXT)")
    modes = ["ro", "rw", "rw"]

    def opened() -> sqlite3.Connection:
        where = f"file:{path}?mode={modes.pop(0)}"
        return sqlite3.connect(where, uri=True, check_same_thread=False, isolation_level=None)

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool)
    ledger = EmbeddedLedger(engine, asyncio.Lock())

    def write(connection: Plain) -> None:
        connection.run_many("INSERT INTO word VALUES (?)", [("a",)])

    with pytest.raises(OperationalError, match="readonly"):
        await ledger.log(write)
    await ledger.log(write)

    await ledger.close()
    engine.dispose()
    with sqlite3.connect(path) as table:
        assert table.execute("SELECT count(*) FROM word").fetchone() == (1,)
