"""The workloads by name, as `make bench` knows them."""

from functools import partial

from benchmarks.servers.texts import small_rows
from benchmarks.servers.traces import trace_rows
from benchmarks.workloads.base import Workload
from benchmarks.workloads.fan_out import FanOut
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
EVERY = {workload.name: workload for workload in COMPARED}
