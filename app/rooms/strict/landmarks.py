"""The few places of a text that an update can harm by building on them or cutting through them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from app.rooms.strict.facts import Entry, Follower, Unit, UpdateFacts
from app.rooms.strict.order import Vector
from app.rooms.strict.values import ForeignContent
from app.text import schema

# What was deleted from one footnote's name again and again; honest clients leave a handful.
MAX_ENTRY_UNITS: Final = 1000
_LONG_CHARACTER: Final = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
_NOTES: Final = schema.NOTES.encode()

_MISPLACED = "A footnote stands in the list of footnotes, and words stand in a text."
_CUT = "This change cuts a character in two."


def may_hold_landmarks(state: bytes) -> bool:
    """Return whether a text in this state may have footnotes or characters of two units."""
    return _NOTES in state or _LONG_CHARACTER.search(state) is not None


class Landmarks:
    """Which units are footnotes in their map, and which are first halves of characters."""

    __slots__ = ("_entries", "_pairs")

    def __init__(self) -> None:
        self._entries: set[Unit] = set()
        self._pairs: set[Unit] = set()

    def learn(self, facts: UpdateFacts) -> None:
        """Take in an update that stands, as the library emitted it."""
        self._pairs |= facts.pairs
        if facts.entries or facts.followers:
            self._entries |= _placed(facts, {}, self._entries)

    def check(self, facts: UpdateFacts, vector: Mapping[int, int], grown: Vector) -> None:
        """Make sure that everything is placed where it may be, and no character cut in two.

        vector, grown: the clocks before the update, and those that it moves.
        Raises: ForeignContent.
        """
        if self._pairs or facts.pairs:
            self._check_cuts(facts, vector)
        if self._entries or facts.entries or facts.followers or facts.inside:
            self._check_places(facts, vector)

    def _check_places(self, facts: UpdateFacts, vector: Mapping[int, int]) -> None:
        fresh = _placed(facts, vector, self._entries)
        entries = self._entries
        for unit in _heads(facts, vector):
            if unit in entries or unit in fresh:
                raise ForeignContent(_MISPLACED)
        for unit in facts.inside:
            if unit not in entries and unit not in fresh:
                raise ForeignContent(_MISPLACED)

    def _check_cuts(self, facts: UpdateFacts, vector: Mapping[int, int]) -> None:
        pairs = {unit for unit in facts.pairs if unit[1] >= vector.get(unit[0], 0)}
        for unit in _cuts(facts, vector):
            if unit in self._pairs or unit in pairs:
                raise ForeignContent(_CUT)


def _heads(facts: UpdateFacts, vector: Mapping[int, int]) -> Iterator[Unit]:
    """What words stand behind or before; the rest of something half known stands behind it."""
    yield from facts.behind
    yield from facts.before
    for client, start, end in facts.writes:
        there = vector.get(client, 0)
        if start < there < end:
            yield client, there - 1


def _cuts(facts: UpdateFacts, vector: Mapping[int, int]) -> Iterator[Unit]:
    """The units behind which the update parts what is there."""
    yield from facts.behind
    for client, clock in facts.before:
        yield client, clock - 1
    for follower in facts.followers:
        yield follower.behind
    for client, ranges in facts.deletes.items():
        for start, end in ranges:
            yield client, start - 1
            yield client, end - 1
    for client, start, end in facts.writes:
        there = vector.get(client, 0)
        if start < there < end:
            yield client, there - 1


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
