"""The live endpoints: takes the websocket, and hands its frames to the protocol it speaks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, WebSocket
from starlette.requests import cookie_parser
from starlette.websockets import WebSocketDisconnect, WebSocketDisconnected

from app.access.identify import COOKIE
from app.access.networks import network_of
from app.db.engine import Database
from app.errors import WS_FORBIDDEN, AppError, TooLarge
from app.rooms.connections.attachment import bare_denial
from app.rooms.connections.hocuspocus import HocuspocusConnection
from app.rooms.connections.limits import Allowance, Census, Pulse, Seat, TooManySockets
from app.rooms.connections.outbox import Outbox
from app.rooms.connections.straight_socket import (
    STRAIGHT,
    Straight,
    StraightWire,
    close_socket,
    farewell,
)
from app.rooms.connections.ywebsocket import YWebsocketConnection
from app.rooms.frames import Malformed
from app.rooms.registry import RoomRegistry
from app.settings import Settings

router = APIRouter()


class Services(Protocol):
    """What of the long-lived parts a socket needs."""

    @property
    def settings(self) -> Settings:
        """How the server is set up."""

    @property
    def database(self) -> Database:
        """The one door to the database."""

    @property
    def rooms(self) -> RoomRegistry:
        """The open rooms."""

    @property
    def census(self) -> Census:
        """Who holds how many connections."""

    @property
    def pulse(self) -> Pulse:
        """The one timer of all connections."""


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


async def live(websocket: WebSocket) -> None:
    """Serve one socket of the Hocuspocus protocol: many documents, each with its own sign-in."""
    around = _around(websocket)
    async with _accepted(websocket, around) as seated:
        if seated is not None:
            await _serve_hocuspocus(*seated, around)


class LiveDoor:
    """The way to the Hocuspocus endpoint for a server that leads sockets there past ASGI.

    Whoever is not plainly welcome goes by ASGI like everybody else, and is told why not there.
    """

    path = "/live"

    def __init__(self, services: Services) -> None:
        self._around = _around_in(services)

    def is_open_to(self, origin: str | None, host: str | None) -> bool:
        """Return whether a page of this origin, or a program, may open a socket."""
        return not _is_foreign(origin, host, self._around.settings)

    async def serve(self, straight: Straight, address: str, cookies: str) -> None:
        """Serve an accepted socket until it ends. cookies: as the upgrade's header has them."""
        around = self._around
        try:
            seat = around.census.take(network_of(address))
        except TooManySockets as error:
            straight.close(*farewell(error))
            return
        allowance = Allowance(around.settings.frames_per_s, around.settings.frame_bytes_per_s)
        try:
            cookie = cookie_parser(cookies).get(COOKIE) if cookies else None
            wire = StraightWire(straight, cookie, allowance, around.pulse, seat)
            await _serve_hocuspocus(wire, seat, around)
        finally:
            seat.leave()


async def _serve_hocuspocus(
    wire: StarletteWire | StraightWire, seat: Seat, around: "_Around"
) -> None:
    outbox = Outbox(around.settings.outbox_bytes)
    connection = HocuspocusConnection(wire, around.database, around.rooms, outbox)
    connection.seat = seat
    await wire.close(await connection.run())


# Without the framework's resolving of parameters, whose stacks would be kept for each connection.
router.add_websocket_route(LiveDoor.path, live)


@router.websocket("/live/y/{section_id}")
async def live_y(websocket: WebSocket, section_id: UUID, token: str = "") -> None:
    """Serve one socket of the y-websocket protocol: one section, signed in by `?token=`."""
    around = _around(websocket)
    async with _accepted(websocket, around) as seated:
        if seated is None:
            return
        wire, seat = seated
        outbox = Outbox(around.settings.outbox_bytes)
        try:
            admissions = around.rooms.admissions
            admitted = await admissions.admit(str(section_id), token, wire.cookie)
            seat.sign_in(admitted.actor.member_id)
            connection = YWebsocketConnection(wire, around.rooms, outbox)
            connection.seat = seat
            error = await connection.run(admitted)
        except AppError as refusal:
            error = refusal
            with suppress(OSError):
                await wire.send(bare_denial(str(refusal)))
        await wire.close(error)


@dataclass(frozen=True, slots=True)
class _Around:
    settings: Settings
    database: Database
    rooms: RoomRegistry
    census: Census
    pulse: Pulse


def _around(websocket: WebSocket) -> _Around:
    return _around_in(websocket.app.state.services)


def _around_in(services: Services) -> _Around:
    return _Around(
        services.settings, services.database, services.rooms, services.census, services.pulse
    )


@asynccontextmanager
async def _accepted(
    websocket: WebSocket, around: _Around
) -> AsyncIterator[tuple[StarletteWire | StraightWire, Seat] | None]:
    """Give the accepted socket and its seat while the block runs; None: it was turned away."""
    headers = websocket.headers
    if _is_foreign(headers.get("origin"), headers.get("host"), around.settings):
        await websocket.close(WS_FORBIDDEN, "This page belongs to another site.")
        yield None
        return
    address = websocket.client.host if websocket.client is not None else ""
    try:
        seat = around.census.take(network_of(address))
    except TooManySockets as error:
        # Accepted first: of a refused upgrade, a page learns neither the code nor the reason.
        await websocket.accept()
        await websocket.close(error.close_code, str(error))
        yield None
        return
    try:
        await websocket.accept()
        yield _wire(websocket, around, seat), seat
    finally:
        seat.leave()


def _wire(websocket: WebSocket, around: _Around, seat: Seat) -> StarletteWire | StraightWire:
    settings = around.settings
    allowance = Allowance(settings.frames_per_s, settings.frame_bytes_per_s)
    straight = websocket.scope.get("extensions", {}).get(STRAIGHT)
    if straight is None:
        return StarletteWire(websocket, settings.max_frame_bytes, allowance)
    cookie = websocket.cookies.get(COOKIE)
    return StraightWire(straight, cookie, allowance, around.pulse, seat)


def _is_foreign(origin: str | None, host: str | None, settings: Settings) -> bool:
    """Whether a page of another site opens the socket. Programs send no origin."""
    if origin is None or origin in settings.origins:
        return False
    return urlsplit(origin).netloc != host
