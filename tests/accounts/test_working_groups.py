"""Working groups, their members and subgroups, over HTTP."""

import httpx
import pytest

from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.people import API, Person, told

SEAT = {
    "stakeholder_group": "government",
    "country": "Tunisia",
    "personal_capacity": False,
    "roles": ["member", "chair"],
}


async def version(group: Group, report_id: object) -> int:
    from app.db.tables import ChangeCounter

    async with group.house.database.read() as session:
        counter = await session.get_one(ChangeCounter, report_id)
        return counter.version


async def signed_in_by(link: str, client: httpx.AsyncClient) -> Person:
    token = link.rpartition("/")[2]
    me = told(await client.post(f"{API}/sign-ins/by-link", json={"token": token}), 201)
    return Person(me["name"], client, id=me["id"])


async def test_a_new_group_belongs_to_its_secretariat_and_not_to_who_made_it(
    house: House, group: Group, client: httpx.AsyncClient
) -> None:
    asked = {"name": "WGIG", "secretariat": {"name": "Ada", "email": "Ada@Example.org"}}

    made = await group.administrator.post("/working-groups", asked)

    await group.administrator.get(f"/working-groups/{made['id']}", status=404)
    ada = await signed_in_by(made["link"], client)
    (seat,) = (await ada.get("/me"))["seats"]
    assert seat["working_group"] == {"id": made["id"], "name": "WGIG"}
    assert seat["roles"] == ["secretariat"]


async def test_only_the_system_administrator_makes_groups(group: Group) -> None:
    refused = await group.secretariat.post("/working-groups", {"name": "WGIG"}, status=403)

    assert refused["detail"] == "Only the system administrator may create a working group."


async def test_an_invited_person_signs_in_by_the_link_with_the_seat_given(
    group: Group, client: httpx.AsyncClient
) -> None:
    asked = {"name": "Bob", "email": "BOB@example.org", **SEAT}

    invitation = await group.secretariat.post(f"/working-groups/{group.id}/members", asked)

    assert invitation["member"]["email"] == "bob@example.org"
    assert invitation["member"]["roles"] == ["chair", "member"]
    bob = await signed_in_by(invitation["link"], client)
    (seat,) = (await bob.get("/me"))["seats"]
    assert seat["country"] == "Tunisia"
    assert seat["personal_capacity"] is False


async def test_whoever_is_known_already_gets_the_seat_but_no_link(group: Group) -> None:
    asked = {"name": "Other", "email": group.outsider.email}

    invitation = await group.secretariat.post(f"/working-groups/{group.id}/members", asked)

    assert invitation["link"] is None
    assert invitation["member"]["name"] == group.outsider.name
    await group.outsider.get(f"/working-groups/{group.id}")


async def test_addresses_are_for_whoever_looks_after_people_and_for_oneself(group: Group) -> None:
    path = f"/working-groups/{group.id}/members"

    for_office = await group.secretariat.get(path)
    for_member = await group.member.get(path)

    assert all(one["email"] for one in for_office)
    assert [one["email"] for one in for_member if one["email"]] == [group.member.email]
    assert [one["id"] for one in for_member] == [one["id"] for one in for_office]


async def test_nobody_gets_two_seats_in_one_group(group: Group) -> None:
    asked = {"name": "Again", "email": group.member.email}

    refused = await group.secretariat.post(f"/working-groups/{group.id}/members", asked, status=409)

    assert "has a seat in this working group already" in refused["detail"]


async def test_a_secretariat_cannot_make_a_link_for_somebody_of_another_group(
    house: House, group: Group
) -> None:
    other = await a_working_group(house, "Other Group")
    asked = {"name": "x", "email": other.chair.email}
    await group.secretariat.post(f"/working-groups/{group.id}/members", asked)
    seat = f"/working-groups/{group.id}/members/{other.chair.id}"

    link = await group.secretariat.post(f"{seat}/links", status=409)
    renamed = await group.secretariat.patch(seat, {"name": "Mallory"}, status=409)

    assert "also has a seat in another working group" in link["detail"]
    assert "also has a seat in another working group" in renamed["detail"]


async def test_a_link_for_a_member_of_this_group_only_works(
    group: Group, client: httpx.AsyncClient
) -> None:
    made = await group.secretariat.post(
        f"/working-groups/{group.id}/members/{group.member.id}/links"
    )

    assert (await signed_in_by(made["link"], client)).id == str(group.member.id)


async def test_a_removed_member_sees_nothing_from_then_on(group: Group) -> None:
    report = await a_report(group)
    before = await version(group, report.id)

    await group.secretariat.delete(f"/working-groups/{group.id}/members/{group.member.id}")

    await group.member.get(f"/working-groups/{group.id}", status=404)
    assert (await group.member.get("/me"))["seats"] == []
    assert await version(group, report.id) == before + 1
    subgroups = await group.chair.get(f"/working-groups/{group.id}/subgroups")
    assert str(group.member.id) not in str(subgroups)


async def test_a_role_taken_away_is_gone_at_once(group: Group) -> None:
    report = await a_report(group)
    before = await version(group, report.id)
    seat = f"/working-groups/{group.id}/members/{group.convenor.id}"

    changed = await group.secretariat.patch(seat, {"roles": ["observer"]})

    assert changed["roles"] == ["observer"]
    assert changed["subgroups"] == []
    assert await version(group, report.id) == before + 1


async def test_what_is_left_out_of_a_change_stays(group: Group) -> None:
    seat = f"/working-groups/{group.id}/members/{group.convenor.id}"

    changed = await group.secretariat.patch(seat, {"country": "Chile", "name": "Renamed"})

    assert changed["country"] == "Chile"
    assert changed["name"] == "Renamed"
    assert changed["roles"] == ["convenor", "member"]
    assert changed["stakeholder_group"] == "civil_society"


@pytest.mark.parametrize("way", ["remove", "demote"])
async def test_a_group_keeps_a_secretariat(group: Group, way: str) -> None:
    seat = f"/working-groups/{group.id}/members/{group.secretariat.id}"

    if way == "remove":
        refused = await group.secretariat.delete(seat, status=409)
    else:
        refused = await group.secretariat.patch(seat, {"roles": ["member"]}, status=409)

    assert "needs somebody in its secretariat" in refused["detail"]
    await group.secretariat.patch(seat, {"roles": ["member", "secretariat"]})


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"roles": []}, "at least 1 item"),
        ({"roles": ["convenor"]}, "'observer'"),
        ({"stakeholder_group": "royalty"}, "'government'"),
        ({"name": ""}, "at least 1 character"),
        ({"name": "a\x00b"}, "Control characters are not allowed here: name."),
        ({"surname": "x"}, "Extra inputs are not permitted: surname."),
    ],
)
async def test_a_seat_that_makes_no_sense_is_refused_in_words(
    group: Group, body: dict[str, object], sentence: str
) -> None:
    seat = f"/working-groups/{group.id}/members/{group.member.id}"

    refused = await group.secretariat.patch(seat, body, status=422)

    assert sentence in refused["detail"]


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.org", "x" * 400])
async def test_an_address_that_is_none_is_refused(group: Group, email: str) -> None:
    asked = {"name": "Bob", "email": email}

    refused = await group.secretariat.post(f"/working-groups/{group.id}/members", asked, status=422)

    assert refused["detail"].endswith("email.")


async def test_subgroups_are_made_renamed_and_dissolved(group: Group) -> None:
    path = f"/working-groups/{group.id}/subgroups"
    made = await group.secretariat.post(path, {"name": "Interconnection"})
    place = f"/subgroups/{made['id']}/members/{group.member.id}"

    placed = await group.secretariat.put(place, {"convenor": True})
    renamed = await group.secretariat.patch(f"/subgroups/{made['id']}", {"name": "Costs"})
    names = [one["name"] for one in await group.observer.get(path)]
    await group.secretariat.delete(f"/subgroups/{made['id']}")

    assert [one["convenor"] for one in placed["members"]] == [True]
    assert renamed["name"] == "Costs"
    assert names == ["Access", "Costs", "Security"]
    assert [one["name"] for one in await group.observer.get(path)] == ["Access", "Security"]


async def test_a_subgroup_with_a_section_cannot_be_dissolved(group: Group) -> None:
    await a_report(group, ["The digital divide"])

    refused = await group.secretariat.delete(f"/subgroups/{group.access}", status=409)

    assert refused["detail"] == "Access still has sections: “The digital divide”."


async def test_two_subgroups_cannot_share_a_name(group: Group) -> None:
    path = f"/working-groups/{group.id}/subgroups"

    made = await group.secretariat.post(path, {"name": "access"}, status=409)
    renamed = await group.secretariat.patch(
        f"/subgroups/{group.security}", {"name": "ACCESS"}, status=409
    )

    assert "already" in made["detail"]
    assert "already" in renamed["detail"]
    await group.secretariat.patch(f"/subgroups/{group.access}", {"name": "ACCESS"})


async def test_an_observer_and_a_stranger_cannot_sit_in_a_subgroup(group: Group) -> None:
    places = f"/subgroups/{group.access}/members"

    observer = await group.secretariat.put(f"{places}/{group.observer.id}", {}, status=409)
    await group.secretariat.put(f"{places}/{group.outsider.id}", {}, status=404)
    await group.secretariat.delete(f"{places}/{group.chair.id}", status=404)

    assert observer["detail"] == "An observer cannot sit in a subgroup."


async def test_a_new_convenor_leads_and_a_former_one_does_not(group: Group) -> None:
    places = f"/subgroups/{group.access}/members"

    await group.secretariat.put(f"{places}/{group.member.id}", {"convenor": True})
    await group.secretariat.put(f"{places}/{group.convenor.id}", {"convenor": False})

    (seat,) = (await group.member.get("/me"))["seats"]
    assert seat["roles"] == ["convenor", "member"]
    (seat,) = (await group.convenor.get("/me"))["seats"]
    assert seat["roles"] == ["member"]
    await group.secretariat.delete(f"{places}/{group.convenor.id}")
    (seat,) = (await group.convenor.get("/me"))["seats"]
    assert seat["subgroups"] == []
