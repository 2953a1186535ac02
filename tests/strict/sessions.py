"""Real updates in the order in which a server got them: by the editor's binding, and by pycrdt."""

import json
import os
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
    """Return every session that is kept, always the same."""
    return (*_read(CORPUS / "editor.json"), *_read(CORPUS / "pycrdt.json"))


def more_sessions() -> tuple[Session, ...]:
    """Return those, and what was recorded in the file MORE_SESSIONS."""
    path = os.environ.get("MORE_SESSIONS")
    return sessions() if path is None else (*sessions(), *_read(Path(path)))


def _read(path: Path) -> list[Session]:
    return [
        Session(
            f"{path.stem} {kept['seed']}",
            [b64decode(update) for update in kept["updates"]],
            [(known, b64decode(update)) for known, update in kept["step2s"]],
        )
        for kept in json.loads(path.read_text())
    ]
