"""Many sections at once, two typists in each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load.clients import Typist
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

_LISTENED_SECTIONS = 10
_DRAIN_S = 60.0


@dataclass(frozen=True)
class Pairs(Workload):
    """Two typists in each of `sections`, each writing `edits_per_s` in their own rhythm."""

    name: str
    title: str
    sections: int
    edits_per_s: float
    server_names: Sequence[str]

    def setting(self) -> Setting:
        """Return many sections with a text each, twenty to a report."""
        return Setting(2 * self.sections, self.sections, drafted_text())

    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it: figures per edit, each of which has one receiver."""
        typists = await self._gather(server)
        pairs = [typists[at : at + 2] for at in range(0, len(typists), 2)]
        listened = pairs[: min(_LISTENED_SECTIONS, self.sections)]
        watches = [Watched(pair, pair) for pair in listened]
        pace = Pace(typists, self.edits_per_s)
        pace.start()
        await asyncio.sleep(length.warm_s)
        before, sent = server.meter(), pace.sent
        for watched in watches:
            watched.since = before.at
        await asyncio.sleep(length.measured_s)
        await pace.stop()
        typed = server.meter()
        has_all = all([await watched.all_here(_DRAIN_S) for watched in watches])
        has_all = has_all and await all_acknowledged(server.speech, typists, _DRAIN_S)
        after = server.meter()
        edits = pace.sent - sent
        for section, pair in enumerate(listened if has_all else []):
            await check_text(server, section, pair, pair)
        check_clients(server.speech, typists, typists if has_all else [])
        used = before.until(after)
        acks = ack_delays(typists, before.at)
        seen = watches[0].seen
        for watched in watches[1:]:
            seen.values += watched.seen.values
        return {
            **per_delivery(used, edits),
            "edits_per_s": round(edits / (typed.at - before.at), 1),
            "p50_ms": seen.percentile_ms(50),
            "p99_ms": seen.percentile_ms(99),
            "ack_p50_ms": acks.percentile_ms(50),
            "ack_p99_ms": acks.percentile_ms(99),
            "kept_up": has_all and after.at - typed.at < length.behind_s,
            "late_ms": round(pace.late_s * 1000, 1),
            "resident_mb": round(resident_bytes(server.pid) / 2**20, 1),
            "load_average": load_average(),
        }

    async def _gather(self, server: MeasuredServer) -> list[Typist]:
        typists: list[Typist] = []
        at_once = min(5, server.joins_at_once)
        for first in range(0, self.sections, at_once):
            numbers = range(first, min(first + at_once, self.sections))
            for pair in await asyncio.gather(*(self._pair(server, n) for n in numbers)):
                typists += pair
        return typists

    async def _pair(self, server: MeasuredServer, section: int) -> list[Typist]:
        people = [(Typist, 2 * section), (Typist, 2 * section + 1)]
        pair: list[Typist] = await open_section(server, section, people)
        for number, typist in enumerate(pair):
            typist.keeps_text = section < _LISTENED_SECTIONS
            typist.begin(f"writer {number} of section {section}: ")
        return pair
