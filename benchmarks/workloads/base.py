"""What every workload is made of, and the clients that most of them begin with."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.load.clients import Client, Listener, Typist, join, words_of
from benchmarks.load.speech import Speech
from benchmarks.servers.base import MeasuredServer, Setting

Figures: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Length:
    """How long a run lasts. warm_s is played before anything is read off.

    behind_s: who is not done with all that was typed by then has not kept up.
    """

    warm_s: float
    measured_s: float
    behind_s: float = 1.0


FULL = Length(2.0, 10.0)
QUICK = Length(1.0, 5.0)
TINY = Length(0.2, 0.6, behind_s=60.0)
_QUIET_WITHIN_S, _LOOK_AGAIN_S = 10.0, 0.05


class Workload(ABC):
    """One load. `server_names`: whom it is played on, ours first, the baseline second."""

    name: str
    title: str
    server_names: Sequence[str]

    @abstractmethod
    def setting(self) -> Setting:
        """Return what it is played on."""

    @abstractmethod
    async def play(self, server: MeasuredServer, length: Length) -> Figures:
        """Play it on a started server and return the figures."""


class Wrong(Exception):
    """What a server did in a run that makes its figures worthless."""


async def open_section(
    server: MeasuredServer, section: int, people: Sequence[tuple[type[Client], int]]
) -> list[Any]:
    """Return a client of each kind and person in a section, the first of whom brings the text."""
    first, *others = people
    opener: Client = await join(first[0], server.place(section, first[1]), first[1])
    if not server.holds_text:
        opener.send(server.setting.text)
        if isinstance(opener, Listener):
            opener.doc.apply_update(server.setting.text)
    clients = [opener]
    for start in range(0, len(others), server.joins_at_once):
        some = others[start : start + server.joins_at_once]
        joins = [join(kind, server.place(section, person), person) for kind, person in some]
        clients += await asyncio.gather(*joins)
    return clients


async def all_acknowledged(speech: Speech, typists: Sequence[Client], within_s: float) -> bool:
    """Return whether every edit is acknowledged in time, where a server does that at all."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while speech.has_addresses and any(len(t.statuses) < t.owed for t in typists):
        if loop.time() > deadline:
            return False
        await asyncio.sleep(0.005)
    return True


async def check_text(
    server: MeasuredServer, section: int, listeners: Sequence[Listener], typists: Sequence[Typist]
) -> None:
    """Pass if all listeners, and one who comes only now, come to read the same and all typed words.

    Effects: waits until nothing is on its way any more. Raises: Wrong.
    """
    late = await join(Listener, server.place(section, 0), 0)
    everybody = [*listeners, late]
    # What others wrote just before may still be on its way to some.
    deadline = asyncio.get_running_loop().time() + _QUIET_WITHIN_S
    while len(texts := {words_of(listener.doc) for listener in everybody}) != 1:
        if asyncio.get_running_loop().time() > deadline:
            raise Wrong(f"{server.name}: section {section} reads differently at its listeners")
        await asyncio.sleep(_LOOK_AGAIN_S)
    late.socket.hang_up()
    text = texts.pop()
    for typist in typists:
        assert typist.draft is not None
        if typist.draft.text not in text:
            raise Wrong(f"{server.name}: section {section} lacks what {typist.draft.marker} typed")


def check_clients(speech: Speech, clients: Sequence[Client], typists: Sequence[Typist]) -> None:
    """Pass if nobody was cut off, nothing refused and every edit acknowledged. Raises: Wrong."""
    lost = [client for client in clients if client.socket.is_closed or client.ended is not None]
    if lost:
        code, reason = lost[0].socket.close_code, lost[0].ended
        raise Wrong(f"{len(lost)} clients were cut off, the first with {code} {reason}")
    if not speech.has_addresses:
        return
    for typist in typists:
        if set(typist.statuses) != {1}:
            raise Wrong(f"edits were refused: {typist.statuses.count(0)}")
        if len(typist.statuses) < typist.owed:
            raise Wrong("edits were not acknowledged")


def per_delivery(used: Figures, deliveries: int) -> Figures:
    """Return what was used, its seconds of CPU as microseconds for each delivery."""
    figures = dict(used)
    figures["us_per_delivery"] = figures.pop("server_cpu_s") * 1e6 / deliveries
    if "beside_cpu_s" in figures:
        figures["beside_us_per_delivery"] = figures.pop("beside_cpu_s") * 1e6 / deliveries
    return figures
