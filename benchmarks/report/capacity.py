"""Reckons from the kept results what a large hall and many reports need: docs/capacity.md."""

import math
from collections.abc import Mapping
from pathlib import Path

from benchmarks.report.kept import Result
from benchmarks.report.requirements import OURS
from benchmarks.report.table import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "capacity.md"
_PAPER = Path(__file__).with_name("capacity.txt")

HALL = 5_000
HALL_EDITS_PER_S = 100
ARRIVAL_S = 60
REPORTS, SECTIONS_OPEN, WRITTEN, TYPISTS, EDITS_PER_S, READERS = 100, 10, 2, 2, 2, 15
_SPARE = 0.6
"""How much of a core is planned for, so that a burst finds room."""
_PACKET_BYTES = 68
"""What a frame needs besides its payload on the wire: websocket, TCP, IP, Ethernet."""

_COLUMNS = {
    "us_per_delivery": "CPU µs",
    "beside_us_per_delivery": "database µs",
    "server_percent": "server % of a core",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "resident_mb": "resident MiB",
}
_NEEDED = ("plenary", "fan-out", "sections-100", "join", "memory", "workers-plenary")


def write_page(results: Mapping[str, Result], page: Path = PAGE) -> bool:
    """Write the page if everything that it needs was measured; return whether it was."""
    if any(name not in results or not results[name].kept_up(OURS) for name in _NEEDED):
        return False
    numbers = {**_tables(results), **_measured(results)}
    numbers |= _hall(numbers)
    numbers |= _reports(numbers)
    shown = {name: _shown(value) for name, value in numbers.items()}
    page.write_text(_PAPER.read_text().format_map(shown))
    return True


def _tables(results: Mapping[str, Result]) -> dict[str, str | float]:
    return {
        "readers_table": _grown(
            results, ("readers-10", "readers-100", "readers-300", "readers-1000")
        ),
        "sections_table": _grown(results, ("sections-10", "sections-100", "sections-1000")),
        "workers_table": _grown(results, ("workers-plenary", "workers-pairs")),
        "played_at": results["plenary"].played_at[:10],
        "machine": ", ".join(f"{k} {v}" for k, v in results["plenary"].machine.items()),
    }


def _grown(results: Mapping[str, Result], names: tuple[str, ...]) -> str:
    found = [results[name] for name in names if name in results]
    columns = [
        name
        for name in _COLUMNS
        if any(one.figure(s, name) for one in found for s in one.servers())
    ]
    rows = []
    for result in found:
        for server in result.servers():
            figures = [result.figure(server, name) for name in columns]
            cells = ["–" if one is None else str(one) for one in figures]
            behind = "" if result.kept_up(server) else "behind"
            rows.append((result.title, server, *cells, behind))
    return table(("load", "server", *(_COLUMNS[name] for name in columns), ""), rows)


def _measured(results: Mapping[str, Result]) -> dict[str, float]:
    def of(workload: str, figure: str, server: str = OURS) -> float:
        spread = results[workload].figure(server, figure)
        return spread.middle if spread is not None else math.nan

    one = of("workers-plenary", "us_per_delivery", "rapporteur-postgresql")
    two = of("workers-plenary", "us_per_delivery", "rapporteur-2-workers")
    return {
        "hall_us": of("plenary", "us_per_delivery"),
        "hall_bytes": of("plenary", "bytes_per_delivery"),
        "hall_frames": of("plenary", "frames_per_delivery"),
        "quiet_us": of("fan-out", "us_per_delivery"),
        "edit_us": of("sections-100", "us_per_delivery"),
        "join_ms": of("join", "cpu_ms") / 100,
        "join_mb": of("join", "received_mb") / 100,
        "base_mb": of("memory", "base_mb"),
        "section_kb": of("memory", "kb_per_section"),
        "client_kb": of("memory", "kb_per_client"),
        "worker_factor": two / one if one else math.nan,
        "database_us": of("workers-plenary", "beside_us_per_delivery", "rapporteur-2-workers")
        * 299,
    }


def _hall(known: Mapping[str, str | float]) -> dict[str, float]:
    number = {name: value for name, value in known.items() if isinstance(value, float | int)}
    busy = number["hall_us"] * HALL_EDITS_PER_S * HALL / 1e6
    spread = busy * number["worker_factor"]
    workers = math.ceil(spread / _SPARE)
    on_wire = number["hall_bytes"] + number["hall_frames"] * _PACKET_BYTES
    return {
        "hall": HALL,
        "hall_edits": HALL_EDITS_PER_S,
        "hall_busy": busy,
        "hall_spread": spread,
        "hall_workers": workers,
        "hall_mbit": on_wire * HALL_EDITS_PER_S * HALL * 8 / 1e6,
        "hall_wire": on_wire,
        "hall_mb": workers * number["base_mb"] + HALL * number["client_kb"] / 1024,
        "arrival_s": ARRIVAL_S,
        "arrival_cores": number["join_ms"] * HALL / 1000 / ARRIVAL_S,
        "arrival_mbit": number["join_mb"] * HALL * 8 / ARRIVAL_S,
        "database_percent": number["database_us"] * HALL_EDITS_PER_S / 1e4,
        "spare": _SPARE * 100,
    }


def _reports(known: Mapping[str, str | float]) -> dict[str, float]:
    number = {name: value for name, value in known.items() if isinstance(value, float | int)}
    edits = REPORTS * WRITTEN * TYPISTS * EDITS_PER_S
    clients = REPORTS * WRITTEN * (TYPISTS + READERS)
    writing = edits * number["edit_us"] / 1e6
    showing = edits * READERS * number["quiet_us"] / 1e6
    spread = (writing + showing) * number["worker_factor"]
    workers = math.ceil(spread / _SPARE)
    sections = REPORTS * SECTIONS_OPEN
    return {
        "reports": REPORTS,
        "written": WRITTEN,
        "typists": TYPISTS,
        "typist_edits": EDITS_PER_S,
        "section_readers": READERS,
        "open_sections": SECTIONS_OPEN,
        "reports_edits": edits,
        "reports_clients": clients,
        "reports_writing": writing,
        "reports_showing": showing,
        "reports_spread": spread,
        "reports_workers": workers,
        "reports_mb": workers * number["base_mb"]
        + sections * number["section_kb"] / 1024
        + clients * number["client_kb"] / 1024,
        "all_sections": sections,
    }


def _shown(value: str | float) -> str:
    if isinstance(value, str):
        return value
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
