"""The few places of a text that an update can harm by building on them or cutting through them."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from app.rooms.strict.facts import Entry, Follower, Piece, Unit, UpdateFacts
from app.rooms.strict.runs import Doubt, Runs, doubtful, half_known
from app.rooms.strict.values import ForeignContent

# What was deleted from one footnote's name again and again; honest clients leave a handful.
MAX_ENTRY_UNITS: Final = 1000
# Places of one update of which only the document can tell whether they are sound: it is asked on
# the event loop. Five devices that wrote three hundred times apart, in one place, had 17.
MAX_DOUBTS: Final = 1000

_TANGLED = "This change stands in more places where others wrote meanwhile than can be looked into."
_MISPLACED = "A footnote stands in the list of footnotes, and words stand in a text."
_CUT = "This change cuts a character in two."


class Landmarks:
    """Which units are footnotes in their map, first halves of characters, and beside each other."""

    __slots__ = ("_entries", "_pairs", "_runs")

    def __init__(self, whole: UpdateFacts) -> None:
        self._entries: set[Unit] = set()
        self._pairs: set[Unit] = set()
        self._runs = Runs()
        self.learn(whole)

    def learn(self, facts: UpdateFacts) -> None:
        """Take in an update that stands, as the library emitted it."""
        self._runs.learn(facts.pieces)
        if facts.pairs:
            self._pairs |= facts.pairs
        if facts.entries or facts.followers:
            self._entries |= _placed(facts, {}, self._entries)

    def is_typed_on(self, piece: Piece, vector: Mapping[int, int]) -> bool:
        """Return whether a piece may stand where it says, by a look at its two sides alone.

        False: careful looking is needed. True: `continues` and `check` find no fault either, and
        all that the piece builds on is there. vector: the clocks before it.
        """
        client, start, _, behind, before = piece
        if vector.get(client) != start:
            return False
        for unit in (behind, before):
            if unit is not None and (unit[1] >= vector.get(unit[0], 0) or unit in self._entries):
                return False
        pairs = self._pairs
        if pairs and (behind in pairs or (before and (before[0], before[1] - 1) in pairs)):
            return False
        if behind is not None and self._runs.around(behind)[1] == before:
            return True
        return before is not None and self._runs.around(before)[0] == behind

    def learn_typed(self, piece: Piece) -> None:
        """Take in a piece that stands."""
        self._runs.learn((piece,))

    def continues(self, facts: UpdateFacts, vector: Mapping[int, int]) -> bool:
        """Return whether what is half known lies where the update says: the rest may follow."""
        return all(self._runs.agrees(*half) for half in half_known(facts.pieces, vector))

    def check(self, facts: UpdateFacts, vector: Mapping[int, int]) -> list[Doubt]:
        """Make sure that everything is placed where it may be, and no character cut in two.

        vector: the clocks before the update.
        Returns the places of which only the document can tell whether they are sound.
        Raises: ForeignContent.
        """
        if self._pairs or facts.pairs:
            self._check_cuts(facts, vector)
        if self._entries or facts.entries or facts.followers or facts.inside:
            self._check_places(facts, vector)
        doubts = list(islice(doubtful(facts.pieces, self._runs, vector), MAX_DOUBTS + 1))
        if len(doubts) > MAX_DOUBTS:
            raise ForeignContent(_TANGLED)
        return doubts

    def _check_places(self, facts: UpdateFacts, vector: Mapping[int, int]) -> None:
        known, fresh = self._entries, _placed(facts, vector, self._entries)
        followers = {(follower.client_id, follower.clock) for follower in facts.followers}
        words = [
            unit
            for client, start, _, behind, before in facts.pieces
            for unit in (before, None if (client, start) in followers else behind)
        ]
        if any(unit in known or unit in fresh for unit in words):
            raise ForeignContent(_MISPLACED)
        if any(unit not in known and unit not in fresh for unit in facts.inside):
            raise ForeignContent(_MISPLACED)

    def _check_cuts(self, facts: UpdateFacts, vector: Mapping[int, int]) -> None:
        for unit in _cuts(facts, vector):
            if unit in self._pairs or unit in facts.pairs:
                raise ForeignContent(_CUT)


def _cuts(facts: UpdateFacts, vector: Mapping[int, int]) -> Iterator[Unit]:
    """The units behind which the update parts what is there."""
    for _, _, _, behind, before in facts.pieces:
        if behind is not None:
            yield behind
        if before is not None:
            yield before[0], before[1] - 1
    for client, ranges in facts.deletes.items():
        for start, end in ranges:
            yield client, start - 1
            yield client, end - 1
    for piece, there in half_known(facts.pieces, vector):
        yield piece[0], there - 1


def _placed(facts: UpdateFacts, vector: Mapping[int, int], known: set[Unit]) -> set[Unit]:
    """The units of the update that lie in the map of footnotes. Raises: ForeignContent."""
    fresh: set[Unit] = set()
    followers: dict[Unit, list[Follower]] = {}
    lost = 0
    for follower in facts.followers:
        if follower.clock >= vector.get(follower.client_id, 0):
            followers.setdefault(follower.behind, []).append(follower)
            lost += follower.is_footnote
    ahead: list[Entry | Follower] = [
        entry for entry in facts.entries if entry.clock >= vector.get(entry.client_id, 0)
    ]
    for unit in [unit for unit in followers if unit in known]:
        ahead += followers.pop(unit)
    while ahead:
        part = ahead.pop()
        lost -= isinstance(part, Follower) and part.is_footnote
        if part.length > MAX_ENTRY_UNITS:
            raise ForeignContent(_MISPLACED)
        for unit in ((part.client_id, part.clock + n) for n in range(part.length)):
            fresh.add(unit)
            ahead += followers.pop(unit, ())
    if lost:
        raise ForeignContent("Only footnotes hold a text of their own.")
    return fresh
