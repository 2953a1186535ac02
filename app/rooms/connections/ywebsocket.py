"""One connection that speaks the y-websocket protocol: one document, no acknowledgements."""

import asyncio

from app.errors import AppError
from app.rooms.connections.admission import Admitted
from app.rooms.connections.attachment import Attachment, Closed
from app.rooms.connections.hocuspocus import Wire, reason_of, scope
from app.rooms.connections.outbox import Outbox
from app.rooms.frames import Kind, Sync, decode_bare
from app.rooms.registry import RoomRegistry
from app.rooms.room import Room


class YWebsocketConnection:
    """The one document of a socket that has signed in."""

    def __init__(self, wire: Wire, rooms: RoomRegistry, outbox: Outbox) -> None:
        self._wire = wire
        self._rooms = rooms
        self._outbox = outbox

    async def run(self, admitted: Admitted) -> AppError | None:
        """Pump frames until either end is done; return why the server ends it, if it does."""
        if admitted.section_id is None:
            return Closed("This address is a report's; a section's is needed.")
        room = await self._rooms.open(admitted.section_id)
        watch = self._rooms.watch(admitted.report_id)
        attachment = Attachment(self._outbox, admitted.actor, None)
        attachment.when_closed = lambda: room.leave(attachment)
        attachment.accept(*scope(admitted, room))
        room.join(attachment)
        if watch.version > admitted.version:
            watch.look_again()
        attachment.step1(room.vector())
        pump = asyncio.create_task(self._outbox.pump(self._wire.send, ping=None))
        reader = asyncio.create_task(self._read(room, attachment))
        try:
            await asyncio.wait({pump, reader}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (pump, reader):
                task.cancel()
            ended = await asyncio.gather(pump, reader, return_exceptions=True)
            attachment.end()
        error = reason_of(ended)
        if isinstance(error, Closed):
            await self._outbox.flush(self._wire.send)
        return error

    async def _read(self, room: Room, attachment: Attachment) -> None:
        while (source := await self._wire.receive()) is not None:
            frame = decode_bare(source)
            if frame.kind is Kind.SYNC and frame.sub != Sync.STEP1:
                await attachment.has_place()
            if attachment.is_open and frame.kind is not Kind.AUTH:
                room.receive(attachment, frame)
