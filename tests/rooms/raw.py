"""A websocket whose every byte a test writes itself."""

import asyncio
import base64
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.ids import SectionId
from app.rooms import frames
from app.rooms.frames import Auth, Frame, Kind, Sync
from tests.house.live import PATIENCE_S

_KEY = b"\x01\x02\x03\x04"


class RawSocket:
    """A websocket whose every byte the test writes itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def sends(self, source: bytes) -> None:
        """Write bytes as they stand."""
        self.writer.write(source)

    async def hears(self) -> tuple[int, bytes]:
        """Return the next frame: opcode and content."""
        async with asyncio.timeout(PATIENCE_S):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = struct.unpack("!H", await self.reader.readexactly(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", await self.reader.readexactly(8))[0]
            return first & 15, await self.reader.readexactly(size)

    async def close_code(self) -> int:
        """Return the code with which the server closes, after whatever it says before."""
        while True:
            opcode, content = await self.hears()
            if opcode == 8:
                return int.from_bytes(content[:2], "big")

    async def ends(self) -> None:
        """Return once the server has ended the connection."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while await self.reader.read(65536):
                    continue
            except ConnectionError:
                return

    async def until(self, is_it: Callable[[bytes], bool]) -> bytes:
        """Return the first binary message that is it."""
        while True:
            opcode, content = await self.hears()
            if opcode == 2 and is_it(content):
                return content


@asynccontextmanager
async def raw(
    host: str,
    forwarded_for: str | None = None,
    comes_from: str | None = None,
    room_bytes: int | None = None,
) -> AsyncIterator[RawSocket]:
    """Give an upgraded connection to /live.

    forwarded_for: what it says of where it comes from. comes_from: where it really does.
    room_bytes: how much its kernel keeps of what it does not read, nearly.
    """
    name, _, port = host.partition(":")
    line = socket.socket()
    line.setblocking(False)
    if room_bytes is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room_bytes)
    if comes_from is not None:
        line.bind((comes_from, 0))
    await asyncio.get_running_loop().sock_connect(line, (name, int(port)))
    reader, writer = await asyncio.open_connection(sock=line)
    key = base64.b64encode(os.urandom(16)).decode()
    more = "" if forwarded_for is None else f"X-Forwarded-For: {forwarded_for}\r\n"
    writer.write(
        f"GET /live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"{more}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in answer.split(b"\r\n")[0]
    try:
        yield RawSocket(reader, writer)
    finally:
        writer.transport.abort()


def masked(content: bytes, first: int = 0x82, declared: int | None = None) -> bytes:
    """Return a frame as a client writes it. declared: the length that it claims."""
    size = len(content) if declared is None else declared
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 65536:
        head = bytes([first, 0xFE]) + struct.pack("!H", size)
    else:
        head = bytes([first, 0xFF]) + struct.pack("!Q", size)
    return head + _KEY + bytes(byte ^ _KEY[at % 4] for at, byte in enumerate(content))


def opening(section: SectionId, token: str) -> list[bytes]:
    """Return the messages with which a client opens a section."""
    address = str(section)
    return [
        frames.encode(Frame(Kind.AUTH, address, Auth.TOKEN, text=token)),
        frames.encode(Frame(Kind.SYNC, address, Sync.STEP1, b"\x00")),
    ]


def is_step2(message: bytes) -> bool:
    frame = frames.decode(message)
    return frame.kind is Kind.SYNC and frame.sub == Sync.STEP2
