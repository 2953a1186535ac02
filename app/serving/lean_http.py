"""uvicorn's HTTP, which waits for nobody who does not say what they want."""

import asyncio
from asyncio.transports import BaseTransport
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

# A request's head comes within this time, or the connection is cut.
_HEAD_S = 20.0
# So does the rest of a body that nobody reads any more; one that is read has a time of its own.
_BODY_S = 120.0


class LeanHttp(HttpToolsProtocol):
    """HTTP whose requests must say within a while what they want.

    What was asked for before is answered first, however long that takes.
    """

    _timer: asyncio.TimerHandle | None = None
    _patience_s = _HEAD_S

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a request, for a while."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._await(_HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the rest of its head, for a while."""
        super().on_message_begin()
        self._await(_HEAD_S)

    def on_headers_complete(self) -> None:
        """Wait for its body, for a while. A socket has its own ways of waiting."""
        self._stop_waiting()
        super().on_headers_complete()
        if not self.parser.should_upgrade():
            self._await(_BODY_S)

    def on_message_complete(self) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Give a request that began meanwhile its whole time from now on."""
        super().on_response_complete()
        if self._timer is not None:
            self._await(self._patience_s)

    def _await(self, patience_s: float) -> None:
        self._stop_waiting()
        self._patience_s = patience_s
        self._timer = self.loop.call_later(patience_s, self._give_up)

    def _give_up(self) -> None:
        """Cut the connection, unless an answer is still under way on it."""
        cycle: RequestResponseCycle | None = self.cycle
        is_answering = cycle is not None and not cycle.response_complete
        if is_answering or self.transport.get_write_buffer_size():
            self._await(self._patience_s)
        else:
            self.transport.abort()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
