"""Fixtures of the plenary: the application on a port, hall screens, a meeting."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection

from tests.house.builders import Group
from tests.house.live import PATIENCE_S, Device, a_device, a_socket, served
from tests.house.people import Person
from tests.plenary.hall import Hall, a_hall

OpenScreen = Callable[[str], Awaitable["Screen"]]
OpenDevice = Callable[[Person], Awaitable[Device]]


class Screen:
    """A hall screen: what it was sent, in order."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def until(self, is_so: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Return the first picture of which it is so; ticks are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            async for message in self._connection:
                picture: dict[str, Any] = json.loads(message)
                if picture["type"] != "tick" and is_so(picture):
                    return picture
        raise AssertionError("The screen was closed without showing it.")

    async def picture(self) -> dict[str, Any]:
        """Return the next picture."""
        return await self.until(lambda _: True)

    async def closed(self) -> tuple[int | None, str | None]:
        """Return code and reason once the server has closed it."""
        async with asyncio.timeout(PATIENCE_S):
            await self._connection.wait_closed()
        return self._connection.close_code, self._connection.close_reason

    async def close(self) -> None:
        """Switch it off."""
        await self._connection.close()


@pytest.fixture
async def host(app: FastAPI) -> AsyncIterator[str]:
    """The application on a loopback port: host:port."""
    async with served(app) as address:
        yield address


@pytest.fixture
async def hall(group: Group) -> Hall:
    """An open meeting on a report that is being read."""
    return await a_hall(group)


@pytest.fixture
async def show(host: str) -> AsyncIterator[OpenScreen]:
    """Switches hall screens on: `await show(token)`."""
    opened: list[Screen] = []

    async def open_(token: str) -> Screen:
        connection = await a_socket(f"ws://{host}/live/screen/{token}")
        opened.append(Screen(connection))
        return opened[-1]

    yield open_
    for screen in opened:
        await screen.close()


@pytest.fixture
async def device(host: str) -> AsyncIterator[OpenDevice]:
    """Opens devices: `await device(group.member)`."""
    opened: list[Device] = []

    async def open_(person: Person) -> Device:
        opened.append(await a_device(host, person))
        return opened[-1]

    yield open_
    for one in opened:
        await one.hang_up()
