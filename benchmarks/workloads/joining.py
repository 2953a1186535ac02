"""A long-edited section is opened after a restart: by one, or by a hundred at once."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.rooms.frames import Auth, Frame, Kind, Sync
from benchmarks.load.clients import Client, Listener, Place, empty_text, join, words_of
from benchmarks.load.sockets import ThinSocket
from benchmarks.machine import load_average, resident_bytes
from benchmarks.servers.base import MeasuredServer, Setting
from benchmarks.servers.texts import state_of
from benchmarks.workloads.base import Figures, Length, Workload, Wrong, all_acknowledged

_SAVED_S = 15.0


class Joiner(Client):
    """Somebody who waits for a whole text and does not read it yet."""

    def __init__(self, socket: ThinSocket, place: Place) -> None:
        self.at = 0.0
        self.whole = b""
        # What a whole text begins with: all but its length.
        step2 = place.speech.frame(Kind.SYNC, place.address, Sync.STEP2, b"")
        self._beginning = step2[:-1]
        super().__init__(socket, place)

    def _hears_raw(self, source: bytes) -> None:
        if self.synced.done() or not source.startswith(self._beginning):
            super()._hears_raw(source)
        else:
            self.at, self.whole = time.perf_counter(), source
            self.synced.set_result(None)

    def hears(self, frame: Frame) -> None:
        """Take only what says that one is kept out."""
        if frame.kind is Kind.CLOSE or (frame.kind is Kind.AUTH and frame.sub == Auth.DENIED):
            super().hears(frame)

    @property
    def words(self) -> str:
        """The characters of the text that came."""
        doc = empty_text()
        doc.apply_update(self.place.speech.read(self.whole).body)
        return words_of(doc)


@dataclass(frozen=True)
class Joining(Workload):
    """`clients` open a section whose log is `rows`, the server having just been started.

    Servers that keep nothing are not restarted: somebody stays, and the text is warm.
    """

    name: str
    title: str
    clients: int
    rows: Callable[[], tuple[bytes, ...]]
    server_names: Sequence[str]
    has_checkpoint: bool = True

    def setting(self) -> Setting:
        """Return one section with a long log, or with the text that it comes to."""
        rows = self.rows()
        text = state_of(rows)
        return Setting(self.clients, 1, text, rows=rows, has_checkpoint=self.has_checkpoint)

    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it: milliseconds until all have the text, and the server's CPU for that."""
        if not server.holds_text:
            await self._bring(server)
        before, resident = server.meter(), resident_bytes(server.pid)
        joined = [join(Joiner, server.place(0, n), n) for n in range(self.clients)]
        joiners: list[Joiner] = await asyncio.gather(*joined)
        after = server.meter()
        times = sorted(joiner.at - before.at for joiner in joiners)
        expected = empty_text()
        expected.apply_update(server.setting.text)
        texts = {joiner.words for joiner in (joiners[0], joiners[-1])}
        if texts != {words_of(expected)}:
            raise Wrong("the text that came is not the one that was written")
        return {
            "all_synced_ms": round(times[-1] * 1000, 1),
            "first_synced_ms": round(times[0] * 1000, 1),
            "cpu_ms": round((after.server_s - before.server_s) * 1000, 1),
            "received_mb": round(sum(joiner.socket.bytes for joiner in joiners) / 2**20, 1),
            "grown_mb": round((resident_bytes(server.pid) - resident) / 2**20, 1),
            "generator_percent": before.until(after)["generator_percent"],
            "is_cold": server.keeps,
            "load_average": load_average(),
        }

    async def _bring(self, server: MeasuredServer) -> None:
        """Let a client write the text, and restart the server if it keeps it."""
        writer: Client = await join(Listener, server.place(0, 0), 0)
        writer.send(server.setting.text)
        if not await all_acknowledged(server.speech, [writer], _SAVED_S):
            raise Wrong("the text was not taken")
        if server.keeps:
            writer.socket.hang_up()
            await server.saved()
            await asyncio.to_thread(server.pause)
            await asyncio.to_thread(server.start)
        else:
            reader = await join(Listener, server.place(0, 1), 1)
            reader.counts_only()
