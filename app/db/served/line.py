"""Notices when the line to a database server is dead in silence, which else takes hours."""

import os
import socket
from typing import Any

_SILENT_S, _ASK_EVERY_S, _ASK_TIMES = 10, 5, 3
# What was sent and not acknowledged for so long will not arrive any more.
_UNANSWERED_MS = 20_000


def watch_line(connection: Any, _: Any) -> None:
    """Let the kernel end a connection whose other end has not answered for some 20 seconds.

    To be called with each new connection of the driver. Statements may take as long as they need.
    """
    transport = getattr(connection.driver_connection, "_transport", None)
    line = transport.get_extra_info("socket") if transport is not None else None
    if line is None or line.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with socket.socket(line.family, line.type, fileno=os.dup(line.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, given in (
            ("TCP_KEEPIDLE", _SILENT_S),
            ("TCP_KEEPINTVL", _ASK_EVERY_S),
            ("TCP_KEEPCNT", _ASK_TIMES),
            ("TCP_USER_TIMEOUT", _UNANSWERED_MS),
        ):
            if hasattr(socket, name):
                same.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), given)
