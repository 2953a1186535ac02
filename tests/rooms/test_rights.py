"""Who may read and write a text over sockets, in which state, and how a lost right is lost."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from pycrdt import Doc, Text
from sqlalchemy import delete, select, update

from app.access.actor import Role
from app.db.engine import Database
from app.db.tables import (
    Decision,
    LogEntry,
    ParagraphStatus,
    Seat,
    SeatRole,
    Section,
    SubgroupMember,
)
from app.ids import SectionId, new_id
from app.rooms.frames import Kind, Sync, decode_vector, uint
from tests.house.builders import BuiltReport, Group, a_report
from tests.house.drafts import a_meeting
from tests.house.live import LiveText
from tests.house.texts import block, hash_of, paragraph_id, write_text
from tests.rooms.conftest import OpenDevice

PARTS = ("member", "convenor", "secretariat", "chair", "observer", "other_member")
WRITERS = {
    "outlined": set(),
    "drafting": {"member", "convenor", "secretariat"},
    "subgroup_review": {"convenor"},
    "signed_off": set(),
    "consolidated": {"secretariat"},
    "in_reading": set(),
    "read": set(),
}


async def set_state(database: Database, report: BuiltReport, state: str) -> None:
    async with database.write() as work:
        await work.session.execute(
            update(Section).where(Section.id == report.sections[0]).values(state=state)
        )
        await work.touch_report(report.id)


async def rows_of(database: Database, section: SectionId) -> int:
    async with database.read() as session:
        found = await session.scalars(select(LogEntry).where(LogEntry.section_id == section))
        return len(found.all())


@pytest.mark.parametrize("state", WRITERS)
async def test_who_may_write_in_each_state(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database, state: str
) -> None:
    section = report.sections[0]
    # With a first paragraph there is nothing that the server would have to name.
    await write_text(database, section, group.member.id, [block("one", "Text. ")])
    await set_state(database, report, state)

    for part in PARTS:
        before = await rows_of(database, section)
        text = await (await device()).open(section, getattr(group, part).api_token)
        text.types(part)
        await text.until(lambda text: len(text.statuses) == text.sent)

        may_write = part in WRITERS[state]
        assert (text.scope == "read-write") is may_write, part
        assert (text.statuses[-1] == 1) is may_write, part
        assert (text.closed is None) is may_write, part
        assert await rows_of(database, section) == before + may_write, part


@pytest.mark.parametrize("sub", [Sync.UPDATE, Sync.STEP2], ids=["update", "step2"])
async def test_the_type_of_the_message_is_no_permission(
    group: Group, section: SectionId, device: OpenDevice, database: Database, sub: Sync
) -> None:
    text = await (await device()).open(section, group.observer.api_token)
    doc: Doc[Text] = Doc()
    doc["body"] = Text("smuggled")

    text.sends(Kind.SYNC, sub, doc.get_update())
    await text.until(lambda text: text.closed)

    assert text.statuses[-1] == 0
    assert await rows_of(database, section) == 0


async def test_in_reading_only_the_holder_of_the_pen_writes(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    await set_state(database, report, "in_reading")
    await a_meeting(group, report, pen=group.secretariat)
    section = report.sections[0]

    holder = await (await device()).open(section, group.secretariat.api_token)
    other = await (await device()).open(section, group.chair.api_token)
    holder.types("by the pen")

    await holder.saved()
    await other.shows("by the pen")
    assert other.scope == "readonly"


@pytest.mark.parametrize("part", ["outsider", "administrator"])
async def test_who_has_no_seat_is_kept_out_and_the_socket_lives_on(
    group: Group, section: SectionId, device: OpenDevice, part: str
) -> None:
    socket = await device()
    text = await socket.open(section, getattr(group, part).api_token)

    assert text.denied == "There is nothing here that you can see."
    assert not text.synced
    assert (await socket.open(f"{section}\x00second", group.member.api_token)).synced


@pytest.mark.parametrize("name", ["no-id", "report:no-id", "01890000-0000-7000-8000-000000000000"])
async def test_what_is_not_there_looks_like_what_is_not_yours(
    group: Group, device: OpenDevice, name: str
) -> None:
    text = await (await device()).open(name, group.member.api_token)

    assert text.denied == "There is nothing here that you can see."


@pytest.mark.parametrize("token", ["rap_wrong", "live_wrong", ""])
async def test_a_wrong_token_is_refused(section: SectionId, device: OpenDevice, token: str) -> None:
    assert (await (await device()).open(section, token)).denied


async def test_the_cookie_of_the_browser_signs_in(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    text = await (await device(group.member)).open(section, "")

    assert text.scope == "read-write"


async def test_a_page_of_another_site_gets_no_socket(group: Group, device: OpenDevice) -> None:
    with pytest.raises(Exception, match="403"):
        await device(group.member, "https://elsewhere.example")


async def test_a_ticket_opens_its_report_under_a_bound_client_id(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    section = report.sections[0]
    ticket = await group.member.post(
        "/live-tickets", {"report_id": str(report.id), "section_id": str(section)}
    )

    text = await (await device()).open(section, ticket["ticket"], ticket["client_id"])
    text.types("mine")
    await text.saved()

    assert 0 < ticket["client_id"] < 2**31
    stranger = await (await device()).open(section, group.convenor.api_token, ticket["client_id"])
    stranger.types("yours?")
    await stranger.until(lambda text: text.closed)


async def test_a_ticket_acts_in_the_role_that_was_chosen(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    async with database.write() as work:
        seat = await work.session.scalar(select(Seat.id).where(Seat.member_id == group.member.id))
        work.session.add(SeatRole(seat_id=seat, role=Role.OBSERVER.value))
    call = {"report_id": str(report.id), "section_id": str(report.sections[0])}

    ticket = await group.member.post("/live-tickets", call, role=Role.OBSERVER)
    text = await (await device()).open(report.sections[0], ticket["ticket"])

    assert ticket["client_id"] is None
    assert text.scope == "readonly"


async def test_a_ticket_is_no_key_to_another_report(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    other = await a_report(group, ["Elsewhere"])
    ticket = await group.member.post("/live-tickets", {"report_id": str(report.id)})

    text = await (await device()).open(other.sections[0], ticket["ticket"])
    refused = await group.member.send(
        "POST",
        "/live-tickets",
        {"report_id": str(report.id), "section_id": str(other.sections[0])},
    )

    assert text.denied
    assert refused.status_code == 404


async def lose_the_state(database: Database, report: BuiltReport, group: Group) -> None:
    await set_state(database, report, "signed_off")


async def lose_the_subgroup(database: Database, report: BuiltReport, group: Group) -> None:
    async with database.write() as work:
        await work.session.execute(
            delete(SubgroupMember).where(SubgroupMember.member_id == group.member.id)
        )
        await work.touch_report(report.id)


@pytest.mark.parametrize("lose", [lose_the_state, lose_the_subgroup])
async def test_who_loses_the_right_is_told_and_writes_no_more(
    group: Group,
    report: BuiltReport,
    device: OpenDevice,
    database: Database,
    lose: Callable[..., object],
) -> None:
    section = report.sections[0]
    await write_text(database, section, group.member.id, [block("one", "Text. ")])
    text = await (await device()).open(section, group.member.api_token)
    text.types("before")
    await text.saved()

    await lose(database, report, group)  # type: ignore[misc]
    await text.until(lambda text: text.scope == "readonly")
    text.types("after")
    await text.until(lambda text: text.closed)

    assert text.notices[-1]["type"] == "refused"
    assert text.notices[-1]["reason"] == text.closed
    assert await rows_of(database, section) == 2


async def test_who_loses_the_seat_is_shut_out(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    text = await (await device()).open(report.sections[0], group.observer.api_token)

    async with database.write() as work:
        seat = select(Seat.id).where(Seat.member_id == group.observer.id)
        await work.session.execute(delete(SeatRole).where(SeatRole.seat_id.in_(seat)))
        await work.touch_report(report.id)

    await text.until(lambda text: text.closed)


async def test_a_right_that_is_lost_unheard_ends_within_the_poll(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    """The test's own door to the database has a broker of its own: only the counter tells."""
    text = await (await device()).open(report.sections[0], group.member.api_token)

    await set_state(database, report, "consolidated")

    await text.until(lambda text: text.scope == "readonly")


async def test_a_refused_document_can_be_opened_again(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    socket = await device()
    reader = await socket.open(report.sections[0], group.observer.api_token)
    reader.types("no")
    await reader.until(lambda text: text.closed)

    again = await socket.open(report.sections[0], group.observer.api_token)

    assert (again.words, again.closed, again.scope) == ("", None, "readonly")


async def test_a_reader_that_tidies_up_is_acknowledged_and_nothing_is_logged(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    """Deleting a unit of formatting that nobody sees writes nothing and changes no word."""
    mine = await (await device()).open(section, group.member.api_token)
    mine.paragraph("pabcdefghijkl", "word")
    client = mine.doc.client_id
    clock = decode_vector(mine.doc.get_state())[client]
    mine.doc["body"].format(1, 3, {"comment:c": {"id": "c"}})
    await mine.saved()
    reader = await (await device()).open(section, group.observer.api_token)
    rows = await rows_of(database, section)

    reader.sends_update(b"\x00\x01" + uint(client) + b"\x01" + uint(clock) + b"\x01")
    await reader.until(lambda text: len(text.statuses) == text.sent)

    assert (reader.statuses[-1], reader.closed) == (1, None)
    assert await rows_of(database, section) == rows


async def test_a_reader_that_deletes_words_is_refused(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    mine.types("word")
    await mine.saved()
    reader = await (await device()).open(section, group.observer.api_token)

    reader.deletes(0, 2)
    await reader.until(lambda text: text.closed)

    assert reader.statuses[-1] == 0


async def test_a_locked_paragraph_is_refused_with_its_reason(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database, app: FastAPI
) -> None:
    section = report.sections[0]
    await write_text(database, section, group.member.id, [block("one", "agreed"), block("two", "")])
    await agree(database, report, group, "one")
    text: LiveText = await (await device()).open(section, group.member.api_token)
    reader = await (await device()).open(section, group.observer.api_token)

    text.types("free", at=len(text.doc["body"]))
    await text.saved()
    text.types("locked", at=3)
    await text.until(lambda text: text.closed)

    assert "agreed" in str(text.closed)
    assert text.notices[-1] == {"type": "refused", "reason": text.closed}
    assert reader.words == "agreedfree"
    assert await rows_of(database, section) == 2


async def agree(database: Database, report: BuiltReport, group: Group, key: str) -> None:
    meeting_id = await a_meeting(group, report)
    text_hash = await hash_of(database, report.sections[0], key)
    async with database.write() as work:
        decision = Decision(
            id=new_id(),
            report_id=report.id,
            meeting_id=meeting_id,
            section_id=report.sections[0],
            seq=1000,
            paragraph_id=paragraph_id(key),
            label="1",
            verb="agree",
            status_before="tabled",
            status_after="agreed",
            canonical="",
            text_hash=text_hash,
            member_id=group.chair.id,
            acting_role="chair",
            reading=1,
            idempotency_key="once",
        )
        work.session.add(decision)
        await work.session.flush()
        work.session.add(
            ParagraphStatus(
                report_id=report.id,
                paragraph_id=paragraph_id(key),
                section_id=report.sections[0],
                status="agreed",
                text_hash=text_hash,
                decision_id=decision.id,
            )
        )
        await work.touch_report(report.id)
