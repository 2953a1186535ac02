"""Under a server that knows nothing of us, the same protocols go by ASGI's messages."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect

from app.ids import SectionId
from app.rooms import frames
from app.rooms.frames import Frame, Kind, Sync
from tests.house.builders import Group
from tests.house.live import a_device, served


@pytest.fixture(params=["websockets-sansio", "wsproto"])
async def other_host(app: FastAPI, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The application under one of uvicorn's own websocket protocols."""
    async with served(app, ws=request.param) as address:
        yield address


async def test_people_write_together(group: Group, section: SectionId, other_host: str) -> None:
    first, second = await a_device(other_host), await a_device(other_host)
    mine = await first.open(section, group.member.api_token)
    theirs = await second.open(section, group.convenor.api_token)

    mine.types("one ")
    await mine.saved()
    await theirs.shows("one ")
    theirs.types("two")
    await mine.shows("one two")

    await first.hang_up()
    await second.hang_up()


async def test_what_is_too_large_or_broken_costs_the_connection(other_host: str) -> None:
    for source, code in ((b"\xff" * 40, 1008), (b"\0" * (1024 * 1024 + 1), 1009)):
        device = await a_device(other_host)

        device.sends(source)

        assert await device.closed() == code
        await device.hang_up()


async def test_text_is_refused(other_host: str) -> None:
    async with connect(f"ws://{other_host}/live", compression=None) as socket:
        await socket.send("hello")
        await socket.wait_closed()

    assert socket.close_code == 1008


async def test_a_y_websocket_client_is_served(
    group: Group, section: SectionId, other_host: str
) -> None:
    url = f"ws://{other_host}/live/y/{section}?token={group.member.api_token}"
    async with connect(url, compression=None) as socket:
        asked = frames.decode_bare(bytes(await socket.recv(decode=False)))
        await socket.send(frames.encode_bare(Frame(Kind.SYNC, sub=Sync.STEP1, body=b"\0")))
        answer = frames.decode_bare(bytes(await socket.recv(decode=False)))

    assert (asked.kind, asked.sub) == (Kind.SYNC, Sync.STEP1)
    assert (answer.kind, answer.sub) == (Kind.SYNC, Sync.STEP2)
