"""Meetings over HTTP: one at a time, their clock, and who holds the pen."""

from datetime import timedelta

from app import clock
from tests.house.builders import Group, a_report
from tests.plenary.hall import a_hall

NEW = {"title": "Fourth meeting", "reading": 1, "planned_minutes": 60}


async def test_one_meeting_is_open_at_a_time(group: Group) -> None:
    hall = await a_hall(group)
    path = f"/reports/{hall.report}/meetings"

    refusal = await group.chair.post(path, NEW, status=409)
    await group.chair.post(f"/meetings/{hall.meeting}/state", {"to": "closed"}, status=200)
    await group.chair.post(path, NEW)

    assert "already going on" in refusal["detail"]
    assert [one["state"] for one in await group.member.get(path)] == ["open", "closed"]


async def test_only_the_chair_opens_a_meeting(group: Group) -> None:
    report = await a_report(group)
    path = f"/reports/{report.id}/meetings"

    for person in (group.secretariat, group.convenor, group.member, group.observer):
        await person.post(path, NEW, status=403)
    await group.outsider.post(path, NEW, status=404)


async def test_the_clock_stands_still_while_the_meeting_is_suspended(group: Group) -> None:
    start = clock.now()
    clock.set_now(start)
    hall = await a_hall(group)
    path = f"/meetings/{hall.meeting}/state"

    clock.set_now(start + timedelta(minutes=10))
    await group.chair.post(path, {"to": "suspended"}, status=200)
    clock.set_now(start + timedelta(minutes=40))
    await group.chair.post(path, {"to": "open"}, status=200)
    clock.set_now(start + timedelta(minutes=45))

    assert (await hall.view())["meeting"]["used_s"] == 15 * 60


async def test_nothing_is_decided_while_the_meeting_is_suspended(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    await group.chair.post(f"/meetings/{hall.meeting}/state", {"to": "suspended"}, status=200)

    refusal = await hall.decide("agree", "one", status=409)

    assert refusal["detail"] == "The meeting is suspended. Resume it first."


async def test_the_secretariat_takes_a_free_pen_and_the_chair_hands_it_on(group: Group) -> None:
    hall = await a_hall(group)
    path = f"/meetings/{hall.meeting}/pen"
    mine = {"member_id": str(group.secretariat.id)}

    await group.secretariat.put(path, mine)
    await group.chair.put(path, {"member_id": str(group.convenor.id)})
    refusal = await group.secretariat.put(path, mine, status=409)

    assert refusal["detail"] == f"{group.convenor.name} holds the pen. Ask the chair for it."
    assert (await hall.view())["meeting"]["pen"]["name"] == group.convenor.name


async def test_whoever_holds_the_pen_may_lay_it_down(group: Group) -> None:
    hall = await a_hall(group)
    path = f"/meetings/{hall.meeting}/pen"
    await group.chair.put(path, {"member_id": str(group.convenor.id)})

    await group.convenor.put(path, {"member_id": None})

    assert (await hall.view())["meeting"]["pen"] is None


async def test_members_do_not_take_the_pen_and_observers_never_hold_it(group: Group) -> None:
    hall = await a_hall(group)
    path = f"/meetings/{hall.meeting}/pen"

    await group.member.put(path, {"member_id": str(group.member.id)}, status=403)
    await group.chair.put(path, {"member_id": str(group.observer.id)}, status=409)
    await group.chair.put(path, {"member_id": str(group.outsider.id)}, status=422)


async def test_the_pen_gives_the_text_and_losing_it_takes_it(group: Group) -> None:
    hall = await a_hall(group)
    path = f"/meetings/{hall.meeting}/pen"

    async def may_write() -> bool:
        section = await group.convenor.get(f"/sections/{hall.section}")
        return bool(section["may"]["write"])

    assert not await may_write()
    await group.chair.put(path, {"member_id": str(group.convenor.id)})
    assert await may_write()
    await group.chair.put(path, {"member_id": None})
    assert not await may_write()


async def test_closing_clears_floor_and_pen(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")

    await group.chair.post(f"/meetings/{hall.meeting}/state", {"to": "closed"}, status=200)

    meeting = await group.chair.get(f"/meetings/{hall.meeting}")
    assert (meeting["state"], meeting["pen"]) == ("closed", None)
    assert (await hall.view())["meeting"] is None
