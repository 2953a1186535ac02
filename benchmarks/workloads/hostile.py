"""Stalled and flooding clients beside a section's readers and writers."""

import asyncio
import socket as sockets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.rooms.frames import EMPTY_VECTOR, AwarenessEntry, Kind, Sync, encode_awareness
from benchmarks.load.clients import Client, Listener, Place, Typist, empty_text, join
from benchmarks.load.latency import Delays, Watched, ack_delays
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
)

_WRITERS, _LISTENERS, _READERS = 10, 5, 200
_STALLED, _FLOODING = 50, 10
_EDITS_PER_S = 20.0
_ASKED_TIMES = 200
_BURST = 20
_BURST_S = 0.01
_BUFFERED_BYTES = 64 * 1024
_BACK_AFTER_S = 0.5
_SMALL_BUFFER_BYTES = 4096
_DRAIN_S = 15.0


@dataclass(frozen=True)
class Hostile(Workload):
    """Ten write and two hundred read; then fifty who stall and ten who flood come as well.

    The stalled ask for the whole text two hundred times each and read nothing of it. The flooding
    send what they can, up to 2,000 frames a second each, and come back when they are cut off.
    """

    name: str
    title: str
    server_names: Sequence[str]

    def setting(self) -> Setting:
        """Return one section, which all of them may write."""
        everybody = _WRITERS + _LISTENERS + _READERS + _STALLED + _FLOODING
        return Setting(everybody, 1, drafted_text())

    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it without the hostile, then with them: delays of the others, memory."""
        kinds: list[type[Client]] = [Typist] * _WRITERS
        kinds += [Listener] * _LISTENERS + [Client] * _READERS
        clients = await open_section(server, 0, [(kind, n) for n, kind in enumerate(kinds)])
        typists = clients[:_WRITERS]
        listeners = clients[_WRITERS : _WRITERS + _LISTENERS]
        for number, typist in enumerate(typists):
            typist.begin(f"writer {number}: ")
        watched = Watched(listeners, typists)
        pace = Pace(typists, _EDITS_PER_S / _WRITERS)
        pace.start()
        await asyncio.sleep(length.warm_s)
        calm = await _observed(server, watched, length)
        hostile = _Hostile(server, _WRITERS + _LISTENERS + _READERS)
        await hostile.start()
        harassed = await _observed(server, watched, length)
        await pace.stop()
        await hostile.stop()
        has_all = await watched.all_here(_DRAIN_S)
        has_all = await all_acknowledged(server.speech, typists, _DRAIN_S) and has_all
        if has_all:
            check_clients(server.speech, clients, typists)
            await check_text(server, 0, listeners, typists)
        acks = ack_delays(typists, calm["since"])
        return {
            **_compared(calm, harassed, has_all),
            "ack_p99_ms": acks.percentile_ms(99),
            "cut_off": hostile.cut_off,
            "flooded_frames": hostile.sent,
            "kept_up": has_all,
            "load_average": load_average(),
        }


def _compared(calm: Figures, harassed: Figures, has_all: bool) -> Figures:
    calm_p99, harassed_p99 = calm["p99_ms"], harassed["p99_ms"]
    return {
        "p99_calm_ms": calm_p99,
        "p99_ms": harassed_p99,
        "p99_ratio": round(harassed_p99 / calm_p99, 2) if has_all else None,
        "p50_calm_ms": calm["p50_ms"],
        "p50_ms": harassed["p50_ms"],
        "grown_mb": round(harassed["most_mb"] - calm["most_mb"], 1),
        "server_percent_calm": calm["server_percent"],
        "server_percent": harassed["server_percent"],
        "generator_percent": harassed["generator_percent"],
    }


async def _observed(server: MeasuredServer, watched: Watched, length: Length) -> Figures:
    """Return what the listeners and the memory came to while nothing was changed."""
    watched.seen = Delays()
    before = server.meter()
    watched.since = before.at
    most = 0
    for _ in range(10):
        await asyncio.sleep(length.measured_s / 10)
        most = max(most, resident_bytes(server.pid))
    return {
        **before.until(server.meter()),
        "since": before.at,
        "p50_ms": watched.seen.percentile_ms(50),
        "p99_ms": watched.seen.percentile_ms(99),
        "most_mb": most / 2**20,
    }


class _Hostile:
    """Everybody who means no good, until they are stopped."""

    def __init__(self, server: MeasuredServer, first_person: int) -> None:
        self.sent = 0
        self.cut_off = 0
        self._server = server
        self._first = first_person
        self._stalled: list[Client] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Let them come."""
        for number in range(_STALLED):
            self._stalled.append(await self._stall(self._first + number))
        for number in range(_FLOODING):
            person = self._first + _STALLED + number
            make = _FLOODS[number % len(_FLOODS)]
            self._tasks.append(asyncio.create_task(self._flood(person, make)))

    async def stop(self) -> None:
        """Send them away."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self._stalled:
            self.cut_off += client.socket.is_closed
            client.socket.hang_up()

    async def _stall(self, person: int) -> Client:
        place = self._server.place(0, person)
        client: Client = await join(Client, place, person)
        assert client.socket.transport is not None
        raw = client.socket.transport.get_extra_info("socket")
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, _SMALL_BUFFER_BYTES)
        client.socket.stall()
        ask = client.socket.framed(_step1(place))
        client.socket.send_raw(ask * _ASKED_TIMES)
        return client

    async def _flood(self, person: int, make: "Flood") -> None:
        while True:
            with suppress(OSError, TimeoutError):
                place = self._server.place(0, person)
                client: Client = await join(Client, place, person)
                await self._pour(client, make(client))
            self.cut_off += 1
            await asyncio.sleep(_BACK_AFTER_S)

    async def _pour(self, client: Client, messages: Sequence[bytes]) -> None:
        client.counts_only()
        socket = client.socket
        assert socket.transport is not None
        framed = [socket.framed(message) for message in messages]
        bursts = [b"".join(framed[at : at + _BURST]) for at in range(0, len(framed), _BURST)]
        number = 0
        try:
            while not socket.is_closed:
                if socket.transport.get_write_buffer_size() < _BUFFERED_BYTES:
                    socket.send_raw(bursts[number % len(bursts)])
                    self.sent += _BURST
                    number += 1
                await asyncio.sleep(_BURST_S)
        finally:
            socket.hang_up()


Flood = Callable[[Client], list[bytes]]


def _step1(place: Place) -> bytes:
    return place.speech.frame(Kind.SYNC, place.address, Sync.STEP1, EMPTY_VECTOR)


def _asking(client: Client) -> list[bytes]:
    """Ask for the whole text, over and over."""
    return [_step1(client.place)] * _BURST


def _typing(client: Client) -> list[bytes]:
    """Type as no person can."""
    doc = empty_text()
    body = doc["body"]
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    for _ in range(2000):
        body.insert(len(body), "!", {})
    doc.unobserve(subscription)
    return [client.place.speech.update(client.place.address, update) for update in made]


def _pointing(client: Client) -> list[bytes]:
    """Move a cursor without end."""
    place = client.place
    return [
        place.speech.frame(
            Kind.AWARENESS, place.address, 0, encode_awareness([AwarenessEntry(77, clock, "{}")])
        )
        for clock in range(1, 2001)
    ]


def _babbling(client: Client) -> list[bytes]:
    """Send updates that are none."""
    return [client.place.speech.update(client.place.address, bytes([255]) * 40)] * _BURST


_FLOODS: tuple[Flood, ...] = (_asking, _typing, _pointing, _babbling)
