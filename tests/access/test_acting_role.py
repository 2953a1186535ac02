"""Somebody with several roles acts in one of them, over HTTP."""

from typing import Any

import pytest

from app.access.actor import Role
from app.access.load import Standing
from app.access.text import decide_text_right
from app.db.tables import Section
from app.ids import new_id
from tests.house.builders import Group, a_report

OWN, OTHER = new_id(), new_id()
STATES = (
    "outlined",
    "drafting",
    "subgroup_review",
    "signed_off",
    "consolidated",
    "in_reading",
    "read",
)


async def make_everything(group: Group) -> None:
    """Give the chair all roles at once."""
    seat = f"/working-groups/{group.id}/members/{group.chair.id}"
    roles = ["chair", "secretariat", "member", "observer"]
    await group.secretariat.patch(seat, {"roles": roles})


async def rename(group: Group, report: Any, role: str | None) -> Any:
    return await group.chair.send("PATCH", f"/reports/{report.id}", {"title": "x"}, role=role)


async def test_without_a_choice_the_role_that_has_the_right_acts(group: Group) -> None:
    report = await a_report(group)
    await make_everything(group)

    assert (await rename(group, report, None)).status_code == 200


@pytest.mark.parametrize("role", ["chair", "member", "observer", "convenor"])
async def test_a_chosen_role_has_no_more_than_its_own_rights(group: Group, role: str) -> None:
    report = await a_report(group)
    await make_everything(group)

    refused = await rename(group, report, role)

    assert refused.status_code == 403
    assert refused.json()["detail"] == "Only the secretariat may change the outline."
    assert (await rename(group, report, "secretariat")).status_code == 200


async def test_what_one_may_do_is_told_for_the_chosen_role(group: Group) -> None:
    section = (await a_report(group)).sections[0]
    await make_everything(group)

    as_member = await group.chair.send("GET", f"/sections/{section}", role="member")
    as_secretariat = await group.chair.send("GET", f"/sections/{section}", role="secretariat")

    assert as_member.json()["may"]["edges"] == []
    assert as_member.json()["may"]["write"] is False
    assert as_secretariat.json()["may"]["edges"] == ["subgroup_review"]
    assert as_secretariat.json()["may"]["write"] is True


PEOPLE = {
    "convenor": Standing(
        frozenset({Role.CONVENOR, Role.MEMBER}), frozenset({OWN}), frozenset({OWN})
    ),
    "member": Standing(frozenset({Role.MEMBER}), frozenset({OWN}), frozenset()),
    "foreign convenor": Standing(
        frozenset({Role.CONVENOR, Role.MEMBER}), frozenset({OTHER}), frozenset({OTHER})
    ),
    "secretariat": Standing(frozenset({Role.SECRETARIAT}), frozenset(), frozenset()),
    "chair": Standing(frozenset({Role.CHAIR}), frozenset(), frozenset()),
    "observer": Standing(frozenset({Role.OBSERVER}), frozenset({OWN}), frozenset()),
}
WRITERS = {
    "drafting": {"convenor", "member", "secretariat"},
    "subgroup_review": {"convenor"},
    "consolidated": {"secretariat"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", PEOPLE)
def test_each_state_has_its_writers_and_its_sentence(state: str, part: str) -> None:
    section = Section(state=state, subgroup_id=OWN)

    right = decide_text_right(section, PEOPLE[part], False, None)

    assert right.may_write is (part in WRITERS.get(state, set()))
    assert right.reason == "" if right.may_write else right.reason.endswith(".")


@pytest.mark.parametrize("part", PEOPLE)
def test_in_reading_the_pen_writes_whoever_holds_it_but_an_observer(part: str) -> None:
    section = Section(state="in_reading", subgroup_id=OWN)

    assert decide_text_right(section, PEOPLE[part], True, None).may_write is (part != "observer")
    assert decide_text_right(section, PEOPLE[part], False, None).may_write is False
