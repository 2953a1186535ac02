"""Prove, log, apply, show, acknowledge: what people see of it over real sockets."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import LogEntry, Section
from app.ids import SectionId
from app.rooms.frames import Kind, Sync
from app.rooms.keeping.verifying import verify_chain
from app.text.hashing import content_hash
from tests.house.builders import BuiltReport, Group
from tests.house.texts import read_text, words_of
from tests.rooms.conftest import OpenDevice


async def test_what_one_types_the_others_see_and_the_log_holds(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    theirs = await (await device()).open(section, group.convenor.api_token)

    mine.paragraph("pabcdefghijkl", "States should ")
    await mine.saved()
    await theirs.shows("States should ")
    theirs.types("ensure access.")
    await theirs.saved()

    await mine.shows("States should ensure access.")
    assert words_of(await read_text(database, section)) == ["States should ensure access."]


async def test_a_row_carries_author_role_and_chained_hash(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    mine = await (await device()).open(section, group.secretariat.api_token)

    mine.paragraph("pabcdefghijkl", "hello")
    await mine.saved()

    async with database.read() as session:
        [row] = await session.scalars(select(LogEntry).where(LogEntry.section_id == section))
        kept = await session.get(Section, section)
        assert await verify_chain(session, section) is None
    assert kept is not None
    assert (row.seq, row.kind, row.member_id) == (1, "update", group.secretariat.id)
    assert row.acting_role == "secretariat"
    assert (kept.head_seq, kept.head_hash, kept.changed_by) == (1, row.hash, row.member_id)


async def test_every_update_is_answered_once_and_in_order(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)

    for letter in "abcdefghijklmnopqrstuvwxyz":
        mine.types(letter)
    await mine.saved()

    assert mine.statuses == [1] * mine.sent


async def test_what_comes_twice_is_acknowledged_and_not_logged(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    mine.paragraph("pabcdefghijkl", "once")
    await mine.saved()
    rows = await rows_of(database, section)

    mine.sends_update(mine.doc.get_update())
    mine.sends(Kind.SYNC, Sync.STEP2, mine.doc.get_update())
    mine.sends_update(b"\x00\x00")
    await mine.saved()

    assert await rows_of(database, section) == rows


async def rows_of(database: Database, section: SectionId) -> int:
    async with database.read() as session:
        rows = await session.scalars(select(LogEntry).where(LogEntry.section_id == section))
        return len(rows.all())


async def test_the_head_is_told_after_each_commit(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)

    mine.paragraph("pabcdefghijkl", "text")

    await mine.until(lambda text: any(told.get("seq") == 1 for told in text.notices))
    assert mine.notices[-1]["hash"] == content_hash(mine.document())


async def test_what_was_written_offline_arrives_with_the_sync(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    theirs = await (await device()).open(section, group.convenor.api_token)
    async with mine.offline():
        mine.types("written in a tunnel")

    mine.syncs()
    await mine.saved()

    await theirs.shows("written in a tunnel")


async def test_many_typists_end_with_one_text(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    people = [group.member, group.convenor, group.secretariat]
    texts = [await (await device()).open(section, one.api_token) for one in people]

    for round_ in range(20):
        for place, text in enumerate(texts):
            text.types(f"{place}{round_};", at=0)
        await asyncio.sleep(0)
    for text in texts:
        await text.saved()

    everything = texts[0].words
    await asyncio.gather(*(text.shows(everything) for text in texts))
    assert words_of(await read_text(database, section)) == [everything]


async def test_two_sections_share_one_socket(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    socket = await device()
    first = await socket.open(report.sections[0], group.member.api_token)
    second = await socket.open(report.sections[1], group.member.api_token)

    first.types("one")
    second.types("two")
    await first.saved()
    await second.saved()

    assert (first.words, second.words) == ("one", "two")


async def test_a_session_id_in_the_address_is_kept(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    socket = await device()
    first = await socket.open(f"{section}\x00a", group.member.api_token)
    second = await socket.open(f"{section}\x00b", group.member.api_token)

    first.types("both")

    await second.shows("both")


async def test_frames_before_the_sign_in_wait_for_it(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    text = (await device()).text(str(section))
    text.syncs()
    text.types("early")

    text.signs_in(group.member.api_token)

    await text.saved()
    assert text.scope == "read-write"
    assert text.synced


async def test_the_text_is_there_after_a_restart(
    group: Group, section: SectionId, device: OpenDevice, app: FastAPI
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    for word in ("one ", "two ", "three"):
        mine.types(word)
    await mine.saved()

    await app.state.services.rooms.close()
    await app.state.services.rooms.start()

    again = await (await device()).open(section, group.observer.api_token)
    assert again.words == "one two three"


@pytest.mark.engine("sqlite")
async def test_pings_come_in_silence_and_are_not_answered_with_noise(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    socket = await device()
    await socket.open(section, group.member.api_token)

    socket.sends(b"\x0a")
    socket.sends(b"\x09")

    text = await socket.open(section, group.member.api_token)
    assert text.synced
