"""Does at the start what the framework and the libraries put off until they are first used."""

from typing import Any

from fastapi import FastAPI
from pycrdt import Doc

# No route has this path.
_NOWHERE = "/-"


def warm(app: FastAPI) -> None:
    """Make ready what the first requests would otherwise wait for, and all others with them.

    Afterwards every route knows its parameters (some 0.1 s for all of them), and the CRDT library
    has loaded what its documents need.
    """
    for kind in ("http", "websocket"):
        scope: dict[str, Any] = {"type": kind, "path": _NOWHERE, "method": "GET", "headers": []}
        for route in app.router.routes:
            route.matches(scope)
    Doc()
