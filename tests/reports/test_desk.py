"""The desk: what each person finds there, over HTTP."""

from typing import Any

from sqlalchemy import event

from tests.house.builders import BuiltReport, Group, a_report
from tests.house.drafts import a_meeting, decided, write
from tests.house.people import Person

STATES = ("outlined", "drafting", "subgroup_review", "signed_off", "consolidated", "in_reading")


async def waits(person: Person, report: BuiltReport) -> list[tuple[str, str]]:
    desk = await person.get(f"/reports/{report.id}/desk")
    titles = {one["id"]: one["title"] for one in desk["sections"]}
    return [(one["kind"], titles.get(one["section_id"], "")) for one in desk["waits_for_me"]]


async def in_every_state(group: Group) -> BuiltReport:
    """A report with a section in each state, all of the subgroup Access, each with a paragraph."""
    report = await a_report(group, STATES, state="drafting")
    for section in report.sections[1:]:
        await write(group, section, "States should ensure access.")
    from app.db.tables import Section

    async with group.house.database.write() as work:
        for section, state in zip(report.sections, STATES, strict=True):
            (await work.session.get_one(Section, section)).state = state
    return report


async def test_the_desk_says_what_waits_for_whom(group: Group) -> None:
    report = await in_every_state(group)

    assert await waits(group.convenor, report) == [
        ("start", "outlined"),
        ("submit", "drafting"),
        ("sign_off", "subgroup_review"),
    ]
    assert await waits(group.member, report) == [("draft", "drafting")]
    assert await waits(group.secretariat, report) == [("consolidate", "signed_off")]
    assert await waits(group.chair, report) == [("open_meeting", "")]
    assert await waits(group.other_convenor, report) == []
    assert await waits(group.observer, report) == []


async def test_in_a_meeting_the_sections_to_read_wait_for_the_chair(group: Group) -> None:
    report = await in_every_state(group)
    meeting = await a_meeting(group, report)

    assert await waits(group.chair, report) == [("begin_reading", "consolidated")]

    section = report.sections[-1]
    (paragraph,) = await write(group, section, "Another one.")
    await decided(group, meeting, section, paragraph, "parked")
    assert ("end_reading", "in_reading") not in await waits(group.chair, report)
    first = await first_paragraph(group, section)
    await decided(group, meeting, section, first, "agreed")
    assert ("end_reading", "in_reading") in await waits(group.chair, report)


async def first_paragraph(group: Group, section: Any) -> Any:
    from tests.house.texts import read_text

    return (await read_text(group.house.database, section)).blocks[0].id


async def test_the_pen_waits_for_its_holder(group: Group) -> None:
    report = await a_report(group, ["Access"], state="in_reading")
    (paragraph,) = await write(group, report.sections[0], "One.")
    await a_meeting(group, report, floor=(report.sections[0], paragraph), pen=group.secretariat)

    assert await waits(group.secretariat, report) == [("hold_pen", "Access")]


async def test_unassigned_sections_wait_for_the_secretariat_unless_others_lie_below(
    group: Group,
) -> None:
    made = await group.secretariat.post(f"/working-groups/{group.id}/reports", {"title": "R"})
    path = f"/reports/{made['id']}/sections"
    chapter = await group.secretariat.post(path, {"title": "Chapter"})
    await group.secretariat.post(path, {"title": "Part", "parent_id": chapter["id"]})

    desk = await group.secretariat.get(f"/reports/{made['id']}/desk")

    (waiting,) = desk["waits_for_me"]
    assert waiting["kind"] == "assign"
    assert waiting["sentence_key"] == "desk.waits.assign"
    assert waiting["params"] == {"number": "A.", "title": "Part", "subgroup": ""}


async def test_an_empty_section_waits_for_words_first(group: Group) -> None:
    report = await a_report(group)

    assert await waits(group.convenor, report) == [("draft", "Access")]


async def test_the_desk_counts_words_and_names_who_wrote_last(group: Group) -> None:
    report = await a_report(group, ["One", "Two"])
    await write(group, report.sections[0], "States should ensure access.", by=group.convenor)

    desk = await group.observer.get(f"/reports/{report.id}/desk")

    first, second = desk["sections"]
    assert (first["words"], first["last_change"]["name"]) == (4, group.convenor.name)
    assert (second["words"], second["last_change"]) == (0, None)
    assert desk["report"]["symbol"] == "WG/1"


async def test_the_desk_asks_the_database_equally_often_for_any_report(group: Group) -> None:
    small = await a_report(group, ["One"])
    large = await a_report(group, [str(number) for number in range(30)])
    for report in (small, large):
        await group.member.get(f"/reports/{report.id}/desk")

    asked = [await queries(group, report) for report in (small, large)]

    assert asked[0] == asked[1]


async def queries(group: Group, report: BuiltReport) -> int:
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1

    engine = group.house.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", counted)
    try:
        await group.member.get(f"/reports/{report.id}/desk")
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return count
