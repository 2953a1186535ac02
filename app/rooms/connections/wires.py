"""How frames travel: by ASGI's messages anywhere, or past them where the server offers it."""

import asyncio
from typing import Protocol, TypeAlias

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from app.access.identify import COOKIE
from app.errors import AppError, TooLarge
from app.rooms.connections.limits import Allowance
from app.rooms.connections.outbox import Outbox
from app.rooms.connections.straight import Hearer, StraightWire, close_socket
from app.rooms.frames import PING, Malformed


class Wire(Protocol):
    """One accepted websocket."""

    cookie: str | None
    """The sign-in cookie that came with the upgrade."""

    async def receive(self) -> bytes | None:
        """Return the next binary message, or None when the other end is gone."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a binary message; raises OSError when the other end is gone."""
        ...


class StarletteWire:
    """A websocket of any ASGI server, message by message."""

    def __init__(self, websocket: WebSocket, max_frame_bytes: int, allowance: Allowance) -> None:
        self._websocket = websocket
        self._max_frame_bytes = max_frame_bytes
        self._allowance = allowance
        self.cookie = websocket.cookies.get(COOKIE)

    async def receive(self) -> bytes | None:
        """Return the next binary message, or None when the other end is gone.

        Effects: waits while more came than is allowed. Raises: Malformed for text; TooLarge;
        Flooding.
        """
        try:
            message = await self._websocket.receive()
        except (WebSocketDisconnect, WebSocketDisconnected):
            return None
        if message["type"] != "websocket.receive":
            return None
        source = message.get("bytes")
        if source is None:
            raise Malformed("Only binary messages are taken here.")
        if len(source) > self._max_frame_bytes:
            raise TooLarge("This message is larger than this server takes.")
        await self._allowance.wait(len(source))
        return bytes(source)

    async def send(self, frame: bytes) -> None:
        """Send a binary message. Raises: OSError when the other end is gone."""
        try:
            await self._websocket.send_bytes(frame)
        except (WebSocketDisconnect, WebSocketDisconnected) as error:
            raise ConnectionResetError from error

    async def close(self, error: AppError | None) -> None:
        """Close with the error's code and sentence, unless the other end already did."""
        await close_socket(self._websocket, error)


AnyWire: TypeAlias = Wire | StraightWire


async def carry(
    wire: AnyWire, outbox: Outbox, hearer: Hearer, *, pings: bool
) -> list[BaseException]:
    """Carry frames both ways until either end is done; return what went wrong.

    pings: whether a silent line is given a Ping that the protocol knows.
    """
    if isinstance(wire, StraightWire):
        try:
            await wire.carry(outbox, hearer, pings=pings)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            return [error]
        return []
    pump = asyncio.create_task(outbox.pump(wire.send, PING if pings else None))
    reader = asyncio.create_task(_read(wire, hearer))
    try:
        await asyncio.wait({pump, reader}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (pump, reader):
            task.cancel()
        ended = await asyncio.gather(pump, reader, return_exceptions=True)
    return [one for one in ended if one is not None]


async def _read(wire: Wire, hearer: Hearer) -> None:
    while (source := await wire.receive()) is not None:
        await hearer.hears(source)
