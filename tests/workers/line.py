"""The line between a server and its PostgreSQL, which a test can cut, or let fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

from app.settings import Settings

_COMMIT = b"COMMIT"


class Line:
    """Carries bytes both ways, until it is told to cut a connection that commits."""

    def __init__(self, host: str, port: int) -> None:
        """Lead to this address."""
        self._host, self._port = host, port
        self._cut_before = self._cut_after = False
        self.cuts = 0
        self._carries = asyncio.Event()
        self._carries.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server

    @property
    def port(self) -> int:
        """The loopback port at which it begins."""
        return int(self._server.sockets[0].getsockname()[1])

    def settings(self, database_url: str, home: Path, **given: object) -> Settings:
        """Return the settings of a server that reaches this database over the line alone."""
        url = make_url(database_url).set(host="127.0.0.1", port=self.port)
        reached = url.render_as_string(hide_password=False)
        return Settings.model_validate({"home": home, "DATABASE_URL": reached, **given})

    def lose_the_next_commit(self) -> None:
        """Cut before the next COMMIT reaches the database: it does not stand."""
        self._cut_before = True

    def lose_the_next_answer(self) -> None:
        """Cut after the database has carried out the next COMMIT, and before it is told so."""
        self._cut_after = True

    def falls_silent(self) -> None:
        """Keep every connection open, and carry nothing: the database may as well have stopped."""
        self._carries.clear()

    def carries_on(self) -> None:
        """Carry what was kept back, and everything else."""
        self._carries.set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Line"]:
        """Carry while the block runs."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        yield self
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_there, to_there = await asyncio.open_connection(self._host, self._port)
        ends = {writer, to_there}
        self._open |= ends
        lost = asyncio.Event()
        ways = [
            asyncio.create_task(self._ask(reader, to_there, lost)),
            asyncio.create_task(self._answer(from_there, writer, lost)),
        ]
        with suppress(OSError):
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in ends:
            end.transport.abort()
        self._open -= ends

    async def _ask(
        self, reader: asyncio.StreamReader, to_there: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        while asked := await reader.read(65536):
            if _COMMIT in asked and self._cut_before:
                self._cut_before = False
                self.cuts += 1
                return
            if _COMMIT in asked and self._cut_after:
                self._cut_after = False
                self.cuts += 1
                lost.set()
            await self._carries.wait()
            to_there.write(asked)

    async def _answer(
        self, from_there: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        while answer := await from_there.read(65536):
            if lost.is_set():
                return
            await self._carries.wait()
            writer.write(answer)
