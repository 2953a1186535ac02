"""Seeded schedules of a bad network: whatever order things happen in, no promise is broken."""

import os

import pytest

from tests.chaos.peer import Promises
from tests.chaos.play import play, play_on_all_cores

SEEDS = int(os.environ.get("CHAOS_SEEDS", "1000"))


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_no_schedule_breaks_a_promise() -> None:
    play_on_all_cores(SEEDS)


@pytest.mark.timeout(0)
def test_a_disk_that_is_mended_while_a_connection_learns_of_it_stays_mended() -> None:
    # The last of them came upon a connection that still held the disk for read-only.
    play(range(1100, 1121))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("b1;c1;", "lost: a1;"),
        ("a1;c1;", "lost: b1;"),
        ("a1;a1;b1;", "doubled: a1;"),
        ("a1;b1;d1;", "came back: d1;"),
        ("a1;b1;e1;", "forbidden: e1;"),
        ("a1;bb1;1;", "lost: b1;"),
        ("a1;b1;c", "torn: 'c'"),
    ],
)
def test_a_broken_promise_is_found(text: str, fault: str) -> None:
    promises = Promises(
        saved={"a1;", "d1;"}, shown={"b1;"}, struck={"d1;"}, gone={"d1;"}, forbidden={"e1;"}
    )
    assert fault in promises.broken_by(text)
