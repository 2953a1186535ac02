"""uvicorn's websocket, leaner: whole frames straight to and from whoever takes it over."""

import asyncio
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

try:
    from websockets.speedups import apply_mask
except ImportError:
    from websockets.utils import apply_mask

from app.logs import get_logger
from app.rooms.connections.straight_socket import STRAIGHT, Ear
from app.serving.doors import address_of, cookies_of, door_for

# The other end gets so long to take what was last said to it.
_FAREWELL_S = 10.0
# Above `high` nothing is written before the buffer has shrunk to `low`.
_HIGH_BYTES, _LOW_BYTES = 64 * 1024, 16 * 1024
# So much may wait of what nobody hears yet, or any more.
_UNHEARD_BYTES = 64 * 1024
# Browsers part a large message into pieces of some kilobytes.
_MAX_PIECES = 1024
_WHOLE_BINARY, _MASKED, _CONTROL = 0x82, 0x80, 0x08
_MAX_CONTROL_BYTES = 125
# A message shorter than that has a head of two bytes and four of the mask.
_SMALL, _SMALL_HEAD = 126, 6


logger = get_logger(__name__)


class LeanSocket(WebSocketsSansIOProtocol):
    """A websocket that an application may take over, past ASGI's messages and queues.

    It finds the frames itself. Whole binary messages, which is nearly all that comes, go to the
    ear at once; everything else goes through the library's parser, frame by frame. Until it is
    taken over it is uvicorn's own protocol.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_heard = False
        """Whether anything came since this was last set to False."""
        self._ear: Ear | None = None
        self._rest = bytearray()
        self._wanted_bytes = 0
        """How long the frame that has begun is, as far as its head is here."""
        self._half_bytes = 0
        """How much of a message that is not whole was told to the ear."""
        self._is_deaf = False
        """Nothing that comes is looked at any more."""
        self._farewell: asyncio.TimerHandle | None = None

    # --------------------------------------------------------- what the application calls

    def take_over(self, ear: Ear) -> None:
        """Give every message to the ear from now on, those first that came already."""
        self.stop_keepalive()
        self.transport.set_write_buffer_limits(_HIGH_BYTES, _LOW_BYTES)
        self._ear = ear
        while not self.queue.empty():
            event = self.queue.get_nowait()
            if event["type"] == "websocket.receive":
                self._give(event.get("bytes"))
        self._note_half()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.disconnected:
            ear.is_gone()

    def let_go(self) -> None:
        """Give nothing to the ear any more. A large message that has begun is dropped."""
        self._ear = None
        if len(self._rest) > _UNHEARD_BYTES:
            self._is_deaf, self._rest = True, bytearray()

    def write(self, framed: bytes) -> None:
        """Write whole frames as they stand."""
        self.transport.write(framed)

    @property
    def writes(self) -> Callable[[bytes], None]:
        """What `write` comes to, for who writes to many."""
        return self.transport.write

    @property
    def unsent_bytes(self) -> int:
        """How much the other end has not taken, beside what the kernel holds."""
        return self.transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Read nothing until `resume_reading`."""
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def close(self, code: int, reason: str) -> None:
        """Close it with these words, and wait a while for the other end to take note."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.resume_reading()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)

    def abort(self) -> None:
        """End it at once; what was not taken is dropped."""
        self.transport.abort()

    # ---------------------------------------------------------------- what asyncio calls

    def data_received(self, data: bytes) -> None:
        """Take whole frames from the front; keep the beginning of the next."""
        self.was_heard = True
        if self._is_small_and_whole(data):
            # Nearly all that comes is one keystroke, or a caret.
            self._give(apply_mask(data[_SMALL_HEAD:], data[2:_SMALL_HEAD]))
            return
        if self._is_deaf:
            return
        if not self.handshake_initiated:
            super().data_received(data)
            return
        if self._rest:
            self._rest += data
            if len(self._rest) < self._wanted_bytes:
                # However small the pieces are in which a large frame comes: it is looked at once.
                self._note_half()
                return
            data, self._rest = bytes(self._rest), bytearray()
            self._note_half()
        taken = self._take(data)
        self._rest = bytearray(data[taken:])
        self._note_half()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the ear."""
        super().connection_lost(exc)
        if self._farewell is not None:
            self._farewell.cancel()
        self._tell_gone()

    def pause_writing(self) -> None:
        """Tell the ear that the other end is slow."""
        super().pause_writing()
        if self._ear is not None:
            self._ear.is_clear = False

    def resume_writing(self) -> None:
        """Tell the ear that the other end takes more."""
        super().resume_writing()
        if self._ear is not None:
            self._ear.clears()

    # ------------------------------------------------------------- what uvicorn calls

    def handle_connect(self, event: Request) -> None:
        """Lead the socket to the application's own door, or let it see that it may take over."""
        if self._enters(event):
            return
        super().handle_connect(event)
        if not self.close_sent:
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[STRAIGHT] = self

    def handle_ping(self) -> None:
        """Answer, unless the answers pile up unread."""
        if self.unsent_bytes > _HIGH_BYTES:
            self.conn.data_to_send()
        else:
            super().handle_ping()

    def handle_cont(self, event: Frame) -> None:
        """Put a piece to those before it: they are not without end."""
        if len(self.frames) >= _MAX_PIECES:
            self.conn.fail(CloseCode.POLICY_VIOLATION, "This message comes in too many pieces.")
            self.handle_parser_exception()
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Give a message that came in pieces, or text, to the ear."""
        if self._ear is None:
            super().send_receive_event_to_app()
            return
        pieces, self.frames = self.frames, []
        self._give(b"".join(pieces) if self.curr_msg_data_type == "bytes" else None)

    def handle_close(self, event: Frame) -> None:
        """Tell the ear, though something may still be on its way out."""
        super().handle_close(event)
        self._tell_gone()

    def handle_parser_exception(self) -> None:
        """Tell the ear, though something may still be on its way out."""
        super().handle_parser_exception()
        self._tell_gone()

    def shutdown(self) -> None:
        """Tell the ear, though something may still be on its way out."""
        super().shutdown()
        self._tell_gone()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """See to it that the connection ends, whatever the other end does."""
        super().on_task_complete(task)
        if not self.disconnected:
            self._farewell = self.loop.call_later(_FAREWELL_S, self.transport.abort)

    # ------------------------------------------------------------------------- private

    def _enters(self, event: Request) -> bool:
        """Accept a socket for the door past ASGI; return whether that was done."""
        door = door_for(self.app, event)
        if door is None:
            return False
        response = self.conn.accept(event)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            return False
        del response.headers["Date"]
        for name, value in self.default_headers:
            response.headers[name.decode("latin-1")] = value.decode("latin-1")
        self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.handshake_initiated = self.handshake_complete = True
        address = address_of(self.app, self.client, event.headers)
        serving = door.serve(self, address, cookies_of(event.headers))
        task = self.loop.create_task(self._served(serving))
        task.add_done_callback(self.on_task_complete)
        self.tasks.add(task)
        return True

    async def _served(self, serving: Coroutine[Any, Any, None]) -> None:
        try:
            await serving
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # the CRDT library panics beside Exception
            logger.exception("live_socket_failed")
        finally:
            if self.close_timer is None:
                self.transport.close()

    def _is_small_and_whole(self, source: bytes) -> bool:
        """Whether this is a short binary message, masked and whole, that comes in no other."""
        size = len(source)
        return (
            self._ear is not None
            and _SMALL_HEAD < size < _SMALL_HEAD + _SMALL
            and source[0] == _WHOLE_BINARY
            and source[1] == _MASKED | size - _SMALL_HEAD
            and not self._rest
            and self.conn.current_size is None
        )

    def _take(self, source: bytes) -> int:
        """Take the whole frames at the front; return how many bytes they were."""
        at, size = 0, len(source)
        while size - at >= 2:
            end, body = _bounds(source, at)
            if end > size and not self._is_hopeless(source, at, end - body):
                self._wanted_bytes = end - at
                return at
            if source[at] == _WHOLE_BINARY and self._is_sound(source, at, end - body):
                self._give(apply_mask(source[body:end], source[body - 4 : body]))
            elif not self._take_carefully(source[at:end]):
                return size
            elif self._ear is not None:
                self._ear.pays(end - at)
            at = end
        self._wanted_bytes = 2
        return at

    def _is_sound(self, source: bytes, at: int, length: int) -> bool:
        """Whether a whole binary message may come here: masked, not too large, in no other."""
        return (
            self._ear is not None
            and source[at + 1] >= _MASKED
            and length <= self.config.ws_max_size
            and self.conn.current_size is None
        )

    def _is_hopeless(self, source: bytes, at: int, length: int) -> bool:
        """Whether a frame that has begun need not be waited for: the parser refuses its head."""
        is_control = bool(source[at] & _CONTROL)
        return (
            source[at + 1] < _MASKED
            or length + (self.conn.current_size or 0) > self.config.ws_max_size
            or (is_control and length > _MAX_CONTROL_BYTES)
        )

    def _take_carefully(self, source: bytes) -> bool:
        """Let the library's parser take a frame; return whether it may go on."""
        super().data_received(source)
        return self.conn.parser_exc is None and not self.transport.is_closing()

    def _note_half(self) -> None:
        """Tell how much has come of a message that is not whole."""
        half = len(self._rest) + (self.conn.current_size or 0)
        if self._ear is not None:
            grown, self._half_bytes = half - self._half_bytes, half
            if grown:
                self._ear.half_heard(grown)
        elif half > _UNHEARD_BYTES and self.close_sent:
            self.transport.abort()
        elif half > _UNHEARD_BYTES:
            self.pause_reading()

    def _tell_gone(self) -> None:
        ear, self._ear = self._ear, None
        if ear is not None:
            ear.is_gone()

    def _give(self, message: bytes | None) -> None:
        if self._ear is not None and not self.close_sent:
            self._ear.hears(message)


def _bounds(source: bytes, at: int) -> tuple[int, int]:
    """Return where the frame at this place ends, and where its content begins.

    A head that is not all here ends behind what is here.
    """
    length = source[at + 1] & 0x7F
    body = at + 6
    if length == 126:
        body, length = at + 8, int.from_bytes(source[at + 2 : at + 4], "big")
    elif length == 127:
        body, length = at + 14, int.from_bytes(source[at + 2 : at + 10], "big")
    if body > len(source):
        return body, body
    return body + length, body
