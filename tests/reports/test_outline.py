"""Reports, mandates and outlines, over HTTP."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.people import told

NOWHERE = "01900000-0000-7000-8000-000000000000"


async def an_outline(group: Group, *titles: str) -> tuple[str, dict[str, Any]]:
    """A report whose sections have these titles; each leading dot is one level."""
    made = await group.secretariat.post(f"/working-groups/{group.id}/reports", {"title": "Report"})
    above: dict[int, Any] = {-1: None}
    sections = {}
    for title in titles:
        depth = len(title) - len(title.lstrip("."))
        asked = {"title": title.lstrip("."), "parent_id": above[depth - 1]}
        section = await group.secretariat.post(f"/reports/{made['id']}/sections", asked)
        above[depth] = section["id"]
        sections[section["title"]] = section["id"]
    return made["id"], sections


async def drawn(group: Group, report_id: str) -> list[str]:
    report = await group.member.get(f"/reports/{report_id}")
    return [f"{'.' * one['depth']}{one['title']}" for one in report["sections"]]


async def test_a_report_begins_with_its_mandate(group: Group) -> None:
    asked = {
        "title": " The  Report ",
        "symbol": "WG/1",
        "zone": "Europe/Zurich",
        "mandate_items": ["Develop a definition.", "Identify the issues."],
    }

    made = await group.secretariat.post(f"/working-groups/{group.id}/reports", asked)

    assert (made["title"], made["zone"]) == ("The Report", "Europe/Zurich")
    assert [(item["number"], item["text"]) for item in made["mandate_items"]] == [
        (1, "Develop a definition."),
        (2, "Identify the issues."),
    ]
    assert made["may"] == {"edit_outline": True, "edit_mandate": True, "open_meeting": False}
    (listed,) = await group.observer.get("/reports")
    assert listed["id"] == made["id"]
    assert listed["working_group"]["name"] == "Working Group"


async def test_a_report_is_renamed_and_the_rest_stays(group: Group) -> None:
    report = await a_report(group)

    changed = await group.secretariat.patch(f"/reports/{report.id}", {"title": "Final report"})

    assert (changed["title"], changed["symbol"]) == ("Final report", "WG/1")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"title": ""}, "at least 1 character: title."),
        ({"title": "x" * 501}, "at most 500 characters: title."),
        ({"zone": "Mars/Olympus"}, "This is not a time zone"),
        ({"mandate": "x"}, "Extra inputs are not permitted: mandate."),
    ],
)
async def test_a_report_that_makes_no_sense_is_refused_in_words(
    group: Group, body: dict[str, object], sentence: str
) -> None:
    report = await a_report(group)

    refused = await group.secretariat.patch(f"/reports/{report.id}", body, status=422)

    assert sentence in refused["detail"]


async def test_mandate_items_are_added_moved_and_taken_out(group: Group) -> None:
    report = await a_report(group)
    path = f"/reports/{report.id}/mandate-items"
    items = [await group.secretariat.post(path, {"text": text}) for text in "abc"]

    await group.secretariat.patch(f"/mandate-items/{items[2]['id']}", {"position": 0})
    await group.secretariat.patch(f"/mandate-items/{items[1]['id']}", {"text": "B"})
    await group.secretariat.delete(f"/mandate-items/{items[0]['id']}")

    shown = (await group.member.get(f"/reports/{report.id}"))["mandate_items"]
    assert [(item["number"], item["text"]) for item in shown] == [(1, "c"), (2, "B")]


async def test_sections_answer_mandate_items(group: Group) -> None:
    report = await a_report(group, ["One", "Two"])
    item = await group.secretariat.post(f"/reports/{report.id}/mandate-items", {"text": "a"})
    first, second = report.sections

    changed = await group.secretariat.patch(
        f"/sections/{second}", {"mandate_item_ids": [item["id"]]}
    )
    await group.secretariat.patch(f"/sections/{first}", {"mandate_item_ids": [item["id"]]})

    assert changed["mandate_item_ids"] == [item["id"]]
    (shown,) = (await group.member.get(f"/reports/{report.id}"))["mandate_items"]
    assert shown["section_ids"] == [str(first), str(second)]
    await group.secretariat.delete(f"/mandate-items/{item['id']}")
    assert (await group.member.get(f"/sections/{first}"))["mandate_item_ids"] == []


async def test_an_item_of_another_reports_mandate_is_refused(group: Group) -> None:
    report, other = await a_report(group), await a_report(group)
    item = await group.secretariat.post(f"/reports/{other.id}/mandate-items", {"text": "a"})

    await group.secretariat.patch(
        f"/sections/{report.sections[0]}", {"mandate_item_ids": [item["id"]]}, status=404
    )


async def test_an_outline_is_numbered_as_it_is_read(group: Group) -> None:
    report_id, ids = await an_outline(group, "Introduction", "Issues", ".Access", ".Names", "Annex")

    await group.secretariat.patch(f"/sections/{ids['Annex']}", {"numbered": False})

    sections = (await group.member.get(f"/reports/{report_id}"))["sections"]
    assert [(one["number"], one["title"]) for one in sections] == [
        ("I.", "Introduction"),
        ("II.", "Issues"),
        ("A.", "Access"),
        ("B.", "Names"),
        ("", "Annex"),
    ]


async def test_a_section_is_moved_by_position_and_parent(group: Group) -> None:
    report_id, ids = await an_outline(group, "a", ".b", ".c", "d")
    where = {"parent_id": ids["d"], "position": 0}

    moved = await group.secretariat.post(f"/sections/{ids['b']}/move", where, status=200)

    assert (moved["parent_id"], moved["position"], moved["number"]) == (ids["d"], 0, "A.")
    assert await drawn(group, report_id) == ["a", ".c", "d", ".b"]


async def test_moves_that_break_the_outline_are_refused(group: Group) -> None:
    report_id, ids = await an_outline(group, "a", ".b", "..c", "...d", "....e", "f")
    other = await a_report(group)
    path = f"/sections/{ids['a']}/move"

    below_itself = await group.secretariat.post(path, {"parent_id": ids["c"]}, status=409)
    elsewhere = await group.secretariat.post(
        path, {"parent_id": str(other.sections[0])}, status=404
    )
    too_deep = await group.secretariat.post(
        f"/sections/{ids['f']}/move", {"parent_id": ids["e"]}, status=409
    )
    sixth = {"title": "g", "parent_id": ids["e"]}
    await group.secretariat.post(f"/reports/{report_id}/sections", sixth, status=409)

    assert below_itself["detail"] == "A section cannot be moved below itself."
    assert "no such section" in elsewhere["detail"]
    assert too_deep["detail"] == "An outline has at most five levels."
    assert await drawn(group, report_id) == ["a", ".b", "..c", "...d", "....e", "f"]


async def test_only_an_outlined_empty_section_is_deleted(group: Group) -> None:
    report_id, ids = await an_outline(group, "a", ".b", "c")
    drafting = (await a_report(group)).sections[0]

    parent = await group.secretariat.delete(f"/sections/{ids['a']}", status=409)
    in_drafting = await group.secretariat.delete(f"/sections/{drafting}", status=409)
    await group.secretariat.delete(f"/sections/{ids['b']}")
    await group.secretariat.delete(f"/sections/{ids['a']}")

    assert "sections below this one" in parent["detail"]
    assert "only one that is outlined and empty" in in_drafting["detail"]
    assert await drawn(group, report_id) == ["c"]
    await group.secretariat.delete(f"/sections/{ids['a']}", status=404)
    remaining = await group.member.get(f"/sections/{ids['c']}")
    assert (remaining["position"], remaining["number"]) == (0, "I.")


async def test_a_section_is_assigned_to_a_subgroup_of_its_own_group(
    house: House, group: Group
) -> None:
    _, ids = await an_outline(group, "a")
    path = f"/sections/{ids['a']}"
    other = await a_working_group(house, "Other Group")
    in_both = {"name": "x", "email": group.secretariat.email}
    await other.secretariat.post(f"/working-groups/{other.id}/members", in_both)

    assigned = await group.secretariat.patch(path, {"subgroup_id": str(group.access)})
    renamed = await group.secretariat.patch(path, {"title": "A"})
    foreign = await group.secretariat.patch(path, {"subgroup_id": str(other.access)}, status=422)
    await group.secretariat.patch(path, {"subgroup_id": NOWHERE}, status=404)
    freed = await group.secretariat.patch(path, {"subgroup_id": None})

    assert assigned["subgroup"] == {"id": str(group.access), "name": "Access"}
    assert renamed["subgroup"] == assigned["subgroup"]
    assert foreign["detail"] == "This subgroup belongs to another working group."
    assert freed["subgroup"] is None


async def test_a_section_that_is_being_drafted_keeps_a_subgroup(group: Group) -> None:
    section = (await a_report(group)).sections[0]

    refused = await group.secretariat.patch(
        f"/sections/{section}", {"subgroup_id": None}, status=409
    )

    assert refused["detail"] == "This section is in drafting, so it needs a subgroup."
    await group.secretariat.patch(f"/sections/{section}", {"subgroup_id": str(group.security)})
    assert (await group.other_member.get(f"/sections/{section}"))["may"]["write"] is True
    assert (await group.member.get(f"/sections/{section}"))["may"]["write"] is False


async def test_a_section_that_was_read_keeps_its_title(group: Group) -> None:
    section = (await a_report(group, state="read")).sections[0]

    refused = await group.secretariat.patch(f"/sections/{section}", {"title": "x"}, status=409)

    assert "its title stays" in refused["detail"]


async def test_a_section_tells_each_reader_what_they_may_do(group: Group) -> None:
    path = f"/sections/{(await a_report(group)).sections[0]}"

    may = {part: (await person.get(path))["may"] for part, person in seated(group).items()}

    assert [part for part in may if may[part]["write"]] == ["secretariat", "convenor", "member"]
    assert [part for part in may if may[part]["edit_outline"]] == ["secretariat"]
    assert {part: one["edges"] for part, one in may.items() if one["edges"]} == {
        "secretariat": ["subgroup_review"],
        "convenor": ["subgroup_review"],
    }
    assert may["chair"]["why_not_write"] == (
        "Only the subgroup that drafts this section may write in it."
    )
    assert may["member"]["why_not_write"] == ""


def seated(group: Group) -> dict[str, Any]:
    names = ("chair", "secretariat", "convenor", "member", "other_convenor", "observer")
    return {name: getattr(group, name) for name in names}


async def test_sections_made_at_once_take_places_of_their_own(group: Group) -> None:
    report_id, _ = await an_outline(group, "a")
    asked = [{"title": str(number), "position": 0} for number in range(6)]

    answers = await asyncio.gather(
        *(group.secretariat.send("POST", f"/reports/{report_id}/sections", one) for one in asked)
    )

    for answer in answers:
        told(answer, 201)
    sections = (await group.member.get(f"/reports/{report_id}"))["sections"]
    assert [one["position"] for one in sections] == list(range(7))
    assert sections[-1]["title"] == "a"


async def test_moves_at_once_leave_one_outline(group: Group) -> None:
    report_id, ids = await an_outline(group, "a", "b", "c", "d")
    pairs = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")]

    answers = await asyncio.gather(
        *(
            group.secretariat.send("POST", f"/sections/{ids[one]}/move", {"parent_id": ids[other]})
            for one, other in pairs
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 409]
    assert len(await drawn(group, report_id)) == 4


async def test_every_change_of_the_outline_is_told_to_the_screens(group: Group) -> None:
    from tests.accounts.test_working_groups import version

    report_id, ids = await an_outline(group, "a", "b")
    before = await version(group, UUID(report_id))

    await group.secretariat.patch(f"/sections/{ids['a']}", {"title": "A"})
    await group.secretariat.post(f"/sections/{ids['b']}/move", {"parent_id": ids["a"]}, status=200)
    await group.secretariat.delete(f"/sections/{ids['b']}")

    assert await version(group, UUID(report_id)) == before + 3
