"""Makes a state of logged updates."""

from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, merge_updates

# Merging grows with the square of the number of updates; 64 at a time was the fastest replay.
_BATCH = 64


def replay(doc: Doc[Any], updates: Sequence[bytes]) -> None:
    """Apply logged updates in order."""
    if len(updates) <= _BATCH:
        for update in updates:
            doc.apply_update(update)
        return
    for start in range(0, len(updates), _BATCH):
        doc.apply_update(merge_updates(*updates[start : start + _BATCH]))


def rebuild(state: bytes, updates: Sequence[bytes]) -> bytes:
    """Return the state with the updates applied, made in a document of its own."""
    if not updates:
        return state
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    replay(doc, updates)
    return doc.get_update()
