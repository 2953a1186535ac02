"""Under load what comes within one window is one commit; what the server writes waits for none."""

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.access.actor import Actor, Role
from app.db.engine import Database
from app.db.tables import LogEntry
from app.ids import MemberId, SectionId
from app.rooms.connections import showing
from app.settings import Settings
from app.text.from_crdt import body_of
from tests.house.builders import Group
from tests.rooms.conftest import OpenDevice


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A window that no test outlasts."""
    return settings.model_copy(update={"show_window_ms": 600_000})


async def test_edits_of_a_window_wait_for_one_commit_and_the_servers_own_takes_them_along(
    app: FastAPI,
    group: Group,
    section: SectionId,
    device: OpenDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database: Database = app.state.services.database
    mine = await (await device()).open(section, group.member.api_token)
    theirs = await (await device()).open(section, group.convenor.api_token)
    mine.paragraph("pabcdefghijkl", "at once ")
    await mine.saved()
    await theirs.shows("at once ")
    answered, rows = len(mine.statuses), await rows_of(database, section)

    monkeypatch.setattr(showing, "_FEW", -1)
    monkeypatch.setattr(showing, "_EACH_S", 1e6)
    monkeypatch.setattr(showing, "_ENOUGH", 1e9)
    for letter in "waits":
        mine.types(letter)
    # Whatever is answered in order is answered behind these.
    mine.syncs()
    heads = len(mine.notices)
    await mine.until(lambda text: len(text.notices) > heads)
    assert len(mine.statuses) == answered
    actor = Actor(MemberId(group.secretariat.id), "Secretariat")
    await app.state.services.rooms.server_edit(
        section,
        lambda doc: body_of(doc).insert(len(body_of(doc)), "!", {}),
        actor,
        Role.SECRETARIAT,
        needs_right=False,
    )

    await mine.until(lambda text: text.statuses[answered : answered + 5] == [1] * 5)
    await theirs.until(lambda text: sorted(text.words) == sorted("at once waits!"))
    # One row for each author: one commit took everything.
    assert await rows_of(database, section) == rows + 2


async def rows_of(database: Database, section: SectionId) -> int:
    async with database.read() as session:
        count = select(func.count()).where(LogEntry.section_id == section)
        return await session.scalar(count) or 0
