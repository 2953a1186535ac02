"""When edits came: from being typed to being seen by each listener, and to being acknowledged."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.load.clients import Draft, Listener, Typist


@dataclass(slots=True)
class Delays:
    """Delays in seconds."""

    values: list[float] = field(default_factory=list)

    def percentile_ms(self, percent: float) -> float | None:
        """Return a percentile in milliseconds; None when there is nothing."""
        if not self.values:
            return None
        ordered = sorted(self.values)
        place = min(len(ordered) - 1, int(len(ordered) * percent / 100))
        return round(ordered[place] * 1000, 2)


class Watched:
    """Some listeners, and the typists whose edits they wait for."""

    def __init__(self, listeners: Sequence[Listener], typists: Sequence[Typist]) -> None:
        self.seen = Delays()
        self.since = 0.0
        """Edits typed before this are not counted."""
        self._drafts: dict[int, Draft] = {}
        for typist in typists:
            assert typist.draft is not None
            self._drafts[typist.client_id] = typist.draft
        self._listeners = listeners
        self._places: dict[Listener, dict[int, int]] = {}
        self._moved = asyncio.Event()
        for listener in listeners:
            self._places[listener] = dict.fromkeys(self._drafts, 0)
            listener.on_edit = self._note

    async def all_here(self, within_s: float) -> bool:
        """Return whether every listener saw every edit in time."""
        deadline = time.perf_counter() + within_s
        while not self._is_complete():
            self._moved.clear()
            try:
                async with asyncio.timeout(max(0.0, deadline - time.perf_counter())):
                    await self._moved.wait()
            except TimeoutError:
                return False
        return True

    def _is_complete(self) -> bool:
        return all(
            places[client_id] >= len(draft.clocks)
            for listener, places in self._places.items()
            for client_id, draft in self._drafts.items()
            if not _is_own(listener, client_id)
        )

    def _note(self, listener: Listener, vector: dict[int, int], now: float) -> None:
        places = self._places[listener]
        for client_id, draft in self._drafts.items():
            if _is_own(listener, client_id):
                continue
            reached, place = vector.get(client_id, 0), places[client_id]
            while place < len(draft.clocks) and draft.clocks[place] <= reached:
                if draft.times[place] >= self.since:
                    self.seen.values.append(now - draft.times[place])
                place += 1
            places[client_id] = place
        self._moved.set()


def ack_delays(typists: Sequence[Typist], since: float) -> Delays:
    """Return the delays from each edit to its acknowledgement, in the order they came in."""
    delays = Delays()
    for typist in typists:
        draft = typist.draft
        assert draft is not None
        # Two come before: for the first SyncStep2 and for the typist's own paragraph.
        acks = typist.ack_times[len(typist.ack_times) - len(draft.times) :]
        if len(acks) == len(draft.times):
            pairs = zip(draft.times, acks, strict=True)
            delays.values += [ack - typed for typed, ack in pairs if typed >= since]
    return delays


def _is_own(listener: Listener, client_id: int) -> bool:
    return isinstance(listener, Typist) and listener.client_id == client_id
