"""What every request passes: limits on its body, and the headers that every answer carries."""

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.identify import COOKIE
from app.access.networks import network_of
from app.web.bodies import Bodies, Body
from app.web.errors import error_body

_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


# What signs in, and nothing larger, comes from those who are not signed in.
_UNSIGNED_BYTES = 64 * 1024


class Edge:
    """ASGI middleware: bounds what bodies take, and adds the security headers."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413. Whoever is slow or sends too much is told so."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(scope, send)
        is_unsigned = not _has_key(scope)
        limit = min(_UNSIGNED_BYTES, self.max_body_bytes) if is_unsigned else self.max_body_bytes
        if _declared(scope) > limit:
            await _too_large(limit, is_unsigned)(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else ""
        body = Body(receive, limit, self.bodies, network_of(address))
        try:
            await self.app(scope, body, send)
        finally:
            body.drop()


def _has_key(scope: Scope) -> bool:
    """Whether somebody says who they are. Whether that is so is looked at later."""
    cookie = f"{COOKIE}=".encode()
    return any(
        name == b"authorization" or (name == b"cookie" and cookie in value)
        for name, value in scope["headers"]
    )


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _too_large(limit: int, is_unsigned: bool) -> JSONResponse:
    where = "without a sign-in" if is_unsigned else "in one request"
    sentence = f"That is more than this server takes {where} ({limit} bytes)."
    return JSONResponse(error_body("TooLarge", sentence), 413)


def _with_headers(scope: Scope, send: Send) -> Send:
    is_api = scope["path"].startswith("/api/")

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if is_api:
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_with_headers
