"""The workloads by name, as `make bench` knows them."""

from functools import partial

from benchmarks.servers.texts import small_rows
from benchmarks.servers.traces import trace_rows
from benchmarks.workloads.base import Workload
from benchmarks.workloads.fan_out import FanOut
from benchmarks.workloads.floor import Floor
from benchmarks.workloads.hostile import Hostile
from benchmarks.workloads.joining import Joining
from benchmarks.workloads.memory import Memory
from benchmarks.workloads.pairs import Pairs

EVERYBODY = (
    "rapporteur",
    "hocuspocus",
    "hocuspocus-f50",
    "hocuspocus-sqlite",
    "y-websocket-server",
    "pycrdt-websocket",
)
COMPARED: list[Workload] = [
    FanOut("fan-out", "1 writer, 300 readers, 20 edits/s", 1, 301, 20, EVERYBODY),
    FanOut("fan-out-100", "1 writer, 300 readers, 100 edits/s", 1, 301, 100, EVERYBODY),
    FanOut("plenary", "10 typists, 300 connected, 100 edits/s", 10, 300, 100, EVERYBODY, agreed=4),
    Pairs("pairs", "200 sections × 2 typists, 5 edits/s each", 200, 5, EVERYBODY),
    Joining(
        "join",
        "100 clients join a section of 137k edits at once",
        100,
        partial(trace_rows, "seph-blog1"),
        ("rapporteur", "hocuspocus-sqlite", "y-websocket-server", "pycrdt-websocket"),
    ),
    Joining(
        "long-log",
        "open a section with 40,499 log rows after a restart",
        1,
        partial(small_rows, 40_499),
        ("rapporteur", "hocuspocus-sqlite"),
    ),
    Joining(
        "long-log-whole",
        "the same without any checkpoint: every row is replayed",
        1,
        partial(small_rows, 40_499),
        ("rapporteur",),
        has_checkpoint=False,
    ),
    Memory(
        "memory",
        "memory of 200 open sections, then of 1000 idle clients",
        200,
        1000,
        ("rapporteur", "hocuspocus", "hocuspocus-sqlite", "y-websocket-server", "pycrdt-websocket"),
    ),
    Hostile(
        "hostile",
        "50 stalled and 10 flooding clients beside 200 readers and 10 writers",
        ("rapporteur",),
    ),
]
_OURS_AND_BASELINE = ("rapporteur", "hocuspocus")
_ON_POSTGRESQL = ("rapporteur", "rapporteur-postgresql", "rapporteur-2-workers")
FLOORS: list[Workload] = [
    Floor("floor-20", "send() to 300 receivers, 20 times a second", 300, 20),
    Floor("floor-100", "send() to 300 receivers, 100 times a second", 300, 100),
]
GROWTH: list[Workload] = [
    *(
        FanOut(
            f"readers-{count}",
            f"1 writer, {count} readers, 20 edits/s",
            1,
            count + 1,
            20,
            _OURS_AND_BASELINE,
        )
        for count in (10, 100, 300, 1000)
    ),
    *(
        Pairs(f"sections-{count}", f"{count} sections × 2 typists, 1 edit/s each", count, 1, both)
        for both in (_OURS_AND_BASELINE,)
        for count in (10, 100, 1000)
    ),
    FanOut(
        "workers-plenary",
        "10 typists, 300 connected, 100 edits/s: SQLite, PostgreSQL, two workers",
        10,
        300,
        100,
        _ON_POSTGRESQL,
        agreed=4,
    ),
    Pairs(
        "workers-pairs",
        "100 sections × 2 typists, 2 edits/s each: SQLite, PostgreSQL, two workers",
        100,
        2,
        _ON_POSTGRESQL,
    ),
]
EVERY = {workload.name: workload for workload in (*FLOORS, *COMPARED, *GROWTH)}
