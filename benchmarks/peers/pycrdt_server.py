"""Serves pycrdt-websocket under uvicorn, as its documentation shows: `pycrdt_server.py PORT`."""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Application:
    """Rooms by path for websockets; a plain answer to whoever asks whether it is there."""

    def __init__(self) -> None:
        self._rooms = WebsocketServer(auto_clean_rooms=False)
        self._live = ASGIServer(self._rooms)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            async with self._rooms:
                await self._live(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._live(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"here"})


if __name__ == "__main__":
    uvicorn.run(
        Application(),
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )
