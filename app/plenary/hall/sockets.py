"""The hall screen's websocket: pictures out, nothing in."""

import asyncio
from contextlib import aclosing, suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketDisconnected

from app.access.networks import network_of
from app.plenary.hall.feed import ScreenFeed
from app.rooms.connections.limits import Census, Seat, TooManySockets
from app.rooms.connections.straight_socket import farewell

router = APIRouter()

_SEND_S = 5.0
# What a screen says is not read; but a page says nothing at all.
_MOST_SAID = 100
_SAYS_TOO_MUCH = 1008


@router.websocket("/live/screen/{token}")
async def hall_screen(socket: WebSocket, token: str) -> None:
    """Send the screen's pictures until it leaves; whatever it sends is ignored."""
    census: Census = socket.app.state.services.census
    # Accepted first: of a refused upgrade, a page learns neither the code nor the reason.
    await socket.accept()
    try:
        seat = census.take(network_of(socket.client.host if socket.client is not None else ""))
    except TooManySockets as error:
        await _close(socket, *farewell(error))
        return
    try:
        await _show(socket, seat, token)
    finally:
        seat.leave()


async def _show(socket: WebSocket, seat: Seat, token: str) -> None:
    sending = asyncio.create_task(_send(socket, seat, token))
    leaving = asyncio.create_task(_until_gone(socket))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _send(socket: WebSocket, seat: Seat, token: str) -> None:
    try:
        await _send_pictures(socket, seat, token)
    except TooManySockets as error:
        await _close(socket, *farewell(error))
    else:
        await _close(socket)


async def _send_pictures(socket: WebSocket, seat: Seat, token: str) -> None:
    feed: ScreenFeed = socket.app.state.services.screens
    # Closed here, whatever cuts it short, and not when somebody looks for garbage.
    async with aclosing(feed.pictures(token, seat.show)) as pictures:
        async for picture in pictures:
            async with asyncio.timeout(_SEND_S):
                await socket.send_json(picture)


async def _until_gone(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, WebSocketDisconnected):
        for _ in range(_MOST_SAID):
            if (await socket.receive())["type"] == "websocket.disconnect":
                return
        await _close(socket, _SAYS_TOO_MUCH, "A hall screen says nothing.")


async def _close(socket: WebSocket, code: int = 1000, reason: str = "") -> None:
    with suppress(RuntimeError):
        await socket.close(code, reason)
