"""Who is here, as the server tells it; and the report's channel."""

import json
from typing import Any

import pytest
from fastapi import FastAPI

from app.ids import ReportId, SectionId
from app.rooms import frames
from app.rooms.frames import AwarenessEntry, Kind, Sync
from app.rooms.presence import colour_of
from tests.house.builders import BuiltReport, Group
from tests.house.live import LiveText
from tests.rooms.conftest import OpenDevice


def names(text: LiveText) -> set[str]:
    return {state["user"]["name"] for state in text.people.values()}


async def test_everybody_is_seen_by_everybody_and_by_themselves(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    theirs = await (await device()).open(section, group.observer.api_token)

    for text in (mine, theirs):
        await text.until(lambda text: names(text) == {group.member.name, group.observer.name})


async def test_who_it_is_comes_from_the_server(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)

    mine.shows_itself(
        json.dumps(
            {"user": {"name": "The Chair", "color": "red"}, "cursor": {"head": 1}, "evil": "x"}
        )
    )
    await mine.until(lambda text: "cursor" in text.people.get(text.doc.client_id, {}))

    shown = mine.people[mine.doc.client_id]
    colour = colour_of(group.member.id)
    assert shown["user"] == {
        "member_id": str(group.member.id),
        "name": group.member.name,
        "colour": colour,
        "color": colour,
    }
    assert set(shown) == {"user", "cursor"}


async def test_who_hangs_up_is_gone_for_the_others(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    mine = await (await device()).open(section, group.member.api_token)
    theirs = await (await device()).open(section, group.observer.api_token)
    await mine.until(lambda text: len(text.people) == 2)

    await theirs.device.hang_up()

    await mine.until(lambda text: names(text) == {group.member.name})


async def test_who_comes_back_under_the_same_id_is_seen_again(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    watcher = await (await device()).open(section, group.convenor.api_token)
    first = await (await device()).open(section, group.member.api_token, 77)
    await watcher.until(lambda text: 77 in text.people)
    await first.device.hang_up()
    await watcher.until(lambda text: 77 not in text.people)

    await (await device()).open(section, group.member.api_token, 77)

    await watcher.until(lambda text: 77 in text.people)


async def test_nobody_speaks_for_somebody_else(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    victim = await (await device()).open(section, group.convenor.api_token, 77)
    thief = await (await device()).open(section, group.member.api_token, 78)
    await thief.until(lambda text: len(text.people) == 2)

    entries = [AwarenessEntry(77, 10**9, "null"), AwarenessEntry(79, 1, '{"cursor":1}')]
    thief.sends(Kind.AWARENESS, body=frames.encode_awareness(entries))
    await thief.until(lambda text: 79 in text.people)

    assert names(thief) == {group.convenor.name, group.member.name}
    assert 77 in victim.people
    assert 78 not in thief.people


@pytest.mark.parametrize(
    "state",
    ["{", '{"cursor":NaN}', "[]", '"name"', json.dumps({"cursor": "x" * 3000}), "[" * 9000],
    ids=["broken", "nan", "list", "text", "large", "deep"],
)
async def test_what_no_client_shows_of_itself_costs_the_connection(
    group: Group, section: SectionId, device: OpenDevice, state: str
) -> None:
    socket = await device()
    text = await socket.open(section, group.member.api_token)

    text.shows_itself(state)

    assert await socket.closed() == 1008


async def test_naming_more_people_than_there_can_be_costs_the_connection(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    socket = await device()
    text = await socket.open(section, group.member.api_token)
    entries = [AwarenessEntry(n, 0, "null") for n in range(frames.MAX_PEOPLE + 1)]

    text.sends(Kind.AWARENESS, body=frames.encode_awareness(entries))

    assert await socket.closed() == 1008


async def test_who_asks_is_told_who_is_here(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    await (await device()).open(section, group.convenor.api_token, 77)
    asker = (await device()).text(str(section))
    asker.signs_in(group.member.api_token)

    asker.sends(Kind.QUERY_AWARENESS)

    await asker.until(lambda text: 77 in text.people)


async def test_the_desk_knows_who_is_in_which_section(
    group: Group, report: BuiltReport, device: OpenDevice, app: FastAPI
) -> None:
    mine = await (await device()).open(report.sections[1], group.member.api_token)
    await mine.until(lambda text: text.people)

    rooms = app.state.services.rooms
    expected = {
        "member_id": str(group.member.id),
        "name": group.member.name,
        "colour": colour_of(group.member.id),
    }
    assert rooms.present(report.id) == {str(report.sections[1]): [expected]}
    assert rooms.present([report.sections[1]]) == {str(report.sections[1]): [expected]}
    assert rooms.present([report.sections[0]]) == {}


async def open_channel(device: OpenDevice, report: BuiltReport, token: str) -> LiveText:
    return await (await device()).open(f"report:{report.id}", token)


async def test_the_channel_tells_who_is_where(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    channel = await open_channel(device, report, group.observer.api_token)

    await (await device()).open(report.sections[0], group.member.api_token)

    section = str(report.sections[0])
    await channel.until(
        lambda text: (
            text.notices
            and text.notices[-1]["type"] == "presence"
            and [one["name"] for one in text.notices[-1]["sections"].get(section, [])]
            == [group.member.name]
        )
    )


async def test_the_channel_carries_the_view_whole_and_anew_after_each_change(
    group: Group, report: BuiltReport, device: OpenDevice, app: FastAPI
) -> None:
    services = app.state.services

    async def build(report_id: ReportId) -> dict[str, Any]:
        built.append(1)
        return {"version": len(built), "report_id": str(report_id)}

    built: list[int] = []
    services.rooms.set_view(build)
    channel = await open_channel(device, report, group.observer.api_token)
    await channel.until(lambda text: views(text))
    seen = len(views(channel))

    async with services.database.write() as work:
        await work.touch_report(report.id)

    await channel.until(lambda text: len(views(text)) > seen)
    assert views(channel)[-1]["report_id"] == str(report.id)
    versions = [view["version"] for view in views(channel)]
    assert versions == sorted(versions)


def views(text: LiveText) -> list[dict[str, Any]]:
    return [notice["view"] for notice in text.notices if notice["type"] == "view"]


async def test_typing_counts_as_a_change_of_the_report(
    group: Group, report: BuiltReport, device: OpenDevice, app: FastAPI
) -> None:
    async def build(report_id: ReportId) -> dict[str, Any]:
        head = await app.state.services.rooms.read_head(report.sections[0])
        return {"version": head.seq, "seq": head.seq}

    app.state.services.rooms.set_view(build)
    channel = await open_channel(device, report, group.observer.api_token)
    mine = await (await device()).open(report.sections[0], group.member.api_token)

    mine.types("words")

    await channel.until(lambda text: views(text) and views(text)[-1]["seq"] >= 1)


async def test_a_panic_over_a_view_does_not_end_the_watch(
    report: BuiltReport, group: Group, device: OpenDevice, app: FastAPI
) -> None:
    class Panic(BaseException):
        pass

    panics = [Panic("as the library does")]

    async def build(_: ReportId) -> dict[str, Any]:
        if panics:
            raise panics.pop()
        return {"version": 1}

    app.state.services.rooms.set_view(build)
    channel = await open_channel(device, report, group.observer.api_token)

    await channel.until(lambda text: bool(views(text)))


async def test_nobody_writes_into_the_channel(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    channel = await open_channel(device, report, group.secretariat.api_token)

    channel.sends_update(bytes.fromhex("0101070004010174014100"))
    channel.sends(Kind.SYNC, Sync.STEP2, b"\x00\x00")
    await channel.until(lambda text: len(text.statuses) >= 3)

    assert channel.scope == "readonly"
    assert channel.statuses == [1, 0, 1]


async def test_the_channel_is_closed_to_who_has_no_seat(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    assert (await open_channel(device, report, group.outsider.api_token)).denied
