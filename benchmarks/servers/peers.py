"""The peers: Hocuspocus in three settings, the y-websocket server, pycrdt-websocket."""

import asyncio
from pathlib import Path
from typing import ClassVar

from benchmarks.load.speech import HOCUSPOCUS, Y_WEBSOCKET
from benchmarks.servers.base import MeasuredServer

# Its debounce of 2 s, and as much again.
_SAVED_S = 4.0
FOLDER = Path(__file__).resolve().parents[1] / "peers"
PYTHON = FOLDER / ".venv" / "bin" / "python"


class Hocuspocus(MeasuredServer):
    """`@hocuspocus/server` with its defaults: it coalesces what arrives in one turn, keeps nothing.

    It forgets a document with its last client.
    """

    name = "hocuspocus"
    speech = HOCUSPOCUS
    keeps = False
    settings: ClassVar[dict[str, str]] = {}

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Start it in Node."""
        own = {"PORT": str(self.port), "NODE_ENV": "production", **self.settings}
        if self.keeps:
            own["SQLITE"] = str(self.home / "hocuspocus.sqlite")
        return ["node", str(FOLDER / "hocuspocus.mjs")], own, "/"


class Hocuspocus50(Hocuspocus):
    """The same, grouping for 50 ms before it shows."""

    name = "hocuspocus-f50"
    settings: ClassVar[dict[str, str]] = {"FLUSH_DELAY": "50"}


class HocuspocusSqlite(Hocuspocus):
    """The same with its SQLite extension: a document is saved 2 to 10 s after it changed."""

    name = "hocuspocus-sqlite"
    keeps = True

    async def saved(self) -> None:
        """Return once it has had time to save: it does so when the last client has gone."""
        await asyncio.sleep(_SAVED_S)


class YWebsocketServer(MeasuredServer):
    """`@y/websocket-server` as its own command starts it: in memory."""

    name = "y-websocket-server"
    speech = Y_WEBSOCKET
    keeps = False

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Start it in Node."""
        program = FOLDER / "node_modules" / "@y" / "websocket-server" / "src" / "server.js"
        own = {"PORT": str(self.port), "HOST": "127.0.0.1", "NODE_ENV": "production"}
        return ["node", str(program)], own, "/"


class PycrdtWebsocket(MeasuredServer):
    """pycrdt-websocket under uvicorn, in memory."""

    name = "pycrdt-websocket"
    speech = Y_WEBSOCKET
    keeps = False
    # When several open a new document at once, one of them is never served.
    joins_at_once = 1

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Start it in the peers' own environment."""
        return [str(PYTHON), str(FOLDER / "pycrdt_server.py"), str(self.port)], {}, "/"
