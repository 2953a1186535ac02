"""`serve --workers`: refused where it cannot be, dead workers started anew, nobody left behind."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.databases import Databases
from tests.house.servers import LiveServer

pytestmark = pytest.mark.slow


@pytest.fixture
def pair(postgres_databases: Databases, tmp_path: Path) -> Iterator[LiveServer]:
    """Two workers on an empty database, which they are to find ready."""
    url = postgres_databases.fresh(migrated=False)
    server = LiveServer(tmp_path / "home", {"DATABASE_URL": url}, workers=2)
    yield server.start().wait_for_workers()
    server.stop()
    postgres_databases.drop(url)


def ends(pid: int) -> None:
    """Return once a process that is not ours has ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], 60)[0], f"{pid} lives on"
    finally:
        os.close(descriptor)


def test_sqlite_is_served_by_one_process(tmp_path: Path) -> None:
    server = LiveServer(tmp_path, {})
    command = [sys.executable, "-m", "app.cli", "serve", "--workers", "2"]

    refused = subprocess.run(
        command, env=server.environment, capture_output=True, text=True, check=False
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("One process serves an SQLite database.")


def test_workers_are_told_apart_started_anew_and_drained(pair: LiveServer) -> None:
    assert pair.process is not None
    first, second = pair.worker_pid(1), pair.worker_pid(2)

    os.kill(first, signal.SIGKILL)
    ends(first)
    pair.wait_for_workers()
    anew = pair.worker_pid(1)
    code = pair.process.stop()

    assert anew not in (first, second)
    assert code == -signal.SIGTERM
    assert re.search(r"worker_ended +exit_code=-9 worker=1", pair.process.output)
    assert pair.process.output.count("Rapporteur is at") == 1
    assert re.search(r"\[info +\] starting .* worker=2", pair.process.output)
    for pid in (second, anew):
        ends(pid)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{pair.url}/healthz")


def test_workers_do_not_outlive_their_supervisor(pair: LiveServer) -> None:
    pids = [pair.worker_pid(number) for number in (1, 2)]

    pair.kill()

    for pid in pids:
        ends(pid)
