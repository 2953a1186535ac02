"""Agreed text cannot move, over sockets: nobody sees the attempt, whoever races with the gavel."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from pycrdt import Doc
from sqlalchemy import func, select

from app.access.actor import Actor, Role
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.tables import LogEntry, Meeting
from app.errors import Refused
from app.ids import MemberId, SectionId
from app.rooms.frames import Kind
from app.rooms.guard import LOCKED_SENTENCE
from app.rooms.log import lock_head
from app.rooms.registry import RoomRegistry
from app.settings import Settings
from app.text.from_crdt import body_of
from app.text.hashing import text_hash
from app.text.model import Document
from tests.house.builders import BuiltReport, Group
from tests.house.drafts import a_meeting, decided
from tests.house.live import LiveText
from tests.house.texts import block, hash_of, paragraph_id, read_text
from tests.plenary.hall import Hall, a_hall
from tests.rooms.conftest import OpenDevice
from tests.rooms.lock_shapes import (
    ALLOWED,
    LAST,
    ONE,
    REFUSED,
    TWO,
    Shape,
    delete_a_neighbour,
    find,
    write_start,
)
from tests.rooms.lock_shapes import agreed as agreed_in

ROUNDS = 12


@pytest.fixture
async def other_worker(app: FastAPI, settings: Settings) -> AsyncIterator[RoomRegistry]:
    """A second process on the same database, which no hint of the first ever reaches."""
    broker = MemoryBroker()
    database = Database(settings, broker)
    registry = RoomRegistry(database, broker, settings)
    await registry.start()
    yield registry
    await registry.close()
    await database.dispose()


async def rows_of(database: Database, section: SectionId) -> int:
    async with database.read() as session:
        query = select(func.count()).where(LogEntry.section_id == section)
        return await session.scalar(query) or 0


async def agree_to_two(group: Group, report: BuiltReport, device: OpenDevice) -> None:
    """Write the text of the shapes, and let the meeting agree to two of its paragraphs."""
    author = await (await device()).open(report.sections[0], group.convenor.api_token)
    with author.doc.transaction():
        write_start(author.doc)
    await author.saved()
    meeting = await a_meeting(group, report)
    for name in (ONE, TWO):
        await decided(group, meeting, report.sections[0], name, "agreed")


def makes(text: LiveText, shape: Shape) -> None:
    with text.doc.transaction():
        shape(text.doc)


async def answered(text: LiveText) -> None:
    """Wait until everything that was sent has its answer, or the text was closed over one edit."""
    await text.until(lambda text: len(text.statuses) == text.sent or text.closed, "answers")
    if text.statuses[-1] == 0:
        await text.until(lambda text: text.closed, "a reason")


async def test_no_shape_gets_through_and_no_bystander_sees_any(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    section = report.sections[0]
    await agree_to_two(group, report, device)
    socket = await device()
    bystander = await (await device()).open(section, group.observer.api_token)
    seen: list[Any] = []
    bystander.doc.observe(seen.append)
    before, rows = await read_text(database, section), await rows_of(database, section)

    for number, shape in enumerate(REFUSED):
        text = await socket.open(f"{section}\x00{number}", group.member.api_token)
        makes(text, shape)
        await answered(text)
        assert (text.statuses[-1], text.closed) == (0, LOCKED_SENTENCE), shape.__name__
        assert text.notices[-1] == {"type": "refused", "reason": LOCKED_SENTENCE}

    assert await rows_of(database, section) == rows
    assert await read_text(database, section) == before
    free = await socket.open(f"{section}\x00free", group.member.api_token)
    free.types(", really", at=len(body_of(free.doc)))
    await free.saved()
    await bystander.until(lambda text: text.words.endswith("last words, really"))
    assert len(seen) == 1


async def test_what_lies_around_agreed_paragraphs_is_written_as_ever(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    section = report.sections[0]
    await agree_to_two(group, report, device)
    text = await (await device()).open(section, group.member.api_token)

    before = agreed_in(text.doc)
    # The one that takes its neighbour away comes last: others look for it.
    for shape in sorted(ALLOWED, key=lambda shape: shape is delete_a_neighbour):
        rows = await rows_of(database, section)
        makes(text, shape)
        await text.saved()
        assert await rows_of(database, section) > rows, shape.__name__

    assert text.closed is None
    assert agreed_in(text.doc) == before


async def test_of_two_authors_in_one_commit_only_the_one_who_kept_off_it_stands(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    section = report.sections[0]
    await agree_to_two(group, report, device)
    mine = await (await device()).open(section, group.member.api_token)
    theirs = await (await device()).open(section, group.convenor.api_token)
    bystander = await (await device()).open(section, group.observer.api_token)
    seen: list[Any] = []
    bystander.doc.observe(seen.append)

    async with database.write() as work:
        # While the section's row is held, the first edit waits in its commit, and what comes
        # behind it waits for the next one: all of it together.
        await lock_head(work.session, section)
        mine.types("well ", at=find(mine.doc, "between"))
        await heard(mine)
        theirs.types("!", at=find(theirs.doc, "text"))
        theirs.types("?", at=find(theirs.doc, "last"))
        mine.types("the ", at=find(mine.doc, "last"))
        await heard(theirs, mine)

    await mine.saved()
    await answered(theirs)
    assert theirs.statuses[-1] == 0
    await bystander.until(lambda text: "well between" in text.words and "the last" in text.words)
    assert "?" not in bystander.words
    assert "!" not in bystander.words


async def heard(*texts: LiveText) -> None:
    """Wait until the server has read all that was sent: it reads each socket in order."""
    for text in texts:
        before = text.people_frames
        text.sends(Kind.QUERY_AWARENESS)
        await text.until(partial(_has_heard, before))


def _has_heard(before: int, text: LiveText) -> bool:
    return text.people_frames > before or text.closed is not None


async def test_an_edit_that_races_with_the_gavel_is_seen_by_it_or_refused(
    group: Group, device: OpenDevice, database: Database
) -> None:
    hall = await a_hall(group)
    keys = [f"r{number}" for number in range(ROUNDS)]
    await hall.rewrite([block(key, f"Paragraph {key}.") for key in keys])
    await give_the_pen(hall, group)
    socket = await device()
    bystander = await (await device()).open(hall.section, group.observer.api_token)
    agreed: dict[str, str] = {}
    random = Random(7)

    for key in keys:
        text = await socket.open(f"{hall.section}\x00{key}", group.secretariat.api_token)
        await hall.put(key)
        shown = await hash_of(database, hall.section, key)
        lead = random.choice(["edit", "gavel", "neither"])
        if lead == "edit":
            text.types("x", at=find(text.doc, f"Paragraph {key}."))
        gavel = asyncio.create_task(gavel_on(hall, key, shown))
        if lead == "gavel":
            await hall.view()
        for _ in range(random.randint(1, 4)):
            text.types("x", at=find(text.doc, f"Paragraph {key}."))
            await heard(text)
        made = await gavel
        await answered(text)
        if made is not None:
            agreed[key] = made
        # The first status answers what the text held when it was opened.
        assert text.statuses[1] == (made is None)
        await as_decided(database, hall.section, agreed)

    await bystander.until(lambda text: hashes(text.document(), agreed) == agreed)


async def test_an_edit_in_another_worker_that_no_hint_reaches_keeps_to_the_gavel_too(
    group: Group, database: Database, other_worker: RoomRegistry
) -> None:
    hall = await a_hall(group)
    keys = [f"r{number}" for number in range(ROUNDS)]
    await hall.rewrite([block(key, f"Paragraph {key}.") for key in keys])
    await give_the_pen(hall, group)
    writer = Actor(MemberId(group.secretariat.id), "Secretariat")
    agreed: dict[str, str] = {}

    for number, key in enumerate(keys):
        await hall.put(key)
        shown = await hash_of(database, hall.section, key)
        both = [
            other_worker.server_edit(
                hall.section, inserting("x", f"Paragraph {key}."), writer, Role.SECRETARIAT
            ),
            gavel_on(hall, key, shown),
        ]
        edited, made = await in_either_order(both, number % 2 == 0)
        assert isinstance(edited, Refused) is (made is not None)
        if made is not None:
            agreed[key] = made
        await as_decided(database, hall.section, agreed)


async def test_a_decision_of_another_worker_locks_at_once(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    section = report.sections[0]
    await agree_to_two(group, report, device)
    text = await (await device()).open(section, group.member.api_token)
    text.types("and ", at=find(text.doc, "last"))
    await text.saved()

    # The test's own door to the database is that of another process: no hint comes from there.
    elsewhere = replace(group, house=replace(group.house, database=database))
    [meeting] = await meetings_of(database)
    await decided(elsewhere, meeting, section, LAST, "agreed")
    text.types("x", at=find(text.doc, "last"))
    await answered(text)

    assert (text.statuses[-1], text.closed) == (0, LOCKED_SENTENCE)


async def meetings_of(database: Database) -> list[UUID]:
    async with database.read() as session:
        return list(await session.scalars(select(Meeting.id)))


async def give_the_pen(hall: Hall, group: Group) -> None:
    call = {"member_id": str(group.secretariat.id)}
    await hall.chair.put(f"/meetings/{hall.meeting}/pen", call)


async def gavel_on(hall: Hall, key: str, shown: str) -> str | None:
    """Agree to a paragraph as shown; return the hash of what was agreed, None if it had moved."""
    answer = await hall.chair.send(
        "POST",
        f"/meetings/{hall.meeting}/decisions",
        {
            "section_id": str(hall.section),
            "paragraph_id": paragraph_id(key),
            "verb": "agree",
            "seen_hash": shown,
            "seen_seq": 1,
            "reason": "",
        },
        **{"Idempotency-Key": f"once {key}"},
    )
    assert answer.status_code in (201, 409), answer.text
    return str(answer.json()["text_hash"]) if answer.status_code == 201 else None


async def in_either_order(both: list[Any], is_first: bool) -> list[Any]:
    order = both if is_first else both[::-1]
    ended = await asyncio.gather(*order, return_exceptions=True)
    return list(ended if is_first else ended[::-1])


def inserting(words: str, needle: str) -> Shape:
    def insert(doc: Doc[Any]) -> None:
        body_of(doc).insert(find(doc, needle), words, {})

    return insert


def hashes(document: Document, agreed: dict[str, str]) -> dict[str, str]:
    """Return the hashes of these paragraphs as they stand."""
    names = {paragraph_id(key): key for key in agreed}
    return {
        names[one.id]: text_hash(one, document.notes) for one in document.blocks if one.id in names
    }


async def as_decided(database: Database, section: SectionId, agreed: dict[str, str]) -> None:
    """Make sure that everything agreed reads as it was decided."""
    assert hashes(await read_text(database, section), agreed) == agreed
