"""One connection that speaks the y-websocket protocol: one document, no acknowledgements."""

from time import perf_counter

from app.errors import AppError
from app.rooms.connections.admission import Admitted
from app.rooms.connections.attachment import Attachment, Closed
from app.rooms.connections.hocuspocus import (
    is_caret,
    reason_of,
    scope,
    try_large,
)
from app.rooms.connections.limits import Seat
from app.rooms.connections.outbox import Outbox
from app.rooms.connections.wires import AnyWire, carry
from app.rooms.frames import Frame, Kind, Malformed, Sync, decode_bare
from app.rooms.precautions.trial import LARGE_BYTES
from app.rooms.registry import RoomRegistry
from app.rooms.room import Room


class YWebsocketConnection:
    """The one document of a socket that has signed in."""

    def __init__(self, wire: AnyWire, rooms: RoomRegistry, outbox: Outbox) -> None:
        self._wire = wire
        self._rooms = rooms
        self._outbox = outbox
        self.seat: Seat | None = None
        """Where it is counted, if it is."""

    async def run(self, admitted: Admitted) -> AppError | None:
        """Pump frames until either end is done; return why the server ends it, if it does."""
        if admitted.section_id is None:
            return Closed("This address is a report's; a section's is needed.")
        strikes = self._rooms.strikes
        strikes.check(admitted.actor.member_id)
        room = await self._rooms.open_at(admitted.section_id, admitted.head)
        watch = self._rooms.watch(admitted.report_id)
        attachment = Attachment(self._outbox, admitted.actor, None)
        if self.seat is not None:
            attachment.account = self.seat.account_of(admitted.actor.member_id)
        attachment.when_closed = lambda: room.leave(attachment)
        attachment.accept(*scope(admitted, room))
        room.join(attachment)
        if watch.rights_version > admitted.version:
            watch.look_again()
        attachment.step1(room.vector())
        try:
            hearer = _Hearer(self._rooms, room, attachment)
            ended = await carry(self._wire, self._outbox, hearer, pings=False)
        finally:
            attachment.end()
        error = reason_of(ended)
        if isinstance(error, Malformed):
            strikes.count(admitted.actor.member_id)
        if isinstance(error, Closed):
            await self._outbox.flush(self._wire.send)
        return error


class _Hearer:
    """Hands to a room what comes for its one attachment."""

    def __init__(self, rooms: RoomRegistry, room: Room, attachment: Attachment) -> None:
        self._rooms = rooms
        self._room = room
        self._attachment = attachment

    def hears_at_once(self, source: bytes) -> bool:
        """Take a message, unless it must be waited for."""
        frame = decode_bare(source)
        if not self._attachment.has(len(source)):
            return False
        if frame.kind is Kind.SYNC and frame.sub != Sync.STEP1:
            if self._attachment.is_full() or len(frame.body) >= LARGE_BYTES:
                return False
        self._take(frame)
        return True

    async def hears(self, source: bytes) -> None:
        """Take a message, however long that takes."""
        frame = decode_bare(source)
        await self._attachment.until_has(len(source))
        if frame.kind is Kind.SYNC and frame.sub != Sync.STEP1:
            await self._attachment.has_place()
            if len(frame.body) >= LARGE_BYTES:
                await try_large(self._rooms.trials, self._room, self._attachment, frame.body)
        self._take(frame)

    def _take(self, frame: Frame) -> None:
        if self._attachment.is_open and frame.kind is not Kind.AUTH:
            began = perf_counter()
            self._room.receive(self._attachment, frame)
            if not is_caret(frame):
                self._attachment.spends(perf_counter() - began)
