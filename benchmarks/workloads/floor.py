"""What sending alone costs: one send() for each receiver, nothing read, nothing thought."""

import asyncio
import os
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import machine
from benchmarks.servers.base import MeasuredServer, Setting
from benchmarks.workloads.base import Figures, Length, Workload

_FRAME = b"\x82\x50" + bytes(80)


@dataclass(frozen=True)
class Floor(Workload):
    """Frames of 82 bytes to `receivers` sockets, `rounds_per_s` times a second."""

    name: str
    title: str
    receivers: int
    rounds_per_s: float
    server_names: Sequence[str] = ("floor",)

    def setting(self) -> Setting:
        """Return an empty setting: there is no server."""
        return Setting(0, 0, b"")

    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it: microseconds of CPU for each frame sent."""
        return await asyncio.to_thread(self._play, length)

    def _play(self, length: Length) -> Figures:
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
            child = os.fork()
            if child == 0:
                _drain(listening.getsockname(), self.receivers)
            senders = [listening.accept()[0] for _ in range(self.receivers)]
        os.sched_setaffinity(0, {machine.SERVER_CORE})
        used, sent, end = 0.0, 0, time.perf_counter() + length.measured_s
        while time.perf_counter() < end:
            before = time.thread_time()
            for sender in senders:
                sender.send(_FRAME)
            used += time.thread_time() - before
            sent += len(senders)
            time.sleep(1 / self.rounds_per_s)
        for sender in senders:
            sender.close()
        os.waitpid(child, 0)
        return {
            "us_per_delivery": used * 1e6 / sent,
            "frames": sent,
            "load_average": machine.load_average(),
        }


def _drain(address: tuple[str, int], count: int) -> None:
    """Receive in a program of its own until the other end closes; never returns."""
    waiting = select.epoll()
    receivers = {}
    for _ in range(count):
        receiver = socket.create_connection(address)
        receivers[receiver.fileno()] = receiver
        waiting.register(receiver.fileno(), select.EPOLLIN)
    while receivers:
        for number, _ in waiting.poll():
            if not receivers[number].recv(65536):
                waiting.unregister(number)
                receivers.pop(number).close()
    os._exit(0)
