"""Which sockets go to the application past ASGI, and who it is that opens them."""

from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from websockets.datastructures import Headers
from websockets.http11 import Request

from app.rooms.socket import LiveDoor


def door_for(app: Any, request: Request) -> LiveDoor | None:
    """Return the door that is open to this request.

    None: it goes by ASGI, also because it is odd or not welcome, and gets its answer there.
    """
    inner = app.app if isinstance(app, ProxyHeadersMiddleware) else app
    door: LiveDoor | None = getattr(getattr(inner, "state", None), "live_door", None)
    if door is None or request.path != door.path:
        return None
    origins, hosts = (request.headers.get_all(name) for name in ("Origin", "Host"))
    if len(origins) > 1 or len(hosts) > 1:
        return None
    origin, host = (values[0] if values else None for values in (origins, hosts))
    return door if door.is_open_to(origin, host) else None


def address_of(app: Any, client: tuple[str, int] | None, headers: Headers) -> str:
    """Return where somebody comes from, by the word of a proxy if that is trusted."""
    host = client[0] if client is not None else ""
    said = headers.get_all("X-Forwarded-For")
    if said and isinstance(app, ProxyHeadersMiddleware) and host in app.trusted_hosts:
        return app.trusted_hosts.get_trusted_client_address(", ".join(said))[0] or host
    return host


def cookies_of(headers: Headers) -> str:
    """Return all cookies that came, as one header has them."""
    return "; ".join(headers.get_all("Cookie"))
