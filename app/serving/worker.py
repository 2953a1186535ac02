"""One server process: the web server around the application."""

import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from functools import partial

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from app.main import create_app
from app.serving.lean import LeanSocket
from app.serving.lean_http import LeanHttp
from app.settings import Settings

_FAREWELL_S = 15.0
# Reference cycles are looked for after so many objects; each time, everybody waits for that.
_LOOK_FOR_CYCLES_AFTER = (10_000, 20, 20)

WORKER_HEADER = "x-rapporteur-worker"
"""Which worker answered: on every answer, and on the one that opens a websocket."""


class _Server(uvicorn.Server):
    """A web server whose program, once started, is looked through for garbage no more."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what is there then is there to stay, and a look at all of it takes 0.1 s."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_LOOK_FOR_CYCLES_AFTER)


def web_server(settings: Settings, worker: int | None = None) -> uvicorn.Server:
    """Return the web server, not yet started. worker: its number among several."""
    config = uvicorn.Config(
        partial(create_app, settings, worker=worker, warms_up=True),
        factory=True,
        host=settings.host,
        port=settings.port,
        http=LeanHttp,
        ws=LeanSocket,
        ws_max_size=settings.max_frame_bytes,
        ws_per_message_deflate=False,
        forwarded_allow_ips=settings.trusted_proxies,
        access_log=False,
        log_config=None,
        server_header=False,
        headers=[] if worker is None else [(WORKER_HEADER, str(worker))],
        timeout_graceful_shutdown=5,
    )
    return _Server(config)


def serve_alone(settings: Settings) -> None:
    """Serve in this process until it is interrupted or told to end."""
    _run(web_server(settings), None)


def serve_as_worker(settings: Settings, number: int, shared: socket.socket | None) -> None:
    """Serve in a child of the supervisor until told to end, or until the supervisor is gone.

    shared: the socket to listen on; None: the worker opens its own on the same port.
    """
    threading.Thread(target=_end_with_the_supervisor, name="supervisor", daemon=True).start()
    listening = shared or bound_socket(settings.host, settings.port, is_shared=True)
    _run(web_server(settings, number), listening)


def bound_socket(host: str, port: int, *, is_shared: bool = False) -> socket.socket:
    """Return a socket that is bound to the port, and does not listen yet.

    is_shared: others that ask for the same may bind it too (Linux); whoever listens on it gets an
    equal share of the connections, and a process that dies leaves its share to the others.
    Raises: OSError.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.set_inheritable(True)
    return bound


def _run(server: uvicorn.Server, listening: socket.socket | None) -> None:
    with suppress(KeyboardInterrupt):
        server.run([listening] if listening is not None else None)
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def _end_with_the_supervisor() -> None:
    """However the supervisor ended: what waits is still written, and nobody is left behind."""
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return
    supervisor.join()
    os.kill(os.getpid(), signal.SIGTERM)
    # Nobody else is there to end a worker that cannot write what waits.
    time.sleep(_FAREWELL_S)
    os.kill(os.getpid(), signal.SIGKILL)
