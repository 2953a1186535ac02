"""`python -m benchmarks`: plays the chosen workloads, prints the table, keeps what was measured."""

import argparse
import sys
import time

from benchmarks import machine
from benchmarks.rounds import Run, rounds
from benchmarks.servers import chosen as servers
from benchmarks.workloads import chosen as workloads
from benchmarks.workloads.base import FULL, QUICK


def main() -> int:
    """Play, print, and return the exit code: 1 if a run failed."""
    asked = _asked()
    machine.take_load_core()
    machine.take_precedence()
    machine.raise_file_limit()
    _tell(" · ".join(f"{name} {value}" for name, value in machine.describe().items()))
    names = asked.only or [workload.name for workload in workloads.COMPARED]
    runs: list[Run] = []
    for name in names:
        workload = workloads.EVERY[name]
        kinds = [
            servers.EVERY[one]
            for one in workload.server_names
            if not asked.servers or one in asked.servers
        ]
        _tell(f"\n{workload.title}")
        length = QUICK if asked.quick else FULL
        runs += rounds(workload, kinds, asked.repeats or (1 if asked.quick else 3), length, _tell)
    return 1 if any(run.fault for run in runs) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", type=_listed, help="workloads, parted by commas")
    parser.add_argument("--servers", type=_listed, help="servers, parted by commas")
    parser.add_argument("--repeats", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="short runs, one repeat")
    return parser.parse_args()


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _tell(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
