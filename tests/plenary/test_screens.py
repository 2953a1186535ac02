"""The hall screen: it follows the floor and the text, and shows nothing else to anybody."""

import asyncio
from collections.abc import Collection
from contextlib import aclosing
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.db.tables import Section
from app.ids import SectionId, new_id
from app.main import create_app
from app.plenary.hall.feed import ScreenFeed
from app.rooms.connections.limits import Census, TooManySockets
from app.rooms.keeping.damage import Damage
from app.rooms.registry import HeadText, RoomRegistry
from app.settings import Settings
from app.text.from_crdt import body_of
from tests.house.builders import Group
from tests.house.live import a_socket, served
from tests.house.servers import ANSWER_S
from tests.house.texts import paragraph_id
from tests.plenary.conftest import OpenDevice, OpenScreen, Screen
from tests.plenary.hall import Hall


async def token_of(hall: Hall) -> str:
    """Open a hall screen and return its token."""
    made = await hall.chair.post(f"/meetings/{hall.meeting}/screens", {"label": "Hall A"})
    return str(made["token"])


def floor_text(picture: dict[str, Any]) -> str:
    """Return what stands in the paragraph on the floor."""
    runs = [run for block in picture["blocks"] if block["on_floor"] for run in block["runs"]]
    return "".join(run.get("text", "") for run in runs)


async def test_the_screen_follows_the_floor_and_the_gavel(hall: Hall, show: OpenScreen) -> None:
    screen = await show(await token_of(hall))
    first = await screen.picture()
    assert (first["floor"], first["section"]["is_damaged"]) == (None, False)

    await hall.put("twob")
    shown = await screen.until(lambda picture: picture["floor"])
    await hall.decide("agree", "twob")
    agreed = await screen.until(lambda picture: picture["floor"]["status"] == "agreed")

    assert shown["floor"]["label"] == "2 (b)"
    assert floor_text(shown) == "funding."
    assert agreed["counts"]["agreed"] == 1
    assert agreed["gauge"]["words_agreed"] == 1


async def test_what_the_pen_types_is_on_the_screen(
    hall: Hall, show: OpenScreen, device: OpenDevice
) -> None:
    pen = {"member_id": str(hall.group.secretariat.id)}
    await hall.group.secretariat.put(f"/meetings/{hall.meeting}/pen", pen)
    await hall.put("three")
    screen = await show(await token_of(hall))
    text = await (await device(hall.group.secretariat)).open(hall.section, "")

    text.types(" A lot.", at=len(body_of(text.doc)))
    await text.saved()

    await screen.until(lambda picture: floor_text(picture) == "Business should help. A lot.")


class Panic(BaseException):
    """What the CRDT library raises when it gives way."""


class PanickingOnce:
    """The rooms, which give way when they are first read."""

    def __init__(self, rooms: RoomRegistry) -> None:
        self.has_panicked = False
        self._rooms = rooms

    async def read_heads(self, section_ids: Collection[SectionId]) -> dict[SectionId, HeadText]:
        """Panic the first time."""
        if not self.has_panicked:
            self.has_panicked = True
            raise Panic
        return await self._rooms.read_heads(section_ids)

    async def live_head(self, section_id: SectionId) -> HeadText:
        """Return what the rooms say."""
        return await self._rooms.live_head(section_id)

    def list_damaged(self) -> list[Damage]:
        """Return what the rooms say."""
        return self._rooms.list_damaged()


async def test_a_panic_over_a_picture_does_not_end_the_screen(
    hall: Hall, show: OpenScreen, app: FastAPI
) -> None:
    services = app.state.services
    services.screens._rooms = PanickingOnce(services.rooms)

    screen = await show(await token_of(hall))

    assert (await screen.picture())["floor"] is None
    assert services.screens._rooms.has_panicked


async def test_a_damaged_text_is_shown_and_said_to_be_so(hall: Hall, settings: Settings) -> None:
    token = await token_of(hall)
    async with hall.group.house.database.write() as work:
        longer = {"head_seq": Section.head_seq + 5}
        await work.session.execute(update(Section).where(Section.id == hall.section).values(longer))
    opened_later = create_app(settings)
    async with (
        opened_later.router.lifespan_context(opened_later),
        served(opened_later) as host,
    ):
        screen = Screen(await a_socket(f"ws://{host}/live/screen/{token}"))
        picture = await screen.picture()
        await screen.close()

    assert picture["section"]["is_damaged"]
    assert picture["blocks"]


async def test_a_revoked_screen_goes_dark_and_its_token_is_dead(
    hall: Hall, show: OpenScreen
) -> None:
    token = await token_of(hall)
    screen = await show(token)
    await screen.picture()
    [known] = await hall.chair.get(f"/meetings/{hall.meeting}/screens")

    await hall.chair.delete(f"/screens/{known['id']}")

    dark = await screen.until(lambda picture: picture["type"] == "closed")
    assert "Ask the podium" in dark["reason"]
    assert (await (await show(token)).picture())["type"] == "closed"
    assert known["token"] is None


async def test_a_made_up_token_shows_nothing(hall: Hall, show: OpenScreen) -> None:
    screen = await show("made-up")

    assert (await screen.picture())["type"] == "closed"


async def test_closing_the_meeting_closes_its_screens(hall: Hall, show: OpenScreen) -> None:
    screen = await show(await token_of(hall))
    await screen.picture()

    await hall.chair.post(f"/meetings/{hall.meeting}/state", {"to": "closed"}, status=200)

    dark = await screen.until(lambda picture: picture["type"] == "closed")
    assert dark["reason"] == "The meeting is closed."


async def test_what_makes_pictures_is_cut_short_once_however_often_the_screen_is(
    app: FastAPI, hall: Hall
) -> None:
    feed: ScreenFeed = app.state.services.screens
    token, has_seen = await token_of(hall), asyncio.Event()
    before = asyncio.all_tasks()

    async def watch() -> None:
        async with aclosing(feed.pictures(token, lambda _: None)) as pictures:
            async for _ in pictures:
                has_seen.set()

    watching = asyncio.create_task(watch())
    await has_seen.wait()
    [maker] = [task for task in asyncio.all_tasks() - before if "_keep_current" in repr(task)]
    while not watching.done():
        watching.cancel()
        await asyncio.sleep(0)

    assert maker.cancelling() == 1
    await feed.close()
    assert maker.cancelled()


async def test_a_screens_token_opens_nothing_else(
    hall: Hall, host: str, device: OpenDevice
) -> None:
    token = await token_of(hall)

    async with httpx.AsyncClient(base_url=f"http://{host}", timeout=ANSWER_S) as http:
        bearer = {"Authorization": f"Bearer {token}"}
        for path in ("/me", f"/reports/{hall.report}", f"/sections/{hall.section}/text"):
            answer = await http.get(f"/api/v1{path}", headers=bearer)
            assert answer.status_code == 401, path
        cookie = {"Cookie": f"rapporteur_sign_in={token}"}
        assert (await http.get("/api/v1/me", headers=cookie)).status_code == 401
    text = await (await device(hall.group.nobody)).open(hall.section, token)
    assert text.denied


async def test_only_the_podium_opens_screens(hall: Hall, group: Group) -> None:
    path = f"/meetings/{hall.meeting}/screens"

    for person in (group.convenor, group.member, group.observer):
        await person.post(path, {"label": "Mine"}, status=403)
    await group.outsider.post(path, {"label": "Mine"}, status=404)
    await group.secretariat.post(path, {"label": "Overflow room"})


async def test_the_screen_hears_nothing_that_is_sent_to_it(hall: Hall, show: OpenScreen) -> None:
    screen = await show(await token_of(hall))
    await screen.picture()

    await screen._connection.send('{"type": "screen", "blocks": []}')
    await screen._connection.send(b"\xff" * 1000)
    await hall.put("one")

    shown = await screen.until(lambda picture: picture["floor"])
    assert shown["floor"]["paragraph_id"] == paragraph_id("one")


async def test_many_screens_show_one_picture(hall: Hall, show: OpenScreen) -> None:
    token = await token_of(hall)
    screens = [await show(token) for _ in range(8)]

    await hall.put("one")

    pictures = [await screen.until(lambda picture: picture["floor"]) for screen in screens]
    assert {picture["floor"]["label"] for picture in pictures} == {"1"}


@pytest.mark.engine("sqlite")
async def test_fifty_devices_show_one_screen(hall: Hall, show: OpenScreen) -> None:
    token = await token_of(hall)
    screens = [await show(token) for _ in range(50)]

    await hall.put("one")

    for screen in screens:
        await screen.until(lambda picture: picture["floor"])


@pytest.mark.engine("sqlite")
async def test_a_screen_is_shown_by_so_many_devices_and_no_more(
    app: FastAPI, hall: Hall, show: OpenScreen
) -> None:
    census = app.state.services.census
    census._most_per_screen, census._most_screens = 2, 3
    first, second = await token_of(hall), await token_of(hall)
    shown = [await show(token) for token in (first, first, second)]
    for screen in shown:
        await screen.picture()

    assert await (await show(first)).closed() == (
        4429,
        "This screen is shown on as many devices as one screen may be.",
    )
    assert await (await show(second)).closed() == (
        4429,
        "As many hall screens are shown as this server can feed.",
    )
    await hall.put("one")
    for screen in shown:
        await screen.until(lambda picture: picture["floor"])


@pytest.mark.engine("sqlite")
async def test_a_screen_that_talks_is_switched_off(hall: Hall, show: OpenScreen) -> None:
    screen = await show(await token_of(hall))
    await screen.picture()

    for _ in range(100):
        await screen._connection.send("hello")

    code, _ = await screen.closed()
    assert code == 1008


def test_hall_screens_are_counted_by_screen_and_not_as_somebody_who_has_yet_to_sign_in() -> None:
    given = {"unsigned_sockets_per_address": 1, "sockets_per_screen": 2, "screen_sockets": 3}
    census = Census(Settings.model_validate(given))
    one, other = new_id(), new_id()
    seats = []
    for screen_id in (one, one, other):
        seats.append(census.take("a"))
        seats[-1].show(screen_id)

    late = census.take("a")
    with pytest.raises(TooManySockets, match="on as many devices"):
        late.show(one)
    seats[0].leave()
    late.show(one)
    with pytest.raises(TooManySockets, match="As many hall screens"):
        census.take("b").show(other)
