"""The servers by name."""

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
