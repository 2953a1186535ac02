"""What an open section and an idle client cost in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load.clients import Client, Listener, join
from benchmarks.machine import load_average, resident_bytes
from benchmarks.servers.base import MeasuredServer, Setting
from benchmarks.servers.texts import drafted_text
from benchmarks.workloads.base import Figures, Length, Workload, check_clients, open_section

_WARM = 20
_SETTLED_S = 4.0


@dataclass(frozen=True)
class Memory(Workload):
    """First `sections` are opened by one client each, then `clients` join one of them."""

    name: str
    title: str
    sections: int
    clients: int
    server_names: Sequence[str]

    def setting(self) -> Setting:
        """Return sections with a text each."""
        return Setting(self.clients + _WARM, self.sections + _WARM, drafted_text())

    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it: kilobytes of resident memory for each section and each client."""
        settled_s = min(_SETTLED_S, length.measured_s)
        if server.keeps and not server.holds_text:
            await self._bring(server)
        clients = await self._open(server, range(_WARM))
        clients += await self._join(server, range(_WARM))
        await asyncio.sleep(settled_s)
        base = resident_bytes(server.pid)
        clients += await self._open(server, range(_WARM, _WARM + self.sections))
        await asyncio.sleep(settled_s)
        opened = resident_bytes(server.pid)
        clients += await self._join(server, range(_WARM, _WARM + self.clients))
        await asyncio.sleep(settled_s)
        joined = resident_bytes(server.pid)
        before = server.meter()
        await asyncio.sleep(settled_s)
        idle = before.until(server.meter())
        check_clients(server.speech, clients, [])
        return {
            "base_mb": round(base / 2**20, 1),
            "kb_per_section": round((opened - base) / 1024 / self.sections, 1),
            "kb_per_client": round((joined - opened) / 1024 / self.clients, 1),
            "idle_percent": idle["server_percent"],
            "load_average": load_average(),
        }

    async def _bring(self, server: MeasuredServer) -> None:
        """Write every text and restart, so that sections are opened that nobody has written to."""
        writers = await self._open(server, range(_WARM + self.sections))
        for writer in writers:
            writer.socket.hang_up()
        await server.saved()
        await asyncio.to_thread(server.pause)
        server.holds_text = True
        await asyncio.to_thread(server.start)

    async def _open(self, server: MeasuredServer, sections: range) -> list[Client]:
        clients: list[Client] = []
        for section in sections:
            clients += await open_section(server, section, [(Listener, 0)])
        return clients

    async def _join(self, server: MeasuredServer, people: range) -> list[Client]:
        clients: list[Client] = []
        step = server.joins_at_once
        for first in range(people.start, people.stop, step):
            some = range(first, min(first + step, people.stop))
            joins = [join(Client, server.place(0, number), number) for number in some]
            clients += await asyncio.gather(*joins)
        return clients
