"""One section, many connected: some type, everybody sees everything."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load.clients import Client, Listener, Typist
from benchmarks.load.latency import Watched, ack_delays
from benchmarks.load.pace import Pace
from benchmarks.machine import load_average, resident_bytes
from benchmarks.servers.base import MeasuredServer, Setting
from benchmarks.servers.texts import drafted_text
from benchmarks.workloads.base import (
    Figures,
    Length,
    Workload,
    all_acknowledged,
    check_clients,
    check_text,
    open_section,
    per_delivery,
)

_LISTENERS = 5
_DRAIN_S = 60.0


@dataclass(frozen=True)
class FanOut(Workload):
    """`typists` write `edits_per_s` together; `connected` counts them and the readers."""

    name: str
    title: str
    typists: int
    connected: int
    edits_per_s: float
    server_names: Sequence[str]
    agreed: int = 0

    def setting(self) -> Setting:
        """One section with a text, some of it agreed."""
        return Setting(self.connected, 1, drafted_text(), agreed=self.agreed)

    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it: figures per edit and receiver."""
        clients, typists, listeners = await self._gather(server)
        for number, typist in enumerate(typists):
            typist.begin(f"writer {number} of {server.name}: ")
        watched = Watched(listeners, typists)
        pace = Pace(typists, self.edits_per_s / self.typists)
        pace.start()
        await asyncio.sleep(length.warm_s)
        before, sent = server.meter(), pace.sent
        frames, received = _received(clients)
        watched.since = before.at
        await asyncio.sleep(length.measured_s)
        await pace.stop()
        typed = server.meter()
        has_all = await watched.all_here(_DRAIN_S)
        has_all = await all_acknowledged(server.speech, typists, _DRAIN_S) and has_all
        after = server.meter()
        edits = pace.sent - sent
        if has_all:
            await check_text(server, 0, listeners, typists)
        check_clients(server.speech, clients, typists if has_all else [])
        acks = ack_delays(typists, before.at)
        deliveries = edits * (self.connected - 1)
        used = before.until(after)
        all_frames, all_received = _received(clients)
        return {
            **per_delivery(used, deliveries),
            "edits_per_s": round(edits / (typed.at - before.at), 1),
            "frames_per_delivery": round((all_frames - frames) / deliveries, 3),
            "bytes_per_delivery": round((all_received - received) / deliveries, 1),
            "p50_ms": watched.seen.percentile_ms(50),
            "p99_ms": watched.seen.percentile_ms(99),
            "ack_p50_ms": acks.percentile_ms(50),
            "ack_p99_ms": acks.percentile_ms(99),
            "kept_up": has_all and after.at - typed.at < length.behind_s,
            "late_ms": round(pace.late_s * 1000, 1),
            "resident_mb": round(resident_bytes(server.pid) / 2**20, 1),
            "load_average": load_average(),
        }

    async def _gather(
        self, server: MeasuredServer
    ) -> tuple[list[Client], list[Typist], list[Listener]]:
        kinds: list[type[Client]] = [Typist] * self.typists
        listening = min(_LISTENERS, self.connected - self.typists)
        kinds += [Listener] * listening
        kinds += [Client] * (self.connected - len(kinds))
        people = [(kind, number) for number, kind in enumerate(kinds)]
        clients = await open_section(server, 0, people)
        typists = clients[: self.typists]
        listeners = clients[self.typists : self.typists + listening]
        for reader in clients[self.typists + listening :]:
            reader.counts_only()
        return clients, typists, listeners


def _received(clients: Sequence[Client]) -> tuple[int, int]:
    """Return how many frames, and bytes in them, have come to all clients."""
    sockets = [client.socket for client in clients]
    return sum(socket.frames for socket in sockets), sum(socket.bytes for socket in sockets)
