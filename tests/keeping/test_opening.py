"""A long section opens quickly: what is read is what lies behind the newest checkpoint."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from app.db.engine import Database
from app.ids import SectionId, Seq
from app.rooms.keeping.loading import load
from app.text.from_crdt import read_document, read_state
from tests.house.builders import Group
from tests.keeping.logs import Typing, write_long_log

ROWS = 5_400


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    """Every question to the database, as it is asked."""
    said: list[str] = []

    def note(*call: Any) -> None:
        said.append(call[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_a_long_section_opens_with_three_questions_and_a_short_replay(
    database: Database, section: SectionId, people: Group, asked: list[str]
) -> None:
    typing = Typing(1, [people.member.id, people.convenor.id])
    await write_long_log(database, section, typing, ROWS, 500)
    asked.clear()

    async with database.read() as session:
        loaded = await load(session, section)

    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 3, asked
    assert (loaded.seq, loaded.checkpoint_seq, loaded.damage) == (ROWS, Seq(5_000), None)
    assert read_state(loaded.state) == read_document(typing.doc)
