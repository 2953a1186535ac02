"""Fixtures of the scenarios: the application on a real port, and devices that talk to it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from fastapi import FastAPI

from tests.house.live import Device, a_device, served

OpenDevice = Callable[[], Awaitable[Device]]


@pytest.fixture
async def open_device(app: FastAPI) -> AsyncIterator[OpenDevice]:
    """Opens devices of the application's people: `await open_device()`."""
    opened: list[Device] = []
    async with served(app) as host:

        async def open_() -> Device:
            opened.append(await a_device(host))
            return opened[-1]

        yield open_
        for one in opened:
            await one.hang_up()
