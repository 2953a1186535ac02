"""Updates put together, and states made of them."""

from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, merge_updates

# Merging grows with the square of the number of updates; 64 at a time was the fastest replay.
_BATCH = 64


def merge(updates: Sequence[bytes]) -> bytes:
    """Return a handful of updates as one; empty for none."""
    if len(updates) < 2:
        return updates[0] if updates else b""
    return merge_updates(*updates)


def joined(updates: Sequence[bytes]) -> list[bytes]:
    """Return updates as fewer that say the same, in order; what cannot be joined stays as it is."""
    batches = (updates[start : start + _BATCH] for start in range(0, len(updates), _BATCH))
    return [update for batch in batches for update in _as_one(batch)]


def replay(doc: Doc[Any], updates: Sequence[bytes]) -> None:
    """Apply logged updates in order."""
    for update in joined(updates):
        doc.apply_update(update)


def rebuild(state: bytes, updates: Sequence[bytes]) -> bytes:
    """Return the state with the updates applied, made in a document of its own."""
    if not updates:
        return state
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    replay(doc, updates)
    return doc.get_update()


def _as_one(updates: Sequence[bytes]) -> Sequence[bytes]:
    try:
        return [merge(updates)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # the CRDT library panics beside Exception
        return updates
