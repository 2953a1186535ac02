"""Plays workloads on servers in turns: a fresh server for each run, the order alternating."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import uvloop

from benchmarks.load.sockets import hang_up_all
from benchmarks.servers.base import MeasuredServer
from benchmarks.workloads.base import Figures, Length, Workload, Wrong

Tell = Callable[[str], None]
_RUN_S = 300.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what was played on whom in which repeat, and its figures or what went wrong."""

    workload: str
    server: str
    repeat: int
    figures: Figures
    fault: str = ""


def rounds(
    workload: Workload,
    servers: Sequence[type[MeasuredServer]],
    repeats: int,
    length: Length,
    tell: Tell,
) -> Iterator[Run]:
    """Play the workload on every server in each repeat: A to Z, Z to A, A to Z…"""
    for repeat in range(repeats):
        order = list(servers) if repeat % 2 == 0 else list(reversed(servers))
        for kind in order:
            run = _played(workload, kind, repeat, length)
            tell(_line(run, repeats))
            yield run


def _played(workload: Workload, kind: type[MeasuredServer], repeat: int, length: Length) -> Run:
    server = kind(workload.setting())
    # What earlier runs left behind is not to be collected in the middle of this one.
    gc.collect()
    gc.freeze()
    try:
        server.start()
        figures = uvloop.run(_within_reason(workload, server, length))
        return Run(workload.name, kind.name, repeat, figures)
    except (Wrong, OSError, TimeoutError, RuntimeError, AssertionError) as error:
        said = server.running.output[-2000:] if server.running is not None else ""
        return Run(workload.name, kind.name, repeat, {}, f"{error!r}\n{said}".strip())
    finally:
        server.stop()


async def _within_reason(workload: Workload, server: MeasuredServer, length: Length) -> Figures:
    try:
        async with asyncio.timeout(_RUN_S):
            return await workload.play(server, length)
    finally:
        await hang_up_all()


def _line(run: Run, repeats: int) -> str:
    place = f"{run.workload:<14} {run.server:<19} {run.repeat + 1}/{repeats}"
    if run.fault:
        return f"{place}  FAILED: {run.fault}"
    shown = [f"{name}={_shown(value)}" for name, value in run.figures.items()]
    return f"{place}  {' '.join(shown)}"


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
