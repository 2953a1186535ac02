"""`python -m benchmarks`: plays the chosen workloads, prints the table, keeps what was measured."""

import argparse
import sys
import time
from collections.abc import Sequence

from benchmarks import machine
from benchmarks.report.capacity import write_page
from benchmarks.report.charts import draw
from benchmarks.report.kept import FOLDER, Result, keep, kept
from benchmarks.report.table import figures_table, report, requirements_table
from benchmarks.rounds import rounds
from benchmarks.servers import chosen as servers
from benchmarks.workloads import chosen as workloads
from benchmarks.workloads.base import FULL, QUICK, Workload

_QUICK_WORKLOADS = ("fan-out", "plenary", "pairs")
_QUICK_SERVERS = ("rapporteur", "hocuspocus", "hocuspocus-f50")


def main() -> int:
    """Play, print, and return the exit code: 1 if one of our runs failed."""
    asked = _asked()
    if asked.report:
        _rewrite_report()
        return 0
    machine.take_load_core()
    machine.raise_file_limit()
    with machine.precedence():
        played = _play_all(asked)
    sys.stdout.write(f"\n{requirements_table({one.workload: one for one in played})}\n")
    if asked.keeps:
        _rewrite_report()
    return 1 if any(result.faults(server) for result in played for server in _OURS) else 0


def _play_all(asked: argparse.Namespace) -> list[Result]:
    _tell(" · ".join(f"{name} {value}" for name, value in machine.describe().items()))
    played = []
    for workload in _chosen(asked):
        result = _played(workload, asked)
        played.append(result)
        sys.stdout.write(f"\n{figures_table(result)}\n")
        if asked.keeps:
            keep(result)
    return played


_OURS = ("rapporteur", "rapporteur-postgresql", "rapporteur-2-workers")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ", ".join(workloads.EVERY)
    parser.add_argument("--only", type=_listed, help=f"workloads, parted by commas: {names}")
    parser.add_argument(
        "--servers", type=_listed, help=f"parted by commas: {', '.join(servers.EVERY)}"
    )
    parser.add_argument("--repeats", type=int, default=0, help="3; with --quick 1")
    parser.add_argument("--quick", action="store_true", help="short runs; the results are not kept")
    parser.add_argument("--keep", action="store_true", help="keep the results of short runs too")
    parser.add_argument("--profile", action="store_true", help="profile our server; keep only that")
    parser.add_argument("--report", action="store_true", help="write the report anew, play nothing")
    asked = parser.parse_args()
    asked.keeps = asked.keep or not (asked.quick or asked.servers or asked.profile)
    return asked


def _chosen(asked: argparse.Namespace) -> list[Workload]:
    names = asked.only or (_QUICK_WORKLOADS if asked.quick or asked.profile else workloads.EVERY)
    unknown = [name for name in names if name not in workloads.EVERY]
    if unknown:
        raise SystemExit(f"There is no workload {unknown[0]}. There are: {list(workloads.EVERY)}")
    return [workloads.EVERY[name] for name in names]


def _played(workload: Workload, asked: argparse.Namespace) -> Result:
    length = QUICK if asked.quick else FULL
    repeats = asked.repeats or (1 if asked.quick or asked.profile else 3)
    at = time.strftime("%Y-%m-%d %H:%M:%S")
    result = Result(workload.name, workload.title, at, machine.describe(), length.measured_s)
    _tell(f"{workload.title}: {repeats} × {len(_servers(workload, asked))} runs")
    kinds = [servers.EVERY[name] for name in _servers(workload, asked)]
    if asked.profile:
        servers.profile(kinds, workload.name)
    result.runs += rounds(workload, kinds, repeats, length, _tell)
    return result


def _servers(workload: Workload, asked: argparse.Namespace) -> Sequence[str]:
    wanted = asked.servers
    if wanted is None and asked.profile:
        wanted = _OURS
    if wanted is None and asked.quick and not asked.only:
        wanted = _QUICK_SERVERS
    return [name for name in workload.server_names if wanted is None or name in wanted]


def _rewrite_report() -> None:
    results = kept()
    ordered = {name: results[name] for name in workloads.EVERY if name in results}
    (FOLDER / "README.md").write_text(report(ordered.values()))
    draw(ordered)
    write_page(ordered)
    sys.stdout.write(f"\nKept in {FOLDER}\n\n{requirements_table(ordered)}\n")


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _tell(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
