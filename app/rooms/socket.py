"""The live endpoints: takes the websocket, and hands its frames to the protocol it speaks."""

from contextlib import suppress
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketDisconnected, WebSocketState

from app.access.identify import COOKIE
from app.db.engine import Database
from app.errors import WS_FORBIDDEN, AppError, TooLarge
from app.rooms.connections.admission import admit
from app.rooms.connections.attachment import bare_denial
from app.rooms.connections.hocuspocus import HocuspocusConnection
from app.rooms.connections.outbox import Outbox
from app.rooms.connections.ywebsocket import YWebsocketConnection
from app.rooms.frames import Malformed
from app.rooms.registry import RoomRegistry
from app.settings import Settings

# A close frame holds 125 bytes, two of which are the code.
_REASON_BYTES = 120

router = APIRouter()


class StarletteWire:
    """A websocket as the protocols see it."""

    def __init__(self, websocket: WebSocket, max_frame_bytes: int) -> None:
        self._websocket = websocket
        self._max_frame_bytes = max_frame_bytes
        self.cookie = websocket.cookies.get(COOKIE)

    async def receive(self) -> bytes | None:
        """Return the next binary message, or None when the other end is gone.

        Raises: Malformed for text; TooLarge.
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
        return bytes(source)

    async def send(self, frame: bytes) -> None:
        """Send a binary message. Raises: OSError when the other end is gone."""
        try:
            await self._websocket.send_bytes(frame)
        except (WebSocketDisconnect, WebSocketDisconnected) as error:
            raise ConnectionResetError from error

    async def close(self, error: AppError | None) -> None:
        """Close with the error's code and sentence, unless the other end already did."""
        if self._websocket.client_state is WebSocketState.DISCONNECTED:
            return
        code = error.close_code if error is not None else 1000
        reason = str(error or "").encode()[:_REASON_BYTES].decode(errors="ignore")
        with suppress(WebSocketDisconnect, WebSocketDisconnected, RuntimeError, OSError):
            await self._websocket.close(code, reason)


@router.websocket("/live")
async def live(websocket: WebSocket) -> None:
    """Serve one socket of the Hocuspocus protocol: many documents, each with its own sign-in."""
    settings, database, rooms = _parts(websocket)
    if _is_foreign(websocket, settings):
        await websocket.close(WS_FORBIDDEN, "This page belongs to another site.")
        return
    await websocket.accept()
    wire = StarletteWire(websocket, settings.max_frame_bytes)
    connection = HocuspocusConnection(wire, database, rooms, Outbox(settings.outbox_bytes))
    await wire.close(await connection.run())


@router.websocket("/live/y/{section_id}")
async def live_y(websocket: WebSocket, section_id: UUID, token: str = "") -> None:
    """Serve one socket of the y-websocket protocol: one section, signed in by `?token=`."""
    settings, database, rooms = _parts(websocket)
    if _is_foreign(websocket, settings):
        await websocket.close(WS_FORBIDDEN, "This page belongs to another site.")
        return
    await websocket.accept()
    wire = StarletteWire(websocket, settings.max_frame_bytes)
    outbox = Outbox(settings.outbox_bytes)
    try:
        admitted = await admit(database, str(section_id), token, wire.cookie)
        error = await YWebsocketConnection(wire, rooms, outbox).run(admitted)
    except AppError as refusal:
        error = refusal
        with suppress(OSError):
            await wire.send(bare_denial(str(refusal)))
    await wire.close(error)


def _parts(websocket: WebSocket) -> tuple[Settings, Database, RoomRegistry]:
    services = websocket.app.state.services
    return services.settings, services.database, services.rooms


def _is_foreign(websocket: WebSocket, settings: Settings) -> bool:
    """Whether a page of another site opens the socket. Programs send no origin."""
    origin = websocket.headers.get("origin")
    if origin is None or origin in settings.origins:
        return False
    return urlsplit(origin).netloc != websocket.headers.get("host")
