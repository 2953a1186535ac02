"""Rapporteur as it is run in one place: on one worker or several, and the ways into each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from app.db.engine import Database
from app.serving.worker import WORKER_HEADER
from tests.house.live import Device
from tests.house.people import Person
from tests.house.servers import LiveServer
from tests.scenarios.conftest import Feed

# Of a few dozen connections some go to each worker that listens; one that does not is starting.
_ROUNDS, _TRIES = 10, 60


@dataclass(frozen=True)
class Door:
    """One way in: the worker of a server that answers. worker None: its only one."""

    server: LiveServer
    worker: int | None = None

    @asynccontextmanager
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        """Give a client whose one connection is held by this worker."""
        one = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        async for _ in self._tries():
            client = httpx.AsyncClient(base_url=self.server.url, limits=one, timeout=60)
            async with client:
                try:
                    answer = await client.get("/healthz")
                except httpx.TransportError:
                    continue
                if self._is_mine(answer.headers.get(WORKER_HEADER)):
                    yield client
                    return
        raise AssertionError(f"Worker {self.worker} does not answer.")

    async def ask(
        self, person: Person, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """Let this worker answer what the person asks."""
        async with self.http() as client:
            return await replace(person, http=client).send(method, path, body, **headers)

    async def device(self, person: Person | None = None) -> Device:
        """Return a device whose socket is served by this worker."""
        return Device(await self._connect("/live", person))

    async def screen(self, token: str) -> Feed:
        """Return a hall screen that is served by this worker."""
        return Feed(await self._connect(f"/live/screen/{token}", None))

    async def _connect(self, path: str, person: Person | None) -> ClientConnection:
        headers = dict(person.headers) if person else {}
        url = self.server.url.replace("http", "ws", 1) + path
        async for _ in self._tries():
            try:
                connection = await connect(
                    url, additional_headers=headers, max_size=None, compression=None
                )
            except (OSError, WebSocketException):
                # The worker ended while it was come to.
                await asyncio.to_thread(self.server.wait_for_workers)
                continue
            assert connection.response is not None
            if self._is_mine(connection.response.headers.get(WORKER_HEADER)):
                return connection
            await connection.close()
        raise AssertionError(f"Worker {self.worker} does not answer.")

    async def _tries(self) -> AsyncIterator[int]:
        """Count tries to come in; a worker that is not met is given the time to start."""
        for number in range(_ROUNDS * _TRIES):
            if number % _TRIES == _TRIES - 1:
                await asyncio.to_thread(self.server.wait_for_workers)
            yield number

    def _is_mine(self, told: str | None) -> bool:
        return self.worker is None or told == str(self.worker)


@dataclass
class Site:
    """A running Rapporteur, and doors to it: to different workers where there are several."""

    name: str
    database_url: str
    doors: list[Door]
    tells_who_is_where: bool = True
    """Whether people of different doors see each other's carets."""
    devices: list[Device] = field(default_factory=list)
    screens: list[Feed] = field(default_factory=list)
    database: Database | None = None
    """This test's own way to what is kept."""

    @property
    def here(self) -> Door:
        """One door."""
        return self.doors[0]

    @property
    def there(self) -> Door:
        """Another one, of another worker if there is one."""
        return self.doors[-1]

    async def device(self, door: Door, person: Person | None = None) -> Device:
        """Return a device that is put away after the test."""
        self.devices.append(await door.device(person))
        return self.devices[-1]

    async def screen(self, door: Door, token: str) -> Feed:
        """Return a hall screen that is switched off after the test."""
        self.screens.append(await door.screen(token))
        return self.screens[-1]

    async def put_away(self) -> None:
        """Put the devices and screens of one test away."""
        for device in self.devices:
            await device.hang_up()
        for screen in self.screens:
            await screen.close()
        self.devices.clear()
        self.screens.clear()
