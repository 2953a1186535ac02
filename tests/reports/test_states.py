"""A section's way through its states, over HTTP, with real text."""

import asyncio
from typing import Any

import pytest
from pycrdt import Doc
from sqlalchemy import select

from app import clock
from app.db.tables import Revision, SectionStateChange
from app.ids import SectionId
from app.rooms import log
from app.rooms.keeping.verifying import verify_chain
from app.text.from_crdt import body_of
from app.text.hashing import content_hash
from app.text.model import plain_text
from tests.house.builders import BuiltReport, Group, a_report
from tests.house.drafts import a_meeting, decided, write
from tests.house.people import Person, told
from tests.house.texts import read_text

OWED = "The convenor asked for it."


async def to(person: Person, section: SectionId, state: str, **more: Any) -> Any:
    return await person.post(f"/sections/{section}/state", {"to": state, **more}, status=200)


async def refused(
    person: Person, section: SectionId, state: str, status: int = 409, **more: Any
) -> Any:
    return await person.post(f"/sections/{section}/state", {"to": state, **more}, status=status)


async def seals(group: Group, section: SectionId) -> list[Revision]:
    async with group.house.database.read() as session:
        found = await session.scalars(
            select(Revision).where(Revision.section_id == section).order_by(Revision.id)
        )
        return list(found)


async def changes(group: Group, section: SectionId) -> list[tuple[str, str, str, str]]:
    async with group.house.database.read() as session:
        found = await session.scalars(
            select(SectionStateChange)
            .where(SectionStateChange.section_id == section)
            .order_by(SectionStateChange.id)
        )
        return [(row.from_state, row.to_state, row.acting_role, row.reason) for row in found]


@pytest.fixture
async def report(group: Group) -> BuiltReport:
    return await a_report(group, ["Access"], state="outlined")


@pytest.fixture
def section(report: BuiltReport) -> SectionId:
    return report.sections[0]


async def test_a_section_goes_from_outline_to_read(
    group: Group, report: BuiltReport, section: SectionId
) -> None:
    await to(group.convenor, section, "drafting")
    (paragraph,) = await write(group, section, "States should ensure access.")
    await to(group.convenor, section, "subgroup_review")
    await to(group.convenor, section, "signed_off")
    await to(group.secretariat, section, "consolidated")
    meeting = await a_meeting(group, report)
    await to(group.chair, section, "in_reading")
    await decided(group, meeting, section, paragraph, "agreed")
    read = await to(group.chair, section, "read")

    assert (read["state"], read["may"]["edges"]) == ("read", ["in_reading"])
    assert [seal.name for seal in await seals(group, section)] == [
        "Handed in for subgroup review by Convenor, Access",
        "Signed off by Convenor, Access",
        "Consolidated by Secretariat",
        "Read by Chair",
    ]
    assert [change[1] for change in await changes(group, section)] == [
        "drafting",
        "subgroup_review",
        "signed_off",
        "consolidated",
        "in_reading",
        "read",
    ]


async def test_a_seal_holds_exactly_the_text_that_was_handed_in(
    group: Group, section: SectionId
) -> None:
    await to(group.convenor, section, "drafting")
    await write(group, section, "One.", "Two.")
    await to(group.convenor, section, "subgroup_review")

    (seal,) = await seals(group, section)

    assert seal.seq == 1
    handed_in = await read_text(group.house.database, section)
    assert seal.content_hash == content_hash(handed_in)
    assert (seal.member_id, seal.acting_role) == (group.convenor.id, "convenor")


async def test_returns_carry_their_reason(group: Group, section: SectionId) -> None:
    await to(group.convenor, section, "drafting")
    await write(group, section, "One.")
    await to(group.convenor, section, "subgroup_review")
    missing = await refused(group.convenor, section, "drafting", 422)
    await to(group.convenor, section, "drafting", reason=OWED)

    assert missing["detail"].startswith("Please say why you return this section to drafting")
    assert (await changes(group, section))[-1] == ("subgroup_review", "drafting", "convenor", OWED)
    assert len(await seals(group, section)) == 1


async def test_an_illegal_state_is_refused_with_what_is_true(
    group: Group, section: SectionId
) -> None:
    answer = await refused(group.convenor, section, "read")

    assert answer == {
        "error": "Refused",
        "detail": "This section is outlined; it cannot become read from there, only in drafting.",
        "state": "outlined",
        "allowed": ["drafting"],
    }


async def test_an_unknown_state_is_refused_in_words(group: Group, section: SectionId) -> None:
    answer = await refused(group.convenor, section, "adopted", 422)

    assert answer["detail"].startswith("Input should be 'outlined', 'drafting'")


async def test_only_the_convenor_of_its_own_subgroup_moves_a_section(
    group: Group, section: SectionId
) -> None:
    for person in (group.other_convenor, group.member, group.chair):
        answer = await refused(person, section, "drafting", 403)
        assert answer["detail"] == (
            "Only the secretariat or the convenor of its subgroup may start drafting this section."
        )


async def test_who_acts_as_member_is_no_convenor_meanwhile(
    group: Group, section: SectionId
) -> None:
    from app.access.actor import Role

    path, body = f"/sections/{section}/state", {"to": "drafting"}

    await group.convenor.post(path, body, status=403, role=Role.MEMBER)
    await group.convenor.post(path, body, status=200, role=Role.CONVENOR)


async def test_drafting_waits_for_a_subgroup(group: Group, section: SectionId) -> None:
    await group.secretariat.patch(f"/sections/{section}", {"subgroup_id": None})

    answer = await refused(group.secretariat, section, "drafting")

    assert answer["detail"] == "Assign this section to a subgroup before its drafting starts."


async def test_nothing_cannot_be_handed_in(group: Group, section: SectionId) -> None:
    await to(group.convenor, section, "drafting")
    await write(group, section, " ", "")

    answer = await refused(group.convenor, section, "subgroup_review")

    assert answer["detail"] == "There is no text yet that the subgroup could review."


async def test_a_reading_waits_for_an_open_meeting(group: Group) -> None:
    report = await a_report(group, state="consolidated")
    section = report.sections[0]

    without = await refused(group.chair, section, "in_reading")
    await a_meeting(group, report, state="suspended")
    suspended = await refused(group.chair, section, "in_reading")

    assert without["detail"] == suspended["detail"]
    assert "the chair has to open one first" in without["detail"]


async def test_a_reading_ends_when_every_paragraph_was_considered(group: Group) -> None:
    report = await a_report(group, ["First", "Second"], state="in_reading")
    first, second = report.sections
    await write(group, first, "One.", "Two.")
    paragraphs = await write(
        group, second, "# A heading", "Three.", "- (a) of three", "-- (i) of that", "", "Four."
    )
    meeting = await a_meeting(group, report)
    await decided(group, meeting, second, paragraphs[1], "agreed")
    await decided(group, meeting, second, paragraphs[2], "tabled")

    answer = await refused(group.chair, second, "read")

    assert answer["detail"] == ("Paragraphs 3 (a), 3 (a) (i) and 5 have not been considered yet.")
    for place, status in ((2, "bracketed"), (3, "parked"), (5, "agreed")):
        await decided(group, meeting, second, paragraphs[place], status)
    await to(group.chair, second, "read")


async def test_a_reading_does_not_end_while_a_paragraph_is_on_the_floor(group: Group) -> None:
    report = await a_report(group, state="in_reading")
    section = report.sections[0]
    (paragraph,) = await write(group, section, "One.")
    meeting = await a_meeting(group, report, floor=(section, paragraph))
    await decided(group, meeting, section, paragraph, "agreed")

    answer = await refused(group.chair, section, "read")

    assert answer["detail"] == "A paragraph of this section is still on the floor."


async def test_a_section_that_was_read_is_reopened_by_the_chair_with_a_reason(
    group: Group,
) -> None:
    section = (await a_report(group, state="read")).sections[0]

    await refused(group.secretariat, section, "in_reading", 403, reason=OWED)
    await to(group.chair, section, "in_reading", reason=OWED)

    assert await changes(group, section) == [("read", "in_reading", "chair", OWED)]


async def test_of_two_changes_at_once_one_wins(group: Group) -> None:
    section = (await a_report(group)).sections[0]
    await write(group, section, "One.")
    path, body = f"/sections/{section}/state", {"to": "subgroup_review"}

    answers = await asyncio.gather(
        group.convenor.send("POST", path, body), group.secretariat.send("POST", path, body)
    )

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert told(won, 200)["state"] == "subgroup_review"
    assert told(lost, 409)["detail"] == "This section is in subgroup review already."
    assert told(lost, 409)["state"] == "subgroup_review"
    assert len(await seals(group, section)) == len(await changes(group, section)) == 1


async def test_a_single_paragraph_without_an_id_is_named_when_it_is_handed_in(
    group: Group,
) -> None:
    database = group.house.database
    section = (await a_report(group)).sections[0]
    doc: Doc[Any] = Doc()
    body_of(doc).insert(0, "One paragraph, never split.", {})
    async with database.write() as work:
        head = await log.lock_head(work.session, section)
        entry = log.Entry(log.UPDATE, group.member.id, "member", clock.now_us(), doc.get_update())
        await log.append(work.session, head, entry)

    await group.convenor.post(f"/sections/{section}/state", {"to": "subgroup_review"}, status=200)

    [block] = (await read_text(database, section)).blocks
    assert block.id is not None
    assert plain_text(block.inlines) == "One paragraph, never split."
    async with database.read() as session:
        assert await verify_chain(session, section) is None
