"""The child that takes a large update in first: limits, then the CRDT library, then its end.

Started by path with no other module of the server:
    child.py BODY NOTES MEMORY_BYTES CPU_S
It reads the length of the text's state (8 bytes, big-endian), the state and the update.
"""

import ctypes
import resource
import sys
from typing import Any

from pycrdt import Doc, Map, Text

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SIGKILL = 9
_LENGTH_BYTES = 8


def set_limits(memory_bytes: int, cpu_s: int) -> None:
    """Bind this process: memory, processor time, no core file; it ends with the server."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def open_text(body: str, notes: str, state: bytes) -> "Doc[Any]":
    """Return a document with these roots and this state."""
    doc: Doc[Any] = Doc()
    doc[body], doc[notes] = Text(), Map()
    doc.apply_update(state)
    return doc


def shown(doc: "Doc[Any]", body: str, notes: str) -> list[Any]:
    """Return everything that the text shows."""
    stored = dict(doc[notes].items())
    texts = [doc[body], *(stored[key] for key in sorted(stored))]
    return [text.diff() for text in texts]


def main(arguments: list[str]) -> int:
    """Take the update in, read the text, save it and load it again; return the exit status."""
    body, notes, memory_bytes, cpu_s = arguments
    set_limits(int(memory_bytes), int(cpu_s))
    given = sys.stdin.buffer.read()
    size = int.from_bytes(given[:_LENGTH_BYTES], "big")
    state, update = given[_LENGTH_BYTES : _LENGTH_BYTES + size], given[_LENGTH_BYTES + size :]
    doc = open_text(body, notes, state)
    doc.apply_update(update)
    again = open_text(body, notes, doc.get_update())
    return 0 if shown(doc, body, notes) == shown(again, body, notes) else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
