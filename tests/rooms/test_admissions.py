"""Those who come together are let in together, and each gets an answer of their own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, event, make_url, select, update

from app.access.actor import Role
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.tables import ApiToken, Seat, SeatRole
from app.errors import NotFound, NotSignedIn, Unavailable
from app.ids import SectionId, new_id
from app.rooms.connections.admission import REPORT_PREFIX, Admissions, Admitted
from app.settings import Settings
from tests.house.builders import BuiltReport, Group, a_report, a_working_group, give_seat
from tests.house.live import PATIENCE_S
from tests.house.people import Person
from tests.house.servers import free_port

HUNDRED = 100


@pytest.fixture
def admissions(app: FastAPI) -> Admissions:
    found: Admissions = app.state.services.rooms.admissions
    return found


async def together(
    admissions: Admissions, asked: Sequence[tuple[object, str]]
) -> list[Admitted | BaseException]:
    """What each is told who asks for a place with a token, all at the same moment."""
    waiting = [admissions.admit(str(place), token, None) for place, token in asked]
    async with asyncio.timeout(PATIENCE_S):
        return await asyncio.gather(*waiting, return_exceptions=True)


async def a_hall(group: Group, count: int) -> list[Person]:
    """People with a seat each."""
    people = [await group.house.person(f"Delegate {number}") for number in range(count)]
    async with group.house.database.write() as work:
        for one in people:
            await give_seat(work, group.id, one, [Role.MEMBER])
    return people


async def test_a_hundred_at_once_get_each_their_own_answer(
    group: Group, report: BuiltReport, admissions: Admissions
) -> None:
    hall = await a_hall(group, 5)
    section, other = report.sections
    async with group.house.database.write() as work:
        await work.session.execute(delete(ApiToken).where(ApiToken.member_id == hall[0].id))
        await work.touch_report(report.id)
    await group.secretariat.delete(f"/working-groups/{group.id}/members/{hall[1].id}")
    foreign = (await a_report(group, ["Foreign"])).sections[0]
    special: list[tuple[object, str, object]] = [
        (section, hall[0].api_token, NotSignedIn),
        (section, hall[1].api_token, NotFound),
        (new_id(), hall[2].api_token, NotFound),
        ("no id at all", hall[2].api_token, NotFound),
        (section, "", NotSignedIn),
        (section, group.outsider.api_token, NotFound),
        (other, group.member.api_token, group.member.id),
        (foreign, group.member.api_token, group.member.id),
        (f"{REPORT_PREFIX}{report.id}", group.observer.api_token, group.observer.id),
    ]
    plain: list[tuple[object, str, object]] = [
        (section, one.api_token, one.id) for one in hall[2:] for _ in range(31)
    ]
    asked = [*plain[:50], *special, *plain[50:]]
    assert len(asked) >= HUNDRED

    answers = await together(admissions, [(place, token) for place, token, _ in asked])

    for (place, _, expected), answer in zip(asked, answers, strict=True):
        if isinstance(expected, type):
            assert type(answer) is expected
            continue
        assert isinstance(answer, Admitted)
        assert answer.actor.member_id == expected
        assert str(answer.section_id or f"{REPORT_PREFIX}{answer.report_id}") == str(place)


async def test_what_cannot_be_read_of_one_group_keeps_nobody_of_another_out(
    group: Group, report: BuiltReport, admissions: Admissions
) -> None:
    other = await a_working_group(group.house, "Other Group")
    broken = (await a_report(other, ["Broken"])).sections[0]
    async with group.house.database.write() as work:
        seats = select(Seat.id).where(Seat.member_id == other.member.id)
        await work.session.execute(
            update(SeatRole).where(SeatRole.seat_id.in_(seats)).values(role="juggler")
        )

    member, lost = await together(
        admissions,
        [(report.sections[0], group.member.api_token), (broken, other.member.api_token)],
    )

    assert isinstance(member, Admitted)
    assert isinstance(lost, ValueError)


async def test_the_absent_and_what_is_not_yours_are_the_same_answer(
    group: Group, section: SectionId, admissions: Admissions
) -> None:
    token = group.outsider.api_token

    absent, foreign = await together(admissions, [(new_id(), token), (section, token)])

    assert type(absent) is type(foreign) is NotFound
    assert str(absent) == str(foreign)


async def test_rights_are_those_of_now(
    group: Group, report: BuiltReport, admissions: Admissions
) -> None:
    section, member = report.sections[0], group.member
    ask = [(section, member.api_token)]
    [before] = await together(admissions, ask)
    path = f"/subgroups/{group.access}/members/{member.id}"

    await group.secretariat.delete(path)
    [after] = await together(admissions, ask)
    await group.secretariat.delete(f"/working-groups/{group.id}/members/{member.id}")
    [gone] = await together(admissions, ask)

    assert isinstance(before, Admitted)
    assert before.right is not None
    assert before.right.may_write
    assert isinstance(after, Admitted)
    assert after.right is not None
    assert not after.right.may_write
    assert type(gone) is NotFound


async def test_a_key_that_was_just_withdrawn_lets_nobody_in(
    group: Group, section: SectionId, admissions: Admissions
) -> None:
    ask = [(section, group.member.api_token)] * 3
    assert all(isinstance(one, Admitted) for one in await together(admissions, ask))

    [token] = await group.member.get("/me/api-tokens")
    await group.member.delete(f"/me/api-tokens/{token['id']}")

    assert {type(one) for one in await together(admissions, ask)} == {NotSignedIn}


async def test_who_goes_away_while_waiting_harms_nobody(
    group: Group, section: SectionId, admissions: Admissions
) -> None:
    token = group.member.api_token
    waiting = [
        asyncio.create_task(admissions.admit(str(section), token, None)) for _ in range(HUNDRED)
    ]
    await asyncio.sleep(0)
    for one in waiting[::2]:
        one.cancel()
    later = await admissions.admit(str(section), group.chair.api_token, None)
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(*waiting, return_exceptions=True)

    assert {type(one) for one in answers[::2]} == {asyncio.CancelledError}
    assert all(isinstance(one, Admitted) for one in answers[1::2])
    assert later.actor.member_id == group.chair.id


async def test_a_hundred_cost_a_few_reads(
    group: Group, section: SectionId, admissions: Admissions, app: FastAPI
) -> None:
    statements: list[str] = []
    engine = app.state.services.database.engine.sync_engine
    people = [group.member, group.convenor, group.chair, group.observer]
    asked = [(section, people[number % 4].api_token) for number in range(HUNDRED)]

    def note(*call: object) -> None:
        statements.append(str(call[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        answers = await together(admissions, asked)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert all(isinstance(one, Admitted) for one in answers)
    asks_for_keys = [one for one in statements if "api_token" in one]
    assert len(asks_for_keys) <= 3


@pytest.fixture
async def away(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database server that nobody reaches."""
    lost = make_url(database_url).set(host="127.0.0.1", port=free_port(), query={})
    settings = {"home": tmp_path / "home", "DATABASE_URL": lost.render_as_string(False)}
    opened = Database(Settings.model_validate(settings), MemoryBroker())
    yield opened
    await opened.dispose()


@pytest.mark.engine("postgresql")
async def test_while_the_database_is_away_all_are_told_to_come_again(away: Database) -> None:
    admissions = Admissions(away)
    asked = [(new_id(), "rap_key")] * 3

    for _ in range(2):
        assert {type(one) for one in await together(admissions, asked)} == {Unavailable}
