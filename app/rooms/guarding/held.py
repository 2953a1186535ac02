"""What a text holds, without its words: enough to tell a repetition from a change."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from pycrdt import get_state, get_update

from app.rooms.frames import decode_vector
from app.rooms.strict.deletes import deletes_of
from app.rooms.strict.facts import Range, UpdateFacts


class Held:
    """The clocks and the deletions of a text, kept up as it grows.

    It may know less than the text holds, never more: what it says is held need not be logged.
    """

    __slots__ = ("_deletes", "_vector")

    def __init__(self, state: bytes) -> None:
        """state: the whole text as one update."""
        self._vector = decode_vector(get_state(state))
        self._deletes: dict[int, _Ranges] | None = None

    def holds_writes(self, facts: UpdateFacts) -> bool:
        """Return whether the update writes nothing new, whatever it deletes."""
        vector = self._vector
        for client, _, end in facts.writes:
            if end > vector.get(client, 0):
                return False
        return True

    def holds(self, facts: UpdateFacts, state: Callable[[], bytes]) -> bool:
        """Return whether the update adds nothing at all.

        state: gives the whole text; called once, when it first matters what was deleted.
        """
        if not self.holds_writes(facts):
            return False
        if not facts.deletes:
            return True
        if self._deletes is None:
            self._deletes = _read_deletes(state())
        known = self._deletes
        return all(
            client in known and all(known[client].contains(*one) for one in ranges)
            for client, ranges in facts.deletes.items()
        )

    def learn(self, facts: UpdateFacts) -> None:
        """Take in an update that the text now holds."""
        for client, _, end in facts.writes:
            if end > self._vector.get(client, 0):
                self._vector[client] = end
        if self._deletes is None:
            return
        for client, ranges in facts.deletes.items():
            own = self._deletes.get(client)
            if own is None:
                own = self._deletes[client] = _Ranges([])
            for start, end in ranges:
                own.add(start, end)


class _Ranges:
    """Disjoint ranges in order, packed: a text of a hundred thousand deletions has many."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, ranges: list[Range]) -> None:
        """ranges: in order, neighbours joined."""
        self._starts = array("Q", [start for start, _ in ranges])
        self._ends = array("Q", [end for _, end in ranges])

    def add(self, start: int, end: int) -> None:
        first = bisect_left(self._ends, start)
        behind = bisect_right(self._starts, end)
        if first < behind:
            start = min(start, self._starts[first])
            end = max(end, self._ends[behind - 1])
        self._starts[first:behind] = array("Q", (start,))
        self._ends[first:behind] = array("Q", (end,))

    def contains(self, start: int, end: int) -> bool:
        place = bisect_right(self._starts, start) - 1
        return place >= 0 and end <= self._ends[place]


def _read_deletes(state: bytes) -> dict[int, _Ranges]:
    deletes = deletes_of(get_update(state, get_state(state)))
    return {client: _Ranges(ranges) for client, ranges in deletes.items()}
