"""Looking back over HTTP: who did what when, what changed, named revisions, restoring."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.ids import SectionId
from tests.house.builders import Group, a_report
from tests.house.people import Person
from tests.house.texts import block, paragraph_id, read_text, words_of, write_text
from tests.plenary.hall import a_hall

MORNING = datetime(2005, 6, 15, 9, 0, tzinfo=UTC)
FIRST = (block("one", "States should ensure access."), block("two", "Business helps."))
SECOND = (block("one", "States shall ensure fair access."), block("two", "Business helps."))
THIRD = (block("one", "States shall ensure fair access."), block("tri", "Nobody is left out."))


@pytest.fixture
async def section(group: Group) -> SectionId:
    """A section in which a member wrote, then its convenor, then the secretariat."""
    section_id = (await a_report(group)).sections[0]
    writers = (group.member, group.convenor, group.secretariat)
    for hours, (writer, text) in enumerate(zip(writers, (FIRST, SECOND, THIRD), strict=True)):
        clock.set_now(MORNING + timedelta(hours=hours))
        await write_text(group.house.database, section_id, writer.id, text)
    return section_id


def changed(shown: Any, op: str) -> list[tuple[str, str]]:
    """Return what was inserted or removed, with the name of who did it."""
    return [
        (piece["text"], piece["by"]["name"])
        for one in shown["blocks"]
        for piece in one["pieces"]
        if piece["op"] == op
    ]


async def test_the_timeline_tells_who_when_and_for_which_subgroup(
    group: Group, section: SectionId
) -> None:
    shown = await group.observer.get(f"/sections/{section}/timeline")

    assert [moment["member"]["name"] for moment in shown["moments"]] == [
        group.secretariat.name,
        group.convenor.name,
        group.member.name,
    ]
    assert [moment["subgroup"] for moment in shown["moments"]] == [None, "Access", "Access"]
    assert shown["moments"][2]["began_at"] == "2005-06-15T09:00:00Z"
    assert shown["moments"][2]["added"] > 0
    assert shown["moments"][2]["removed"] == 0
    assert shown["next_before"] is None


async def test_the_timeline_comes_in_pages(group: Group, section: SectionId) -> None:
    first = await group.member.get(f"/sections/{section}/timeline?limit=2")
    second = await group.member.get(
        f"/sections/{section}/timeline?limit=2&before={first['next_before']}"
    )

    assert [moment["to_seq"] for moment in first["moments"]] == [3, 2]
    assert [moment["to_seq"] for moment in second["moments"]] == [1]


async def test_the_text_of_any_moment_can_be_read(group: Group, section: SectionId) -> None:
    past = await group.member.get(f"/sections/{section}/text?seq=1")
    present = await group.member.get(f"/sections/{section}/text")

    assert [one["runs"][0]["text"] for one in past["blocks"]] == words_of_all(FIRST)
    assert [one["runs"][0]["text"] for one in present["blocks"]] == words_of_all(THIRD)
    assert [one["label"] for one in present["blocks"]] == ["1", "2"]
    assert present["seq"] == 3


def words_of_all(blocks: Any) -> list[str]:
    return ["".join(run.text for run in one.inlines) for one in blocks]


async def test_changes_are_shown_word_by_word_with_names(group: Group, section: SectionId) -> None:
    shown = await group.member.get(f"/sections/{section}/changes?from=1&to=3")

    assert ("shall", group.convenor.name) in changed(shown, "ins")
    assert ("should", group.convenor.name) in changed(shown, "del")
    assert ("Nobody is left out.", group.secretariat.name) in changed(shown, "ins")
    assert ("Business helps.", group.secretariat.name) in changed(shown, "del")
    assert [one["change"] for one in shown["blocks"]] == ["changed", "removed", "added"]
    assert {person["name"] for person in shown["people"]} == {
        group.convenor.name,
        group.secretariat.name,
    }


async def test_between_a_moment_and_itself_nothing_changed(
    group: Group, section: SectionId
) -> None:
    shown = await group.member.get(f"/sections/{section}/changes?from=2&to=2")

    assert {one["change"] for one in shown["blocks"]} == {"same"}


async def test_moments_that_are_not_there_are_refused_with_a_sentence(
    group: Group, section: SectionId
) -> None:
    path = f"/sections/{section}"

    beyond = await group.member.get(f"{path}/text?seq=99", status=422)
    turned = await group.member.get(f"{path}/changes?from=3&to=1", status=422)
    await group.member.get(f"{path}/changes?from=x&to=1", status=422)
    await group.member.get(f"{path}/changes?to=1", status=422)
    await group.member.get(f"{path}/timeline?limit=0", status=422)
    await group.outsider.get(f"{path}/timeline", status=404)

    assert "3 changes so far" in beyond["detail"]
    assert "earlier moment comes first" in turned["detail"]


async def test_a_revision_is_named_and_stands_in_the_timeline(
    group: Group, section: SectionId
) -> None:
    path = f"/sections/{section}/revisions"

    made = await group.convenor.post(path, {"name": "Before lunch", "seq": 2})
    await group.member.post(path, {"name": "Mine"}, status=403)
    await group.convenor.post(path, {"name": "Later", "seq": 44}, status=422)

    assert [one["name"] for one in await group.member.get(path)] == ["Before lunch"]
    assert len(made["content_hash"]) == 64
    timeline = await group.member.get(f"/sections/{section}/timeline")
    named = [m for m in timeline["moments"] if m["kind"] == "revision"]
    assert [(m["to_seq"], m["revision"]["name"]) for m in named] == [(2, "Before lunch")]


async def test_restoring_is_a_new_change_by_whoever_restored(
    group: Group, section: SectionId
) -> None:
    done = await group.convenor.post(f"/sections/{section}/restore", {"seq": 1}, status=200)

    assert done == {"seq": 4, "left": []}
    text = await read_text(group.house.database, section)
    assert words_of(text) == words_of_all(FIRST)
    timeline = await group.member.get(f"/sections/{section}/timeline")
    assert timeline["moments"][0]["member"]["name"] == group.convenor.name
    assert await group.member.get(f"/sections/{section}/text?seq=3")


async def test_only_who_may_write_now_may_restore(group: Group, section: SectionId) -> None:
    for person in (group.other_member, group.chair, group.observer):
        await person.post(f"/sections/{section}/restore", {"seq": 1}, status=403)
    await group.outsider.post(f"/sections/{section}/restore", {"seq": 1}, status=404)

    assert words_of(await read_text(group.house.database, section)) == words_of_all(THIRD)


async def test_agreed_paragraphs_are_left_by_a_restore_and_listed(group: Group) -> None:
    hall = await a_hall(group)
    await hand_pen(hall.meeting, group.chair, group.secretariat)
    await hall.rewrite((block("one", "States shall act."), block("three", "Business must help.")))
    await hall.put("one")
    await hall.decide("agree", "one")

    path = f"/sections/{hall.section}/restore"
    done = await group.secretariat.post(path, {"seq": 1}, status=200)

    assert [one["paragraph_id"] for one in done["left"]] == [paragraph_id("one")]
    assert done["left"][0]["label"] == "1"
    text = words_of(await read_text(group.house.database, hall.section))
    assert "States shall act." in text
    assert "Business should help." in text
    decided = await group.member.get(f"/sections/{hall.section}/timeline")
    assert [m["decision"]["verb"] for m in decided["moments"] if m["kind"] == "decision"] == [
        "agree"
    ]


async def hand_pen(meeting: str, chair: Person, to: Person) -> None:
    await chair.put(f"/meetings/{meeting}/pen", {"member_id": str(to.id)})


async def test_statuses_of_the_past_are_those_of_that_time(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    await hall.decide("agree", "one")

    before = await group.member.get(f"/sections/{hall.section}/text?seq=1")
    after = await group.member.get(f"/sections/{hall.section}/text?seq=2")

    key = paragraph_id("one")
    assert {one["id"]: one["status"] for one in before["blocks"]}[key] == "tabled"
    assert {one["id"]: one["status"] for one in after["blocks"]}[key] == "agreed"
