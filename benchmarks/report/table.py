"""The tables: requirements with verdicts, and every figure of every server."""

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.report.kept import Result
from benchmarks.report.requirements import OURS, REQUIREMENTS, Requirement

_SHOWN = {
    "us_per_delivery": "CPU µs/delivery",
    "cpu_ms": "CPU ms",
    "all_synced_ms": "all synced ms",
    "first_synced_ms": "first synced ms",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "p99_calm_ms": "p99 calm ms",
    "p99_ratio": "p99 ratio",
    "ack_p50_ms": "ack p50 ms",
    "ack_p99_ms": "ack p99 ms",
    "kb_per_section": "kB/section",
    "kb_per_client": "kB/client",
    "grown_mb": "grown MiB",
    "frames_per_delivery": "frames/delivery",
    "beside_us_per_delivery": "database µs/delivery",
    "server_percent": "server %",
    "generator_percent": "generator %",
    "load_average": "load",
}


def requirements_table(results: Mapping[str, Result]) -> str:
    """Return what is required, aimed for and measured of the workloads that were played."""
    rows = [_row(one, results) for one in REQUIREMENTS if one.workload in results]
    head = ("workload", "against", "required", "aim", "measured", "met")
    return table(head, rows)


def _row(requirement: Requirement, results: Mapping[str, Result]) -> tuple[str, ...]:
    found = requirement.measured(results)
    return (
        requirement.label,
        requirement.baseline or "",
        requirement.limit(requirement.required),
        requirement.limit(requirement.aim),
        str(found) if found is not None else "–",
        requirement.verdict(results),
    )


def figures_table(result: Result) -> str:
    """Return every server's figures in one workload: median [least–most]."""
    names = [name for name in _SHOWN if any(name in run.figures for run in result.runs)]
    if not names:
        return "Every run failed."
    baseline = names[0]
    head = ["server", f"{_SHOWN[baseline]} ÷ ours", *(_SHOWN[name] for name in names), "runs"]
    rows = []
    for server in result.servers():
        figures = [result.figure(server, name) for name in names]
        ratio = result.ratio(baseline, server, OURS)
        shown = ["–" if figure is None else str(figure) for figure in figures]
        rows.append((server, "–" if ratio is None else str(ratio), *shown, _runs(result, server)))
    return table(head, rows)


def _runs(result: Result, server: str) -> str:
    count = sum(run.server == server for run in result.runs)
    failed = len(result.faults(server))
    if failed:
        return f"{count}, {failed} failed"
    return str(count) if result.kept_up(server) else f"{count}, behind"


def report(results: Iterable[Result]) -> str:
    """Return the whole report as Markdown."""
    by_name = {result.workload: result for result in results}
    parts = ["# Results", requirements_table(by_name)]
    for result in by_name.values():
        parts += [
            f"## {result.title}",
            f"`{result.workload}`, {result.played_at}, {result.measured_s:g} s measured; "
            + ", ".join(f"{name} {value}" for name, value in result.machine.items()),
            figures_table(result),
        ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns stand under each other."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in padded)
