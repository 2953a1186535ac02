"""A long section opens quickly: what is read is what lies behind the nearest checkpoint."""

import time
from typing import Any

from sqlalchemy import event

from app.db.engine import Database
from app.ids import SectionId
from app.rooms.keeping.loading import load
from app.text.from_crdt import read_document, read_state
from tests.house.builders import Group
from tests.keeping.logs import Typing, write_long_log

ROWS = 5_400


async def test_a_long_section_opens_by_reading_what_lies_behind_its_newest_checkpoint(
    database: Database, section: SectionId, people: Group
) -> None:
    typing = Typing(1, [people.member.id, people.convenor.id])
    log = await write_long_log(database, section, typing, ROWS, 500)
    asked: list[str] = []
    counted: list[int] = []

    def note(*call: Any) -> None:
        asked.append(call[2])
        counted.append(call[1].rowcount)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.read() as session:
        began = time.perf_counter()
        loaded = await load(session, section)
        print("took", time.perf_counter() - began)

    asked = [sql for sql in asked if sql.startswith("SELECT")]
    assert len(asked) == 3, asked
    assert (loaded.seq, loaded.checkpoint_seq, loaded.damage) == (log.rows, 5_000, None)
    assert read_state(loaded.state) == read_document(typing.doc)
