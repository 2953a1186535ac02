"""Does at the start what the web framework puts off until it is first used."""

from typing import Any

from fastapi import FastAPI

# No route has this path.
_NOWHERE = "/-"


def warm(app: FastAPI) -> None:
    """Make ready what the first requests would otherwise wait for, and all others with them.

    Afterwards every route knows its parameters: some 0.1 s for all of them.
    """
    for kind in ("http", "websocket"):
        scope: dict[str, Any] = {"type": kind, "path": _NOWHERE, "method": "GET", "headers": []}
        for route in app.router.routes:
            route.matches(scope)
