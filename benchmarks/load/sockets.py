"""A websocket client thin enough that a thousand of them fit on one core."""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

_CHUNK_BYTES = 256 * 1024
_BINARY, _CLOSE, _PING, _PONG = 2, 8, 9, 10
_PEOPLE_PER_ADDRESS = 200

Hear = Callable[[bytes], None]


_connected: set["ThinSocket"] = set()


class ThinSocket(asyncio.BufferedProtocol):
    """One connection: counts what comes, and gives it on only to those who ask for it."""

    # All connections of the loop read into the same memory, one after the other.
    _shared = memoryview(bytearray(_CHUNK_BYTES))

    def __init__(self, greeting: bytes) -> None:
        self.frames = 0
        self.bytes = 0
        self.hear: Hear | None = None
        self.is_closed = False
        self.close_code: int | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._greeting = greeting
        self._rest = bytearray()
        self._needed = 0
        self._is_open = False
        self._key = os.urandom(4)
        self.transport: asyncio.Transport | None = None

    # ------------------------------------------------------------------ what it does

    def send(self, message: bytes) -> None:
        """Send a binary message."""
        self._send(_BINARY, message)

    def send_raw(self, source: bytes) -> None:
        """Send bytes as they are, framed before."""
        assert self.transport is not None
        self.transport.write(source)

    def framed(self, message: bytes) -> bytes:
        """Return a binary message as this client puts it on the wire."""
        return _framed(_BINARY, message, self._key)

    def stall(self) -> None:
        """Read nothing any more, as a device does whose network has gone."""
        assert self.transport is not None
        self.transport.pause_reading()

    def hang_up(self) -> None:
        """Close the connection at once."""
        if self.transport is not None:
            self.transport.abort()

    # ---------------------------------------------------------- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports are asyncio's in all but their class.
        self.transport = cast(asyncio.Transport, transport)
        _connected.add(self)
        self.transport.write(self._greeting)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        self.is_closed = True
        _connected.discard(self)
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionResetError("closed before the upgrade"))

    def get_buffer(self, sizehint: int) -> memoryview:
        """Give the shared memory."""
        return self._shared

    def buffer_updated(self, nbytes: int) -> None:
        """Take whole messages from the front; keep the beginning of the next."""
        if self._rest or not self._is_open:
            self._rest += self._shared[:nbytes]
            if len(self._rest) < self._needed or not (self._is_open or self._upgraded()):
                return
            with memoryview(self._rest) as whole:
                taken = self._take(whole, len(whole))
            del self._rest[:taken]
        else:
            taken = self._take(self._shared, nbytes)
            if taken < nbytes:
                self._rest += self._shared[taken:nbytes]

    def _upgraded(self) -> bool:
        end = self._rest.find(b"\r\n\r\n")
        if end < 0:
            return False
        answer = bytes(self._rest[:end])
        del self._rest[: end + 4]
        self._is_open = True
        if b" 101 " in answer.split(b"\r\n", 1)[0]:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionRefusedError(answer.decode(errors="replace")))
            self.hang_up()
        return True

    def _take(self, source: memoryview, end: int) -> int:
        at = self._needed = 0
        while end - at >= 2:
            length = source[at + 1]
            body = at + 2
            if length == 126:
                body, length = at + 4, int.from_bytes(source[at + 2 : at + 4], "big")
            elif length == 127:
                body, length = at + 10, int.from_bytes(source[at + 2 : at + 10], "big")
            if body + length > end:
                self._needed = body + length - at
                break
            if source[at] == 0x82:
                self.frames += 1
                self.bytes += length
                if self.hear is not None:
                    self.hear(bytes(source[body : body + length]))
            else:
                self._control(source[at] & 15, bytes(source[body : body + length]))
            at = body + length
        return at

    def _control(self, opcode: int, body: bytes) -> None:
        if opcode == _PING:
            self._send(_PONG, body)
        elif opcode == _CLOSE:
            self.close_code = int.from_bytes(body[:2], "big") if body else None
            self.hang_up()

    def _send(self, opcode: int, body: bytes) -> None:
        assert self.transport is not None
        self.transport.write(_framed(opcode, body, self._key))


def _framed(opcode: int, body: bytes, key: bytes) -> bytes:
    size = len(body)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 65536:
        head = bytes([0x80 | opcode, 0x80 | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | opcode, 0x80 | 127]) + size.to_bytes(8, "big")
    mask = (key * (size // 4 + 1))[:size]
    masked = (int.from_bytes(body, "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")
    return head + key + masked


async def connect(port: int, path: str, number: int) -> ThinSocket:
    """Return an open socket to a server on loopback.

    number: which person it is; every few hundred of them come from an address of their own, as
    they would from several networks.
    """
    key = base64.b64encode(os.urandom(16)).decode()
    greeting = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    source = f"127.0.1.{1 + number // _PEOPLE_PER_ADDRESS}"
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_connection(
        lambda: ThinSocket(greeting.encode()), "127.0.0.1", port, local_addr=(source, 0)
    )
    await protocol.opened
    return protocol


async def hang_up_all() -> None:
    """Close every connection of this program, and return once they are gone."""
    while _connected:
        for socket in list(_connected):
            socket.hang_up()
        await asyncio.sleep(0)
