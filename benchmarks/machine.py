"""The machine: cores, what its programs use of them and of memory, and how busy it is."""

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1
_PRECEDENCE = -20
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def take_load_core() -> None:
    """Keep this program, and what it starts unless told otherwise, to the generator's core."""
    os.sched_setaffinity(0, {LOAD_CORE % _cores()})


@contextmanager
def precedence() -> Iterator[None]:
    """Let this program and the servers go before others during the block, where that is allowed.

    It favours no server and spares all of them what else the machine does.
    """
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _PRECEDENCE)
    before = _session_precedence(_PRECEDENCE)
    try:
        yield
    finally:
        _session_precedence(before)


def _session_precedence(nice: int) -> int:
    """Set the precedence of this terminal's programs among all others; return what it was."""
    path = Path("/proc/self/autogroup")
    try:
        before = int(path.read_text().split()[-1])
        path.write_text(str(nice))
    except (OSError, IndexError):
        return 0
    return before


def server_command(command: list[str], cores: int = 1) -> list[str]:
    """Return the command so that it runs on the servers' core; cores: on how many of them."""
    places = ",".join(str(core % _cores()) for core in range(SERVER_CORE, SERVER_CORE + cores))
    return [sys.executable, "-m", "benchmarks.servers.pinned", places, *command]


def family_of(pid: int) -> list[int]:
    """Return a program and all that it started, as far as they live."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def cpu_s(pid: int) -> float:
    """Return the seconds of CPU that a program and its children have used, all threads, kernel too.

    Children that have ended count as far as they were waited for.
    """
    return sum(_own_cpu_s(one) for one in family_of(pid))


def _own_cpu_s(pid: int) -> float:
    spent = 0.0
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0]) / 1e9
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += (int(after_name[13]) + int(after_name[14])) * _TICK_S
    except (FileNotFoundError, ProcessLookupError):
        pass
    return spent


def resident_bytes(pid: int) -> int:
    """Return the memory that a program and its children hold, pages they share counted once each.

    What a child shares with its parent is counted twice: an upper bound.
    """
    total = 0
    for one in family_of(pid):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * _PAGE_BYTES
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def load_average() -> float:
    """Return how many programs wanted to run, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


@dataclass(frozen=True, slots=True)
class Meter:
    """A reading of a server's and of this program's CPU time at one moment."""

    at: float
    server_s: float
    beside_s: float
    load_s: float

    @classmethod
    def read(cls, pid: int, beside: Sequence[int] = ()) -> "Meter":
        """Read now. beside: the programs that a server stores and publishes with."""
        used_beside = sum(cpu_s(one) for one in beside)
        return cls(time.perf_counter(), cpu_s(pid), used_beside, time.process_time())

    def until(self, later: "Meter") -> dict[str, float]:
        """Return what was used between two readings: seconds, and shares of a core in percent."""
        elapsed = later.at - self.at
        used = {
            "elapsed_s": round(elapsed, 3),
            "server_cpu_s": later.server_s - self.server_s,
            "server_percent": round(100 * (later.server_s - self.server_s) / elapsed, 1),
            "generator_percent": round(100 * (later.load_s - self.load_s) / elapsed, 1),
        }
        if later.beside_s:
            used["beside_cpu_s"] = later.beside_s - self.beside_s
        return used


def raise_file_limit() -> None:
    """Let this program, and what it starts, hold as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def describe() -> dict[str, str]:
    """Return what the numbers depend on: processor, kernel, versions."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "cores": str(_cores()),
        "processor": model,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "node": _said(["node", "--version"]),
        **{name: version(name) for name in ("pycrdt", "uvicorn", "uvloop", "websockets")},
        "commit": _said(["git", "rev-parse", "--short", "HEAD"]) or "unknown",
    }


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "none"
    return done.stdout.strip()


def _cores() -> int:
    return os.cpu_count() or 1
