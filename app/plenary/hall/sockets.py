"""The hall screen's websocket: pictures out, nothing in."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.plenary.hall.feed import ScreenFeed

router = APIRouter()

_SEND_S = 5.0


@router.websocket("/live/screen/{token}")
async def hall_screen(socket: WebSocket, token: str) -> None:
    """Send the screen's pictures until it leaves; whatever it sends is ignored."""
    feed: ScreenFeed = socket.app.state.services.screens
    await socket.accept()
    sending = asyncio.create_task(_send(socket, feed, token))
    leaving = asyncio.create_task(_until_gone(socket))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _send(socket: WebSocket, feed: ScreenFeed, token: str) -> None:
    async for picture in feed.pictures(token):
        async with asyncio.timeout(_SEND_S):
            await socket.send_json(picture)
    with suppress(RuntimeError):
        await socket.close()


async def _until_gone(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive()
