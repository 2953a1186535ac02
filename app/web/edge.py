"""What every request passes: a limit on its body, and the headers that every answer carries."""

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class Edge:
    """ASGI middleware: refuses bodies above `max_body_bytes`, and adds the security headers."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._declared(scope) > self.max_body_bytes:
            await _too_large(self.max_body_bytes)(scope, receive, _with_headers(scope, send))
            return
        counted = _Counted(receive, self.max_body_bytes)
        await self.app(scope, counted, _with_headers(scope, send))

    def _declared(self, scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length":
                return int(value) if value.isdigit() else 0
        return 0


class _Counted:
    """Counts the bytes of a body that comes in pieces without saying how long it is."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive = receive
        self.left = limit

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            # The framework lets its own kind of error pass while it reads a body, and no other.
            raise HTTPException(413)
        return message


def _too_large(limit: int) -> JSONResponse:
    sentence = f"That is more than this server takes in one request ({limit} bytes)."
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
