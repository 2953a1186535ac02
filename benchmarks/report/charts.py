"""The charts that are drawn of the kept results."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.report.kept import FOLDER, Result
from benchmarks.report.svg import bars, lines

_CPU = {"fan-out": "fan-out, 20/s", "fan-out-100": "fan-out, 100/s", "plenary": "plenary"}
_GROWN = ("rapporteur", "hocuspocus")


def draw(results: Mapping[str, Result], folder: Path = FOLDER) -> list[Path]:
    """Draw every chart of which there are figures, and return the files."""
    drawn = []
    for name, picture in _charts(results):
        path = folder / f"{name}.svg"
        path.write_text(picture)
        drawn.append(path)
    return drawn


def _charts(results: Mapping[str, Result]) -> Iterator[tuple[str, str]]:
    for name, unit, figure, groups in (
        ("cpu-of-a-hall", "µs", "us_per_delivery", _CPU),
        ("cpu-of-many-sections", "µs", "us_per_delivery", {"pairs": "200 sections × 2 typists"}),
        ("cpu-of-joining", "ms", "cpu_ms", {"join": "100 join at once"}),
        ("memory-of-a-section", "kB", "kb_per_section", {"memory": "one open section"}),
        ("memory-of-a-client", "kB", "kb_per_client", {"memory": "one idle client"}),
    ):
        found = _grouped(results, figure, groups)
        if found:
            yield name, bars(f"{name.replace('-', ' ').capitalize()}, less is better", unit, found)
    for along, unit in (("readers", "edit × reader"), ("sections", "edit")):
        series = _grown(results, along)
        if series:
            title = f"CPU for each {unit}, as the {along} grow"
            yield f"growth-of-{along}", lines(title, (along, "µs"), series)


def _grouped(
    results: Mapping[str, Result], figure: str, workloads: Mapping[str, str]
) -> dict[str, dict[str, float]]:
    groups = {}
    for workload, label in workloads.items():
        result = results.get(workload)
        found = [(s, result.figure(s, figure)) for s in result.servers()] if result else []
        groups[label] = {server: spread.middle for server, spread in found if spread is not None}
    return {label: group for label, group in groups.items() if group}


def _grown(results: Mapping[str, Result], along: str) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for workload, result in results.items():
        kind, _, count = workload.rpartition("-")
        if kind != along:
            continue
        for server in _GROWN:
            spread = result.figure(server, "us_per_delivery")
            if spread is not None:
                series.setdefault(server, []).append((float(count), spread.middle))
    return {server: sorted(line) for server, line in series.items()}
