"""Makes a state of logged updates."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, merge_updates

# Merging grows with the square of the number of updates; 64 at a time was the fastest replay.
_BATCH = 64
# Replays longer than this would be felt by everybody on the event loop.
_INLINE_ROWS = 200


async def replayed(state: bytes, updates: list[bytes]) -> bytes:
    """Return the state with the updates applied; a long replay runs off the event loop."""
    if not updates:
        return state
    if len(updates) <= _INLINE_ROWS:
        return _rebuild(state, updates)
    return await asyncio.to_thread(_rebuild, state, updates)


def replay(doc: Doc[Any], updates: Sequence[bytes]) -> None:
    """Apply logged updates in order."""
    if len(updates) <= _BATCH:
        for update in updates:
            doc.apply_update(update)
        return
    for start in range(0, len(updates), _BATCH):
        doc.apply_update(merge_updates(*updates[start : start + _BATCH]))


def _rebuild(state: bytes, updates: list[bytes]) -> bytes:
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    replay(doc, updates)
    return doc.get_update()
