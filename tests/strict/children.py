"""Runs batches of mutants in children: a panic, a death, a poisoned text is a fault by number."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.house.servers import REPOSITORY

SEED = int(os.environ.get("MUTANTS_SEED", "1"))
PER_CHILD = 5_000
_BATCH_S = 600


@dataclass(slots=True)
class Batches:
    """What came of all mutants so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run_batches(count: int, first: int, place: Path) -> Iterator[Batches]:
    """Prove so many mutants, child by child; yield what came of them after each child."""
    so_far = Batches()
    for start in range(first, first + count, PER_CHILD):
        numbers = min(PER_CHILD, first + count - start)
        _run_one(start, numbers, place, so_far)
        done = start + numbers - first
        print(f"seed {SEED}: {done:,} of {count:,} mutants, {dict(so_far.outcomes)}", flush=True)
        yield so_far


def accepted(place: Path) -> list[dict[str, Any]]:
    """Return what the last child's server would relay: state, relayed, shown."""
    return [json.loads(line) for line in (place / "accepted").read_text().splitlines()]


def _run_one(start: int, numbers: int, place: Path, so_far: Batches) -> None:
    arguments = [str(SEED), str(start), str(numbers), str(place)]
    child = subprocess.run(
        [sys.executable, "-m", "tests.strict.proving", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "RUST_BACKTRACE": "0"},
        capture_output=True,
        timeout=_BATCH_S,
        check=False,
    )
    if child.returncode != 0:
        number = int.from_bytes((place / "number").read_bytes(), "big")
        said = child.stderr.decode(errors="replace")[-2000:]
        so_far.faults.append(f"SEED={SEED} NUMBER={number} died: {child.returncode} {said}")
        return
    found = json.loads((place / "found").read_text())
    so_far.outcomes.update(found["outcomes"])
    so_far.faults += found["faults"]
