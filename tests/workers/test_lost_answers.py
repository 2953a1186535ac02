"""The connection breaks around a COMMIT: whether it stood is found out, not guessed."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.db.engine import Database
from app.db.tables import Decision, LogEntry
from app.ids import SectionId
from app.rooms.keeping.verifying import verify_chain
from app.settings import Settings
from tests.house.builders import Group, a_report
from tests.house.live import a_device, served
from tests.house.texts import hash_of, paragraph_id, read_text, words_of
from tests.plenary.hall import a_hall
from tests.workers.line import Line

pytestmark = pytest.mark.engine("postgresql")


@pytest.fixture
def settings(database_url: str, line: Line, tmp_path: Path) -> Settings:
    """A server that reaches its database over the line alone."""
    return line.settings(database_url, tmp_path)


async def rows_of(database: Database, section: SectionId) -> int:
    async with database.read() as session:
        counted = select(func.count()).where(LogEntry.section_id == section)
        return int(await session.scalar(counted) or 0)


@pytest.mark.parametrize("stood", [True, False])
async def test_an_edit_whose_commit_was_not_answered_is_there_once_and_then_acknowledged(
    app: FastAPI, group: Group, line: Line, database: Database, stood: bool
) -> None:
    [section] = (await a_report(group)).sections
    async with served(app) as host:
        mine = await (await a_device(host)).open(section, group.member.api_token)
        reader = await (await a_device(host)).open(section, group.observer.api_token)
        await mine.saved()

        (line.lose_the_next_answer if stood else line.lose_the_next_commit)()
        mine.types("once")
        await mine.until(lambda text: 0 in text.statuses, "not saved")
        kept_unanswered = await rows_of(database, section)
        mine.types(" more")
        await mine.until(lambda text: len(text.statuses) == text.sent and text.statuses[-1] == 1)
        await reader.shows("once more")

        assert line.cuts == 1
        assert kept_unanswered == (1 if stood else 0)
        assert words_of(await read_text(database, section)) == ["once more"]
        assert mine.words == "once more"
        assert mine.closed is None
        async with database.read() as session:
            assert await verify_chain(session, section) is None
        for text in (mine, reader):
            await text.device.hang_up()


async def test_a_gavel_that_was_not_answered_is_repeated_without_a_second_decision(
    group: Group, line: Line, database: Database
) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    call = {
        "section_id": str(hall.section),
        "paragraph_id": paragraph_id("one"),
        "verb": "agree",
        "seen_hash": await hash_of(database, hall.section, "one"),
        "seen_seq": 1,
        "reason": "",
    }
    path, once = f"/meetings/{hall.meeting}/decisions", {"Idempotency-Key": "the same"}

    line.lose_the_next_answer()
    unanswered = await hall.chair.send("POST", path, call, **once)
    repeated = await hall.chair.send("POST", path, call, **once)

    assert unanswered.status_code == 503
    assert "Look whether" in unanswered.json()["detail"]
    assert repeated.status_code == 201
    async with database.read() as session:
        [kept] = await session.scalars(select(Decision))
    assert str(kept.id) == repeated.json()["id"]
