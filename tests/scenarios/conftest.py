"""Fixtures of the scenarios: the application on a real port, devices and hall screens on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection

from tests.house.live import PATIENCE_S, Device, a_device, a_socket, served

OpenDevice = Callable[[], Awaitable[Device]]
OpenFeed = Callable[[str], Awaitable["Feed"]]


class Feed:
    """A hall screen that keeps every frame it was sent."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.heard: list[str] = []

    async def until(self, is_so: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Return the first new picture of which it is so."""
        async with asyncio.timeout(PATIENCE_S):
            async for message in self._connection:
                self.heard.append(str(message))
                picture: dict[str, Any] = json.loads(message)
                if picture["type"] == "screen" and is_so(picture):
                    return picture
        raise AssertionError("The screen was closed without showing it.")

    async def close(self) -> None:
        """Switch it off."""
        await self._connection.close()


@pytest.fixture
async def host(app: FastAPI) -> AsyncIterator[str]:
    """The application on a loopback port: host:port."""
    async with served(app) as address:
        yield address


@pytest.fixture
async def open_device(host: str) -> AsyncIterator[OpenDevice]:
    """Opens devices of the application's people: `await open_device()`."""
    opened: list[Device] = []

    async def open_() -> Device:
        opened.append(await a_device(host))
        return opened[-1]

    yield open_
    for one in opened:
        await one.hang_up()


@pytest.fixture
async def open_feed(host: str) -> AsyncIterator[OpenFeed]:
    """Switches hall screens on: `await open_feed(token)`."""
    opened: list[Feed] = []

    async def open_(token: str) -> Feed:
        connection = await a_socket(f"ws://{host}/live/screen/{token}")
        opened.append(Feed(connection))
        return opened[-1]

    yield open_
    for one in opened:
        await one.close()
