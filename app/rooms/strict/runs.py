"""What every part of a text was put behind and before: tells cheaply that two are in order."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.rooms.strict.facts import Piece, Unit


class _Client:
    """What one client wrote, in order; what continues its own words is one run with them."""

    __slots__ = ("before", "behind", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.behind: list[Unit | None] = []
        self.before: list[Unit | None] = []

    def add(self, piece: Piece) -> None:
        client, clock, _, behind, before = piece
        if self.starts and behind == (client, clock - 1) and before == self.before[-1]:
            return
        self.starts.append(clock)
        self.behind.append(behind)
        self.before.append(before)


class Runs:
    """The parts of a text, or of an update, by their clients and clocks."""

    __slots__ = ("_clients",)

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self._clients: dict[int, _Client] = {}
        self.learn(pieces)

    def learn(self, pieces: Iterable[Piece]) -> None:
        """Take in what was written, each client's parts in the order of their clocks."""
        clients = self._clients
        for piece in pieces:
            client = clients.get(piece[0])
            if client is None:
                client = clients[piece[0]] = _Client()
            client.add(piece)

    def around(self, unit: Unit) -> tuple[Unit | None, Unit | None]:
        """Return what the unit was put behind and before."""
        client = self._clients.get(unit[0])
        if client is None:
            return None, None
        at = bisect_right(client.starts, unit[1]) - 1
        if at < 0:
            return None, None
        first = client.starts[at] == unit[1]
        return client.behind[at] if first else (unit[0], unit[1] - 1), client.before[at]

    def agrees(self, piece: Piece, there: int) -> bool:
        """Return whether the units of the piece below the clock `there` lie where it says."""
        client, start, _, behind, before = piece
        mine = self._clients.get(client)
        if mine is None or behind is before:
            # First in a text, or gone: nothing here tells in which.
            return False
        first = bisect_right(mine.starts, start) - 1
        is_one_run = first >= 0 and first == bisect_right(mine.starts, there - 1) - 1
        return is_one_run and self.around((client, start)) == (behind, before)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something new that stands between two units (None: an end of the text).

    Its writer saw nothing between them. So what `before` was once put behind must not stand there
    either, nor what `behind` was put before.
    """

    behind: Unit | None
    before: Unit | None
    outer: tuple[Unit | None, Unit | None]
    """What `before` was put behind, and what `behind` was put before."""


def half_known(pieces: Iterable[Piece], vector: Mapping[int, int]) -> Iterator[tuple[Piece, int]]:
    """Yield the pieces that began before the clock that is there and end behind it, and that."""
    for piece in pieces:
        there = vector.get(piece[0], 0)
        if piece[1] < there < piece[2]:
            yield piece, there


def doubtful(pieces: Iterable[Piece], known: Runs, vector: Mapping[int, int]) -> Iterator[Doubt]:
    """Yield the new places that are not plainly sound: of which neither side names the other.

    known: what is there, up to the clocks of `vector`.
    """
    fresh: Runs | None = None

    def around(unit: Unit) -> tuple[Unit | None, Unit | None]:
        nonlocal fresh
        if unit[1] < vector.get(unit[0], 0):
            return known.around(unit)
        fresh = fresh or Runs(pieces)
        return fresh.around(unit)

    for client, start, _, behind, before in pieces:
        if behind is before or start < vector.get(client, 0):
            continue
        last = around(before)[0] if before else None
        first = around(behind)[1] if behind else None
        if (before is None or last != behind) and (behind is None or first != before):
            yield Doubt(behind, before, (last, first))
