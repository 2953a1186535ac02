"""A bad network: a proxy that delays, cuts and half-opens the connections that go through it."""

import asyncio
import random
from typing import Self

# How far apart what was sent together may arrive, and how long a dead line is not noticed.
_DELAY_S = 0.03
_UNNOTICED_S = 0.4
_CHUNK_BYTES = 4096
# What becomes of a chunk: it is cut off with its line, swallowed with all behind it, or late.
_CUT, _SWALLOWED, _LATE = 0.004, 0.004, 0.3


class ChaosProxy:
    """Listens on a loopback port and hands on to another, badly until it is calm.

    Within a connection nothing changes its order; connections overtake each other. A client that
    was cut off connects anew and sends again what was not acknowledged: so things come twice.
    """

    def __init__(self, port: int, seed: int) -> None:
        """port: the server's."""
        self.is_calm = False
        self._port = port
        self._dice = random.Random(seed)
        self._lines: set[_Line] = set()

    async def start(self) -> Self:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.host = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Cut every connection, in both directions at once."""
        for line in list(self._lines):
            line.cut()

    def fate(self) -> str:
        """Return what becomes of the next chunk."""
        chance = 1.0 if self.is_calm else self._dice.random()
        for fate, share in (("cut", _CUT), ("swallowed", _SWALLOWED), ("late", _LATE)):
            if chance < share:
                return fate
            chance -= share
        return "well"

    async def holds_up(self) -> None:
        """Return when a late chunk may go on."""
        is_time = asyncio.Event()
        asyncio.get_running_loop().call_later(self._dice.random() * _DELAY_S, is_time.set)
        await is_time.wait()

    async def _connected(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            server, ask = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            answer.transport.abort()
            return
        line = _Line(self, (answer, ask))
        self._lines.add(line)
        try:
            await asyncio.gather(line.carry(client, ask), line.carry(server, answer))
        finally:
            line.cut()
            self._lines.discard(line)


class _Line:
    """One connection through the proxy."""

    def __init__(self, proxy: ChaosProxy, ends: tuple[asyncio.StreamWriter, ...]) -> None:
        self._proxy = proxy
        self._ends = ends
        self._is_swallowing = False

    def cut(self) -> None:
        """End it for both."""
        for end in self._ends:
            end.transport.abort()

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Hand on what comes, until one end is gone."""
        try:
            while chunk := await source.read(_CHUNK_BYTES):
                await self._hand_on(chunk, target)
        except OSError:
            return
        finally:
            self.cut()

    async def _hand_on(self, chunk: bytes, target: asyncio.StreamWriter) -> None:
        fate = self._proxy.fate()
        if fate == "late":
            await self._proxy.holds_up()
        elif fate == "cut":
            self.cut()
        elif fate == "swallowed" and not self._is_swallowing:
            # Half-open: neither end is told, until somebody gives the line up.
            self._is_swallowing = True
            asyncio.get_running_loop().call_later(_UNNOTICED_S, self.cut)
        if not self._is_swallowing:
            target.write(chunk)
            await target.drain()
