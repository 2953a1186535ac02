"""What many sections need together is what each would have been given by itself."""

import asyncio
import random
from functools import partial
from typing import Any

import pytest
from pycrdt import Doc, Text
from sqlalchemy import select

from app.access.text import load_text_rights, look_up_rights
from app.db.engine import Database
from app.db.ledger import in_session
from app.db.tables import ChangeCounter
from app.ids import ReportId, new_id
from app.rooms.live_text import LiveText
from app.rooms.strict.update import read_update
from app.rooms.watching.counting import TextCounts
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.drafts import a_meeting, decided, write


async def test_rights_of_several_reports_are_those_of_each(
    house: House, group: Group, database: Database
) -> None:
    other = await a_working_group(house, "Other Group")
    first, second, third = await a_report(group), await a_report(group), await a_report(other)
    [paragraph] = await write(group, first.sections[0], "Agreed words.")
    meeting = await a_meeting(group, first, pen=group.member)
    await decided(group, meeting, first.sections[0], paragraph, "agreed")
    members = {one.id for one in (group.member, group.chair, group.convenor, group.outsider)}
    members |= {other.member.id, other.chair.id}

    async with database.read() as session:
        asked = {report_id: members for report_id in (first.id, second.id, third.id, new_id())}
        together = await in_session(session, partial(look_up_rights, asked=asked))
        each = {
            report_id: await load_text_rights(session, report_id, members) for report_id in asked
        }

    assert together == each
    assert together[first.id].locked_ids
    assert together[first.id].pen_id == group.member.id


async def versions(database: Database, *reports: ReportId) -> list[int]:
    async with database.read() as session:
        found = await session.execute(
            select(ChangeCounter.report_id, ChangeCounter.version).where(
                ChangeCounter.report_id.in_(reports)
            )
        )
        known = {report_id: version for report_id, version in found}
    return [known.get(report_id, 0) for report_id in reports]


async def counted_reports(group: Group, database: Database, count: int) -> list[ReportId]:
    reports = [ReportId((await a_report(group)).id) for _ in range(count)]
    for report_id in reports:
        async with database.write() as work:
            await work.touch_report(report_id)
    return reports


async def test_what_is_counted_together_is_counted_once_for_each(
    group: Group, database: Database
) -> None:
    reports = await counted_reports(group, database, 3)
    unknown = ReportId(new_id())
    before = await versions(database, *reports)
    counts = TextCounts(database)

    said = await asyncio.gather(*map(counts.count, [*reports, unknown, reports[0]]))

    assert said[:3] == [True] * 3
    assert said[3] is False, "it has no counter"
    after = await versions(database, *reports)
    assert after[1:] == [version + 1 for version in before[1:]]
    # A database of its own is asked once for all who wait for the same report.
    assert after[0] == before[0] + (1 if database.is_sqlite else 2)


async def test_who_is_cut_short_takes_no_count_from_the_others(
    group: Group, database: Database
) -> None:
    first, second = await counted_reports(group, database, 2)
    before = await versions(database, second)
    counts = TextCounts(database)
    leaving = asyncio.create_task(counts.count(first))
    staying = asyncio.create_task(counts.count(second))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying
    assert await versions(database, second) == [before[0] + 1]


def authored(seed: int, count: int) -> tuple[Doc[Any], list[bytes]]:
    chance, sent = random.Random(seed), list[bytes]()
    doc: Doc[Any] = Doc(client_id=7)
    body = doc["body"] = Text()
    subscription = doc.observe(lambda event: sent.append(event.update))
    for _ in range(count):
        if len(body) > 4 and chance.random() < 0.3:
            start = chance.randrange(len(body) - 2)
            del body[start : start + 2]
        else:
            body.insert(chance.randrange(len(body) + 1), chance.choice(["a", "bc", "def"]), {})
    doc.unobserve(subscription)
    return doc, sent


@pytest.mark.parametrize("count", [1, 5, 31, 32, 33, 100])
def test_a_text_is_whole_whoever_asks_for_it_first(count: int) -> None:
    doc, sent = authored(count, count)
    asked_for_state, asked_for_vector, asked_for_missing = (LiveText(b"\0\0") for _ in range(3))
    for text in (asked_for_state, asked_for_vector, asked_for_missing):
        for update in sent:
            text.take_proven([update], [read_update(update)])

    assert asked_for_vector.vector() == doc.get_state()
    other: Doc[Any] = Doc()
    other["body"] = Text()
    other.apply_update(asked_for_state.state())
    assert str(other["body"]) == str(doc["body"])
    behind: Doc[Any] = Doc()
    behind["body"] = Text()
    behind.apply_update(sent[0])
    behind.apply_update(asked_for_missing.missing_from(behind.get_state()))
    assert str(behind["body"]) == str(doc["body"])
    assert all(asked_for_vector.holds(read_update(update)) for update in sent)


def test_a_text_that_comes_to_rest_keeps_what_it_was_given_last() -> None:
    doc, sent = authored(3, 7)
    text = LiveText(b"\0\0")
    text.take_proven(sent, map(read_update, sent))
    text.rest()

    assert text.vector() == doc.get_state()
