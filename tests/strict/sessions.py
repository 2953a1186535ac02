"""Real updates in the order in which a server got them: by the editor's binding, and by pycrdt."""

import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")


@dataclass(frozen=True, slots=True)
class Session:
    """What a few people sent. step2s: how many updates are known to the server, then bytes."""

    name: str
    updates: list[bytes]
    step2s: list[tuple[int, bytes]]


@cache
def sessions() -> tuple[Session, ...]:
    """Return every session there is, always the same."""
    return tuple(
        Session(
            f"{source} {kept['seed']}",
            [b64decode(update) for update in kept["updates"]],
            [(known, b64decode(update)) for known, update in kept["step2s"]],
        )
        for source in ("editor", "pycrdt")
        for kept in json.loads((CORPUS / f"{source}.json").read_text())
    )
