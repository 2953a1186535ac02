"""The servers by name."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.servers.base import MeasuredServer
from benchmarks.servers.nobody import Nobody
from benchmarks.servers.peers import (
    Hocuspocus,
    Hocuspocus50,
    HocuspocusSqlite,
    PycrdtWebsocket,
    YWebsocketServer,
)
from benchmarks.servers.rapporteur import Rapporteur, RapporteurPostgres, RapporteurTwoWorkers

EVERY: dict[str, type[MeasuredServer]] = {
    server.name: server
    for server in (
        Rapporteur,
        RapporteurPostgres,
        RapporteurTwoWorkers,
        Hocuspocus,
        Hocuspocus50,
        HocuspocusSqlite,
        YWebsocketServer,
        PycrdtWebsocket,
        Nobody,
    )
}

_RESULTS = Path(__file__).resolve().parents[1] / "results"


def profile(kinds: Sequence[type[MeasuredServer]], workload: str) -> None:
    """Let those of ours among the servers be profiled; one file for each, beside the results."""
    for kind in kinds:
        if issubclass(kind, Rapporteur):
            kind.profile = _RESULTS / f"profile-{workload}-{kind.name}.txt"
