"""A websocket past ASGI: frames written straight out, heard as they come, no task of its own."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from starlette.websockets import (
    WebSocket,
    WebSocketDisconnect,
    WebSocketDisconnected,
    WebSocketState,
)

from app.errors import AppError
from app.rooms.connections.limits import Allowance, Pulse, Seat
from app.rooms.connections.outbox import PING_AFTER_S, SEND_TIMEOUT_S, Outbox, SlowReader, framed
from app.rooms.frames import PING, Malformed

STRAIGHT = "rapporteur.straight"
"""The extension under which a server lets a socket be taken over."""

LISTEN_AFTER_S, GONE_AFTER_S = 20.0, 60.0
_WS_PING = b"\x89\x00"
# A close frame holds 125 bytes, two of which are the code.
_REASON_BYTES = 120
_WELL = 1000
_SEND_BUFFER_BYTES = 256 * 1024
# A message that waits takes more than its bytes.
_MESSAGE_BYTES = 64


class HalfOpen(AppError):
    """Nothing came from the other end for so long that it must have gone."""

    status = 408
    close_code = 4408


class Ear(Protocol):
    """Who takes a socket over."""

    is_clear: bool

    def hears(self, message: bytes | None) -> None:
        """Take a binary message; None for text."""

    def pays(self, size_bytes: int) -> None:
        """Count what came beside whole messages: pings and pieces."""

    def half_heard(self, grown_bytes: int) -> None:
        """Take note of how much more, or less, has come of a message that is not whole."""

    def clears(self) -> None:
        """Write on: the other end takes more."""

    def is_gone(self) -> None:
        """Take note that the other end is gone."""


class Straight(Protocol):
    """A socket that can be taken over; app.serving.lean has the real one."""

    was_heard: bool

    def take_over(self, ear: Ear) -> None:
        """Give every message to the ear from now on."""

    def let_go(self) -> None:
        """Give nothing to the ear any more."""

    def write(self, framed: bytes) -> None:
        """Write whole frames as they stand."""

    @property
    def writes(self) -> Callable[[bytes], None]:
        """What `write` comes to, for who writes to many."""

    @property
    def unsent_bytes(self) -> int:
        """How much the other end has not taken."""

    def pause_reading(self) -> None:
        """Read nothing until `resume_reading`."""

    def resume_reading(self) -> None:
        """Read on."""

    def close(self, code: int, reason: str) -> None:
        """Close it with these words, unless the other end already did."""

    def abort(self) -> None:
        """End it at once."""


class Hearer(Protocol):
    """A connection: what it does with what it is sent."""

    def hears_at_once(self, source: bytes) -> bool:
        """Take a message, unless it must be waited for. Raises: AppError, which ends it."""

    async def hears(self, source: bytes) -> None:
        """Take a message, however long that takes. Raises: AppError, which ends it."""


class StraightWire:
    """A websocket that is written to and heard past ASGI, without a task of its own."""

    __slots__ = (
        "_allowance",
        "_backlog",
        "_catching_up",
        "_cleared",
        "_heard_at",
        "_hearer",
        "_outbox",
        "_over",
        "_ping",
        "_pulse",
        "_seat",
        "_spoke_at",
        "_stalled_at",
        "_straight",
        "_unsent",
        "cookie",
        "is_clear",
        "spoke",
        "writes",
    )

    def __init__(
        self,
        straight: Straight,
        cookie: str | None,
        allowance: Allowance,
        pulse: Pulse,
        seat: Seat,
    ) -> None:
        self.cookie = cookie
        self.is_clear = True
        """Whether what is written now goes out at once, or nearly so."""
        self.spoke = True
        """Whether anything was written since the last beat."""
        self.writes = straight.writes
        """Writes whole frames; the caller sees to `spoke`, and to `is_gone` if that raises."""
        self._straight = straight
        self._allowance = allowance
        self._pulse = pulse
        self._seat = seat
        self._outbox: Outbox | None = None
        self._over: asyncio.Future[None] | None = None
        self._backlog: deque[bytes | None] | None = None
        """What waits to be taken; None for what only counts."""
        self._catching_up: asyncio.Task[None] | None = None
        self._cleared: asyncio.Future[None] | None = None
        self._ping = False
        self._spoke_at = self._heard_at = self._stalled_at = 0.0
        self._hearer: Hearer
        self._unsent = 0

    async def carry(self, outbox: Outbox, hearer: Hearer, *, pings: bool) -> None:
        """Carry frames both ways until the other end is gone. Raises: why this end ends it."""
        loop = asyncio.get_running_loop()
        self._outbox, self._ping = outbox, pings
        self._hearer = hearer
        self._spoke_at = self._heard_at = loop.time()
        self._over = loop.create_future()
        outbox.lead_to(self)
        self._pulse.add(self)
        try:
            self._straight.take_over(self)
            outbox.goes_on()
            await self._over
        finally:
            self._straight.let_go()
            self._pulse.discard(self)
            outbox.lead_to(None)
            await self._drop_backlog()

    async def send(self, frame: bytes) -> None:
        """Write a binary message. Raises: OSError when the other end is gone."""
        self.write(framed(frame))

    async def close(self, error: AppError | None) -> None:
        """Close with the error's code and sentence; at once, if the other end takes nothing."""
        if not self.is_clear or self._straight.unsent_bytes > _SEND_BUFFER_BYTES:
            self._straight.abort()
        else:
            self._straight.close(*farewell(error))

    # ------------------------------------------------------------- what the outbox calls

    def write(self, source: bytes) -> None:
        """Write whole frames as they stand. A socket that has just died harms nobody else."""
        self.spoke = True
        try:
            self._straight.write(source)
        except (RuntimeError, OSError):
            self.is_gone()

    def fails(self, error: BaseException) -> None:
        """End the connection with this error."""
        if self._over is not None and not self._over.done():
            self._over.set_exception(error)

    # ------------------------------------------------------------- what the socket calls

    def hears(self, message: bytes | None) -> None:
        """Take a message now, or put it in line."""
        if self._over is None or self._over.done():
            return
        if message is None:
            self.fails(Malformed("Only binary messages are taken here."))
        elif self._backlog is not None or not self._hears_now(message):
            self._line_up(message)

    def pays(self, size_bytes: int) -> None:
        """Count what came beside whole messages: a flood of it is slowed down as any other."""
        if self._over is None or self._over.done():
            return
        if self._backlog is None and self.is_clear and self._allowance.has(size_bytes):
            self._allowance.take(size_bytes)
        else:
            self._line_up(None)

    def half_heard(self, grown_bytes: int) -> None:
        """Count how much has come of a message that is not whole."""
        self._seat.grows(grown_bytes)

    def clears(self) -> None:
        """Send what waits, as far as the other end takes it."""
        self.is_clear = True
        try:
            if self._outbox is not None:
                self._outbox.goes_on()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            self.fails(error)
        if self.is_clear and self._cleared is not None and not self._cleared.done():
            self._cleared.set_result(None)

    def is_gone(self) -> None:
        """Take note that the other end is gone."""
        self.is_clear = False
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

    # --------------------------------------------------------------- what the pulse calls

    def beat(self, now: float) -> None:
        """See whether the other end lives and reads; say something if nothing was said."""
        if self._straight.was_heard or self._backlog is not None:
            # While what came waits here, nobody listens for more.
            self._straight.was_heard, self._heard_at = False, now
        elif now - self._heard_at >= GONE_AFTER_S:
            self.is_clear = False
            self.fails(HalfOpen("Nothing has come from you for a minute."))
        if not self.is_clear:
            self._look_at_progress(now)
            return
        self._unsent = 0
        if self.spoke:
            self.spoke, self._spoke_at = False, now
        elif now - self._spoke_at >= PING_AFTER_S:
            self._speak(now)

    # ------------------------------------------------------------------------- private

    def _speak(self, now: float) -> None:
        """Say one byte to a client that waits for it; to others, what every websocket answers."""
        self._spoke_at = now
        if self._ping:
            self.write(framed(PING))
        if not self._ping or now - self._heard_at >= LISTEN_AFTER_S:
            self.write(_WS_PING)
        self.spoke = False

    def _look_at_progress(self, now: float) -> None:
        unsent = self._straight.unsent_bytes
        if unsent != self._unsent:
            self._unsent, self._stalled_at = unsent, now
        elif now - self._stalled_at >= SEND_TIMEOUT_S:
            self.fails(SlowReader("What is sent to you is not being read."))

    def _hears_now(self, message: bytes) -> bool:
        if not self.is_clear or not self._allowance.has(len(message)):
            return False
        try:
            is_taken = self._hearer.hears_at_once(message)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the CRDT library panics beside Exception
            self.fails(error)
            return True
        if is_taken:
            self._allowance.take(len(message))
        return is_taken

    def _line_up(self, message: bytes | None) -> None:
        """Let it wait until what came before is taken; nothing more is read meanwhile."""
        self._seat.grows(_MESSAGE_BYTES + len(message or b""))
        if self._backlog is not None:
            self._backlog.append(message)
            return
        self._straight.pause_reading()
        self._backlog = deque([message])
        self._catching_up = asyncio.create_task(self._catch_up(self._backlog))

    async def _catch_up(self, backlog: deque[bytes | None]) -> None:
        """Take what waits, one by one, as fast as the other end reads and as is allowed."""
        try:
            while backlog:
                message = backlog.popleft()
                size = len(message or b"")
                await self._until_clear()
                await self._allowance.wait(size)
                self._seat.grows(-_MESSAGE_BYTES - size)
                if message is not None:
                    await self._hearer.hears(message)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self.fails(error)
            return
        self._backlog = self._catching_up = None
        self._straight.resume_reading()

    async def _until_clear(self) -> None:
        while not self.is_clear:
            self._cleared = asyncio.get_running_loop().create_future()
            await self._cleared

    async def _drop_backlog(self) -> None:
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)
            self._catching_up = None


async def close_socket(websocket: WebSocket, error: AppError | None) -> None:
    """Close with the error's code and sentence, unless the other end already did."""
    if websocket.client_state is WebSocketState.DISCONNECTED:
        return
    try:
        await websocket.close(*farewell(error))
    except (WebSocketDisconnect, WebSocketDisconnected, RuntimeError, OSError):
        return


def farewell(error: AppError | None) -> tuple[int, str]:
    """Return the code and the sentence with which a socket is closed."""
    code = error.close_code if error is not None else _WELL
    return code, str(error or "").encode()[:_REASON_BYTES].decode(errors="ignore")
