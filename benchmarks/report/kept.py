"""Keeps what was measured, one file for each workload, with its date and machine."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rounds import Run

FOLDER = Path(__file__).resolve().parents[1] / "results"


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the repeats."""

    middle: float
    least: float
    most: float
    count: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread | None":
        """Return the spread of values; None if there are none."""
        found = sorted(values)
        return cls(median(found), found[0], found[-1], len(found)) if found else None

    def __str__(self) -> str:
        middle = _short(self.middle)
        return middle if self.count == 1 else f"{middle} [{_short(self.least)}–{_short(self.most)}]"


@dataclass(slots=True)
class Result:
    """All runs of one workload, as they were played together."""

    workload: str
    title: str
    played_at: str
    machine: dict[str, str]
    measured_s: float
    runs: list[Run] = field(default_factory=list)

    def servers(self) -> list[str]:
        """Return who was measured, in the order of the first round."""
        return list(dict.fromkeys(run.server for run in self.runs))

    def figure(self, server: str, name: str) -> Spread | None:
        """Return a figure of a server over its repeats."""
        return Spread.of(self._values(server, name).values())

    def ratio(self, name: str, above: str, below: str) -> Spread | None:
        """Return how many times a figure of one server holds another's, paired by repeat."""
        upper, lower = self._values(above, name), self._values(below, name)
        shared = upper.keys() & lower.keys()
        return Spread.of(upper[repeat] / lower[repeat] for repeat in shared if lower[repeat])

    def faults(self, server: str) -> list[str]:
        """Return what went wrong on a server."""
        return [run.fault for run in self.runs if run.server == server and run.fault]

    def kept_up(self, server: str) -> bool:
        """Return whether the server did all the work in every run."""
        runs = [run for run in self.runs if run.server == server]
        return all(not run.fault and run.figures.get("kept_up", True) for run in runs)

    def _values(self, server: str, name: str) -> dict[int, float]:
        found = {
            run.repeat: run.figures.get(name)
            for run in self.runs
            if run.server == server and not run.fault
        }
        return {repeat: float(value) for repeat, value in found.items() if value is not None}


def keep(result: Result, folder: Path = FOLDER) -> None:
    """Write a result in the place of the one before."""
    folder.mkdir(exist_ok=True)
    text = json.dumps(asdict(result), indent=1, ensure_ascii=False)
    (folder / f"{result.workload}.json").write_text(text + "\n")


def kept(folder: Path = FOLDER) -> dict[str, Result]:
    """Return every result that was kept, by workload."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        stored: dict[str, Any] = json.loads(path.read_text())
        runs = [Run(**run) for run in stored.pop("runs")]
        found[stored["workload"]] = Result(**stored, runs=runs)
    return found


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
