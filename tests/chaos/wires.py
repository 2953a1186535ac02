"""Wires without sockets between devices and a server: what is sent waits to be let on."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.broker.base import Broker
from app.db.engine import Database
from app.rooms.connections.hocuspocus import HocuspocusConnection
from app.rooms.connections.outbox import Outbox
from app.rooms.registry import RoomRegistry
from app.settings import Settings
from tests.chaos.driven import Owned, begin, driven_loop, settled, turns
from tests.chaos.peer import Peer

T = TypeVar("T")
_TURNS_TO_BEGIN, _TO_BEGIN_S = 3, 0.1


class Line:
    """One connection: two queues, each in order; either end may learn late that it is down."""

    cookie: str | None = None

    def __init__(self, peer: Peer, settings: Settings) -> None:
        self.peer = peer
        self.to_server: deque[bytes] = deque()
        self.to_client: deque[bytes | None] = deque()
        self.is_down = False
        """Whether what is sent on it is lost."""
        self.is_known_down = False
        """Whether the server has noticed, or has ended it itself."""
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._outbox_bytes = settings.outbox_bytes

    # ------------------------------------------------------- what the server is given

    async def receive(self) -> bytes | None:
        """Return the next message that was let on, or None when the server learns of the end."""
        return await self._inbox.get()

    async def send(self, frame: bytes) -> None:
        """Put a message on its way."""
        if self.is_known_down:
            raise ConnectionResetError
        self.to_client.append(bytes(frame))

    async def serve(self, database: Database, rooms: RoomRegistry) -> None:
        """Let the server serve it to its end."""
        connection = HocuspocusConnection(self, database, rooms, Outbox(self._outbox_bytes))
        try:
            await connection.run()
        finally:
            self.is_known_down = True
            self.to_client.append(None)

    # ------------------------------------------------------------- what the world does

    def client_sends(self, source: bytes) -> None:
        """Put a device's message on its way."""
        self.to_server.append(source)

    def deliver_to_server(self) -> None:
        """Let the server receive its next message."""
        self._inbox.put_nowait(self.to_server.popleft())

    def deliver_to_client(self) -> None:
        """Let the device receive its next message, or learn that the server ended it."""
        frame = self.to_client.popleft()
        if self.peer.send != self.client_sends:
            return
        if frame is None:
            self.peer.goes_offline()
        else:
            self.peer.hears(frame)

    def server_notices(self) -> None:
        """Let the server learn that it is down; what had not arrived never will."""
        self.is_known_down = True
        self.to_server.clear()
        self._inbox.put_nowait(None)


class Life:
    """One life of a server process: its rooms and connections, until it is killed or stopped."""

    def __init__(self, database: Database, broker: Broker, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.rooms = RoomRegistry(database, broker, settings)
        self.lines: list[Line] = []
        self._tasks: Owned = {}

    async def does(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work, done in this process, comes to."""
        return await begin(self._tasks, work)

    async def start(self) -> None:
        """Begin to serve."""
        await self.does(self.rooms.start())

    def connect(self, peer: Peer) -> None:
        """Open a connection for a device, which knows of no other any more."""
        line = Line(peer, self.settings)
        self.lines.append(line)
        begin(self._tasks, line.serve(self.database, self.rooms))
        peer.goes_online(line.client_sends)

    async def kill(self) -> None:
        """End everything where it stands, whatever was under way."""
        for line in self.lines:
            line.is_known_down = True
            if line.peer.send == line.client_sends:
                line.peer.goes_offline()
        while self._tasks:
            for task in self._tasks:
                if not _hands_back(task):
                    task.cancel()
            await asyncio.wait(self._tasks)
            # What was begun anew because something still waits gets as far as to take it.
            driven_loop().move_on(_TO_BEGIN_S)
            await turns(_TURNS_TO_BEGIN)

    async def stop(self) -> None:
        """End as an operator would end it."""
        await self.does(self.rooms.close())
        for line in self.lines:
            line.server_notices()
        await settled()
        await self.kill()


def _hands_back(task: "asyncio.Task[Any]") -> bool:
    """Whether it gives a connection back to the pool, which outlives the process that is killed."""
    work = getattr(task.get_coro(), "__qualname__", "")
    return work.startswith(("AsyncSession.", "AsyncConnection."))
