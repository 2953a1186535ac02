"""The same acceptance on every way of running it: people of different workers work together."""

import asyncio
import json
from typing import Any

import pytest

from app.text.from_crdt import body_of
from tests.house.builders import Group, a_report
from tests.house.live import LiveText
from tests.house.texts import paragraph_id, read_text, words_of
from tests.plenary.hall import Hall, a_hall
from tests.workers.site import Site

pytestmark = pytest.mark.slow


def on_floor(picture: dict[str, Any]) -> str:
    runs = [run for block in picture["blocks"] if block["on_floor"] for run in block["runs"]]
    return "".join(run.get("text", "") for run in runs)


def names(text: LiveText) -> set[str]:
    return {state["user"]["name"] for state in text.people.values()}


async def pen_to_the_secretariat(hall: Hall) -> None:
    pen = {"member_id": str(hall.group.secretariat.id)}
    await hall.group.secretariat.put(f"/meetings/{hall.meeting}/pen", pen)


async def test_two_people_write_into_one_section_at_the_same_time(
    site: Site, site_group: Group
) -> None:
    [section] = (await a_report(site_group)).sections
    mine = await (await site.device(site.here)).open(section, site_group.member.api_token)
    theirs = await (await site.device(site.there)).open(section, site_group.convenor.api_token)

    for number in range(10):
        mine.types(f"m{number} ")
        theirs.types(f"t{number} ", at=0)
    await mine.saved()
    await theirs.saved()

    def is_whole(text: LiveText) -> bool:
        return sorted(text.words.split()) == sorted(f"{w}{n}" for w in "mt" for n in range(10))

    await mine.until(is_whole)
    await theirs.until(is_whole)
    assert mine.words == theirs.words
    assert site.database is not None
    assert words_of(await read_text(site.database, section)) == [mine.words]


async def test_what_was_agreed_by_one_worker_cannot_be_changed_by_another(
    site: Site, site_group: Group
) -> None:
    hall = await a_hall(site_group)
    await pen_to_the_secretariat(hall)
    pen = await (await site.device(site.there)).open(hall.section, site_group.secretariat.api_token)
    reader = await (await site.device(site.here)).open(hall.section, site_group.chair.api_token)
    await hall.put("three")

    await hall.decide("agree", "three")
    pen.types("!")
    await pen.until(lambda text: text.closed is not None, "a refusal")

    assert "agreed" in (pen.closed or "")
    assert not reader.words.endswith("!")
    assert site.database is not None
    assert words_of(await read_text(site.database, hall.section))[-1] == "Business should help."


async def test_a_screen_of_one_worker_shows_floor_gavel_and_pen_of_another(
    site: Site, site_group: Group
) -> None:
    hall = await a_hall(site_group)
    await pen_to_the_secretariat(hall)
    made = await hall.chair.post(f"/meetings/{hall.meeting}/screens", {"label": "Hall"})
    screen = await site.screen(site.there, made["token"])
    pen = await (await site.device(site.here)).open(hall.section, site_group.secretariat.api_token)

    call = {"section_id": str(hall.section), "paragraph_id": paragraph_id("three")}
    put = await site.here.ask(hall.chair, "PUT", f"/meetings/{hall.meeting}/floor", call)
    await screen.until(lambda picture: picture["floor"])
    pen.types(" A lot.", at=len(body_of(pen.doc)))
    await screen.until(lambda picture: on_floor(picture) == "Business should help. A lot.")
    await hall.decide("agree", "three")
    shown = await screen.until(lambda picture: picture["floor"]["status"] == "agreed")

    assert put.status_code == 200
    assert shown["counts"]["agreed"] == 1


async def test_the_view_of_another_worker_holds_what_was_just_written(
    site: Site, site_group: Group
) -> None:
    hall = await a_hall(site_group)
    await pen_to_the_secretariat(hall)
    report = f"report:{hall.report}"
    channel = (await site.device(site.there)).text(report)
    channel.signs_in(site_group.observer.api_token)
    reader = await (await site.device(site.there)).open(hall.section, site_group.chair.api_token)
    pen = await (await site.device(site.here)).open(hall.section, site_group.secretariat.api_token)

    pen.types(" And this.")
    await pen.saved()
    answer = await site.there.ask(site_group.chair, "GET", f"/reports/{hall.report}/view")

    def head_of(view: dict[str, Any]) -> int:
        return int(view["sections"][0]["head_seq"])

    def is_shown(text: LiveText) -> bool:
        views = [notice["view"] for notice in text.notices if notice["type"] == "view"]
        return any(view and head_of(view) == 2 for view in views)

    assert head_of(answer.json()) == 2
    await channel.until(is_shown, "the view")
    await reader.until(lambda text: text.words.endswith("And this."))


async def test_who_loses_the_place_at_one_worker_writes_no_more_at_another(
    site: Site, site_group: Group
) -> None:
    [section] = (await a_report(site_group)).sections
    mine = await (await site.device(site.there)).open(section, site_group.member.api_token)
    theirs = await (await site.device(site.there)).open(section, site_group.convenor.api_token)
    mine.types("Before.")
    await theirs.shows("Before.")

    path = f"/subgroups/{site_group.access}/members/{site_group.member.id}"
    left = await site.here.ask(site_group.secretariat, "DELETE", path)
    mine.types("After.")
    await mine.until(lambda text: text.closed is not None or 0 in text.statuses, "a refusal")
    theirs.types(" Theirs.")
    await theirs.saved()

    assert left.status_code == 204
    assert theirs.words == "Before. Theirs."


async def test_signing_out_at_one_worker_closes_the_text_at_another(
    site: Site, site_group: Group
) -> None:
    [section] = (await a_report(site_group)).sections
    device = await site.device(site.there, site_group.member)
    mine = await device.open(section, "")

    ended = await site.here.ask(site_group.member, "DELETE", "/sign-ins/current")

    await mine.until(lambda text: text.closed is not None or text.device.close_code, "a close")
    assert ended.status_code == 204
    assert (await site.there.ask(site_group.member, "GET", "/me")).status_code == 401


async def test_carets_and_who_is_where_are_seen_from_another_worker(
    site: Site, site_group: Group
) -> None:
    if not site.tells_who_is_where:
        return
    built = await a_report(site_group)
    [section] = built.sections
    channel = (await site.device(site.there)).text(f"report:{built.id}")
    channel.signs_in(site_group.observer.api_token)
    mine = await (await site.device(site.here)).open(section, site_group.member.api_token)
    theirs = await (await site.device(site.there)).open(section, site_group.convenor.api_token)
    both = {site_group.member.name, site_group.convenor.name}

    def is_shown(text: LiveText) -> bool:
        told = [n["sections"] for n in text.notices if n["type"] == "presence"]
        return bool(told) and {p["name"] for p in told[-1].get(str(section), [])} == both

    await channel.until(is_shown, "who is where")
    for text in (mine, theirs):
        await text.until(lambda text: names(text) == both, "carets")
    mine.shows_itself(json.dumps({"cursor": {"head": 7}}))
    await theirs.until(
        lambda text: text.people.get(mine.doc.client_id, {}).get("cursor") == {"head": 7}
    )
    desk = await site.there.ask(site_group.chair, "GET", f"/reports/{built.id}/desk")
    await mine.device.hang_up()
    await theirs.until(lambda text: names(text) == {site_group.convenor.name}, "a farewell")
    assert {one["name"] for one in desk.json()["present"][str(section)]} == both


async def test_guessing_is_counted_by_all_workers_together(site: Site, site_group: Group) -> None:
    guess = {"email": site_group.member.email, "password": "guess"}

    answers = await asyncio.gather(
        *(
            door.ask(site_group.nobody, "POST", "/sign-ins", guess)
            for door in [site.here, site.there] * 6
        )
    )

    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 2
