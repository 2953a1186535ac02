"""What is required of the server, what is aimed for, and whether a result meets it."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.report.kept import Result, Spread

OURS = "rapporteur"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the table.

    With a baseline, its figure is divided by ours, so that more is better; without, our figure is
    taken as it is, and less is better.
    """

    label: str
    workload: str
    figure: str
    required: float
    aim: float
    baseline: str | None = None
    unit: str = "×"

    def measured(self, results: Mapping[str, Result]) -> Spread | None:
        """Return what was measured, if it was."""
        result = results.get(self.workload)
        if result is None or not self._was_done(results):
            return None
        if self.baseline is None:
            return result.figure(OURS, self.figure)
        return result.ratio(self.figure, self.baseline, OURS)

    def verdict(self, results: Mapping[str, Result]) -> str:
        """Return how far it is met."""
        found = self.measured(results)
        if found is None:
            return "not measured" if self._was_done(results) else "NO: it did not keep up"
        if self._reaches(found.middle, self.aim):
            return "yes, and the aim"
        return "yes" if self._reaches(found.middle, self.required) else "NO"

    def _was_done(self, results: Mapping[str, Result]) -> bool:
        result = results.get(self.workload)
        return result is None or result.kept_up(OURS)

    def _reaches(self, value: float, limit: float) -> bool:
        return value >= limit if self.baseline is not None else value <= limit

    def limit(self, value: float) -> str:
        """Return a limit as it is written."""
        sign = "≥" if self.baseline is not None else "≤"
        return f"{sign} {value:g} {self.unit}".replace(" ×", "×")


_CPU = "us_per_delivery"
REQUIREMENTS = (
    Requirement("1 writer, 300 readers, 20 edits/s: CPU", "fan-out", _CPU, 1.4, 2.2, "hocuspocus"),
    Requirement("plenary: CPU, its default", "plenary", _CPU, 4, 6, "hocuspocus"),
    Requirement("plenary: CPU, flushDelay 50", "plenary", _CPU, 1.6, 2.5, "hocuspocus-f50"),
    Requirement("plenary: p99, flushDelay 50", "plenary", "p99_ms", 1, 1, "hocuspocus-f50"),
    Requirement("200 sections × 2 typists: CPU", "pairs", _CPU, 1.5, 3, "hocuspocus"),
    Requirement("100 join 137k edits, cold: CPU", "join", "cpu_ms", 8, 12, "hocuspocus-sqlite"),
    Requirement(
        "100 join 137k edits, cold: all synced", "join", "all_synced_ms", 250, 250, unit="ms"
    ),
    Requirement(
        "open 40,000 rows after a restart", "long-log", "all_synced_ms", 500, 100, unit="ms"
    ),
    Requirement("memory per section, against", "memory", "kb_per_section", 1, 1, "hocuspocus"),
    Requirement("memory per open section", "memory", "kb_per_section", 100, 100, unit="kB"),
    Requirement("memory per client, against", "memory", "kb_per_client", 1, 1, "hocuspocus"),
    Requirement("memory per idle client", "memory", "kb_per_client", 20, 20, unit="kB"),
    Requirement("hostile: memory more", "hostile", "grown_mb", 100, 100, unit="MiB"),
    Requirement("hostile: the others' p99", "hostile", "p99_ratio", 2, 2, unit="×"),
)
