"""What every part of a text was put behind and before: tells cheaply that two are in order."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

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


def doubtful(
    pieces: Iterable[Piece], known: Runs, vector: Mapping[int, int]
) -> Iterator[tuple[Unit, Unit]]:
    """Yield the pairs of units that something new stands between, unless they are plainly in order.

    They are if one of them was put beside the other. known: what is there, up to the clocks of
    `vector`.
    """
    fresh: Runs | None = None
    for client, start, end, behind, before in pieces:
        there = vector.get(client, 0)
        if end <= there or before is None:
            continue
        if start < there:
            # The rest of something half known stands behind the half that is there.
            behind = client, there - 1
        if behind is None:
            continue
        fresh = fresh or Runs(pieces)
        right = known if before[1] < vector.get(before[0], 0) else fresh
        left = known if behind[1] < vector.get(behind[0], 0) else fresh
        if right.around(before)[0] != behind and left.around(behind)[1] != before:
            yield behind, before
