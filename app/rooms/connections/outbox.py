"""What is still to be sent on one connection: bounded, so that a slow reader slows nobody."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from app.errors import AppError
from app.rooms.frames import PING

SEND_TIMEOUT_S = 5.0
PING_AFTER_S = 10.0
# A frame in a queue costs more than its bytes.
_OVERHEAD_BYTES = 64

Send: TypeAlias = Callable[[bytes], Awaitable[None]]
Make: TypeAlias = Callable[[], bytes]
Lane: TypeAlias = tuple[Hashable, str]
"""Whose frames they are, and which of theirs."""


class Line(Protocol):
    """Where whole websocket frames can be written without waiting."""

    is_clear: bool
    """Whether what is written now goes out at once, or nearly so."""
    spoke: bool
    """Whether anything was written, as far as the line wants to know."""
    writes: Callable[[bytes], None]
    """`write` without its care, for who writes to many: sees to `spoke`, and to `is_gone`."""

    def is_gone(self) -> None:
        """Take note that the other end is gone."""

    def write(self, source: bytes) -> None:
        """Write whole frames as they stand."""
        ...

    def fails(self, error: AppError) -> None:
        """End the connection with this error."""
        ...


class SlowReader(AppError):
    """The other end does not take what is sent to it."""

    status = 408
    close_code = 4408


@dataclass(frozen=True, slots=True)
class _Item:
    frame: bytes | Make
    must_arrive: bool

    @property
    def size_bytes(self) -> int:
        """What it takes in memory while it waits."""
        return _OVERHEAD_BYTES + (len(self.frame) if isinstance(self.frame, bytes) else 0)


class Outbox:
    """The queue of one connection.

    Frames that must arrive (acknowledgements, notices) stay; the others can be made good by a
    whole state: when they take too much room they are dropped, and each lane that lost some gets
    its state anew, made at the moment of sending. On a line that is clear nothing waits at all.
    """

    __slots__ = (
        "_bytes",
        "_failure",
        "_items",
        "_lanes",
        "_late",
        "_limit",
        "_line",
        "_send_timeout_s",
        "_wake",
        "open_line",
        "overflows",
    )

    def __init__(self, limit_bytes: int, send_timeout_s: float = SEND_TIMEOUT_S) -> None:
        self._limit = limit_bytes
        self._send_timeout_s = send_timeout_s
        self._items: deque[_Item] = deque()
        self._bytes = 0
        self._lanes: dict[Lane, Make] = {}
        self._late: dict[Lane, Make] = {}
        self._wake: asyncio.Event | None = None
        self._failure: AppError | None = None
        self._line: Line | None = None
        self.open_line: Line | None = None
        """The line, while nothing waits that would have to go before what comes."""
        self.overflows = 0

    def lead_to(self, line: Line | None) -> None:
        """Let frames go out on this line whenever it is clear; None: wait for `pump` or `flush`."""
        self._line = line
        self._look()

    def clear_line(self) -> Line | None:
        """Return the line if a frame may go out on it now, before everything else."""
        line = self.open_line
        return line if line is not None and line.is_clear else None

    def goes_on(self) -> None:
        """Send what waits on the line, as long as it is clear."""
        line = self._line
        while line is not None and line.is_clear and self._failure is None:
            self._restate()
            if not self._items:
                return
            line.write(framed(self._pop()))

    def put(self, frame: bytes | Make) -> None:
        """Queue a frame that must arrive; a large one is best made when it is sent.

        Effects: a reader that lets too many pile up is cut off.
        """
        line = self.clear_line()
        if line is not None:
            line.write(framed(frame if isinstance(frame, bytes) else frame()))
            return
        self._append(_Item(frame, True))
        if self._bytes > 2 * self._limit:
            self.fail(SlowReader("Too much was waiting to be read."))

    def put_droppable(self, lane: Lane, frame: bytes, restate: Make) -> None:
        """Queue a frame of a lane whose whole state `restate` can give later."""
        line = self.clear_line()
        if line is not None:
            line.write(framed(frame))
            return
        if lane in self._late:
            return
        self._lanes[lane] = restate
        if self._bytes + len(frame) > self._limit:
            self._drop()
        else:
            self._append(_Item(frame, False))

    @property
    def is_behind(self) -> bool:
        """Whether anything waits, or a lane still waits for its state."""
        return bool(self._items or self._late)

    def forget(self, owner: Hashable) -> None:
        """Drop what an owner's lanes would still be sent."""
        for lanes in (self._late, self._lanes):
            for lane in [lane for lane in lanes if lane[0] == owner]:
                del lanes[lane]
        self._look()

    def fail(self, error: AppError) -> None:
        """End the connection with this error as soon as its sender looks."""
        self._failure = self._failure or error
        self._look()
        if self._line is not None:
            self._line.fails(self._failure)
        self._wakes()

    async def pump(self, send: Send, ping: bytes | None = PING) -> None:
        """Send what is queued until cancelled.

        ping: what is sent after ten silent seconds. Raises: SlowReader; what `fail` was given.
        """
        while True:
            frame = await self._next(ping)
            try:
                async with asyncio.timeout(self._send_timeout_s):
                    await send(frame)
            except TimeoutError:
                raise SlowReader("What is sent to you is not being read.") from None

    async def flush(self, send: Send) -> None:
        """Send what is queued now, while the other end still takes it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._send_timeout_s):
                while self._items:
                    await send(self._pop())

    async def _next(self, ping: bytes | None) -> bytes:
        while True:
            if self._failure is not None:
                raise self._failure
            self._restate()
            if self._items:
                return self._pop()
            self._wake = asyncio.Event()
            try:
                async with asyncio.timeout(PING_AFTER_S if ping else None):
                    await self._wake.wait()
            except TimeoutError:
                if ping:
                    return ping

    def _restate(self) -> None:
        """Once the queue is empty, queue the state of one lane that lost frames."""
        if not self._items and self._late:
            lane = next(iter(self._late))
            self._append(_Item(self._late.pop(lane), True))

    def _append(self, item: _Item) -> None:
        self._items.append(item)
        self._bytes += item.size_bytes
        self.open_line = None
        self._wakes()

    def _pop(self) -> bytes:
        item = self._items.popleft()
        self._bytes -= item.size_bytes
        if not self._items:
            self._lanes.clear()
            self._look()
        return item.frame if isinstance(item.frame, bytes) else item.frame()

    def _wakes(self) -> None:
        if self._wake is not None:
            self._wake.set()

    def _drop(self) -> None:
        self.overflows += 1
        self._items = deque(item for item in self._items if item.must_arrive)
        self._bytes = sum(item.size_bytes for item in self._items)
        self._late.update(self._lanes)
        self._lanes.clear()
        self._look()
        self._wakes()

    def _look(self) -> None:
        is_open = not self._items and not self._late and self._failure is None
        self.open_line = self._line if is_open else None


def framed(message: bytes) -> bytes:
    """Return a binary message as a server puts it on the wire."""
    return head_of(len(message)) + message


def head_of(size_bytes: int) -> bytes:
    """Return what goes before a binary message of this size."""
    if size_bytes < 126:
        return bytes((0x82, size_bytes))
    if size_bytes < 65536:
        return b"\x82\x7e" + size_bytes.to_bytes(2, "big")
    return b"\x82\x7f" + size_bytes.to_bytes(8, "big")
