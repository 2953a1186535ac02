"""The workloads by name, as `make bench` knows them."""

from benchmarks.workloads.base import Workload
from benchmarks.workloads.fan_out import FanOut
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
]
EVERY = {workload.name: workload for workload in COMPARED}
