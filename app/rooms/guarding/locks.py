"""Whether an edit left the locked blocks as they were; reads the whole text only if it must."""

from typing import Any

from pycrdt import Doc

from app.rooms.guarding.blocks import DELETED_MAX, Blocks, Locked
from app.rooms.guarding.characters import (
    Characters,
    Emission,
    Stretch,
    emission_of,
    read_emission,
)
from app.rooms.strict.facts import Typed
from app.text.from_crdt import notes_of

_Ranges = dict[int, list[tuple[int, int]]]


class Locks:
    """The locked blocks of one document, which only its owner changes: expect, edit, hold."""

    def __init__(self, doc: Doc[Any]) -> None:
        self._doc = doc
        self._ids: frozenset[str] = frozenset()
        self._kept: Locked | None = None
        """The locked blocks as they stand; None: not read yet."""
        self._blocks: Blocks | None = None
        """The same text's blocks; None: not read, or lost sight of."""
        self._characters = Characters()
        self._knows_all_characters = False
        self._must_hold = False
        moved: list[bool] = []
        # A bound method would tie the document to itself: it would never be freed.
        self._subscription = notes_of(doc).observe_deep(lambda _: moved.append(True))
        self._notes_moved = moved

    def expect(self, locked_ids: frozenset[str], names_blocks: bool, deletes: _Ranges) -> None:
        """Get ready for an edit: know the locked blocks as they stand before it.

        names_blocks: whether it gives a block an id; deletes: what it deletes.
        """
        self._must_hold = bool(locked_ids)
        self._notes_moved.clear()
        if not locked_ids:
            self._lose_sight()
            return
        if self._kept is None or not self._are_same_here(locked_ids):
            self._read(locked_ids)
        self._ids = locked_ids
        self._must_hold = bool(self._kept) or names_blocks
        if not self._must_hold:
            self._blocks = None
        elif self._blocks is not None:
            self._learn_characters(deletes)

    def hold(self, emitted: bytes, typed: Typed | None = None) -> bool:
        """Return whether the locked blocks are as they were before the edit that emitted this.

        typed: all that this says, if that is known.
        """
        if not self._must_hold or not emitted:
            return True
        place = self._follow(emitted, typed)
        if place is not None and not self._is_locked(place):
            return True
        before = self._kept
        self._read(self._ids)
        return self._kept == before

    def take(self, emitted: bytes) -> None:
        """Keep up with a change that stands already, whatever it touched."""
        place = self._follow(emitted, None) if emitted else None
        if emitted and (place is None or self._is_locked(place)):
            self._lose_sight()

    def has_doubled_ids(self) -> bool:
        """Return whether an id stands on two blocks of the text, or is missing on one."""
        return (self._blocks or Blocks(self._doc, frozenset())).has_doubled_ids

    def _are_same_here(self, locked_ids: frozenset[str]) -> bool:
        """Whether these are, in this text, the blocks that were locked before."""
        if locked_ids == self._ids:
            return True
        here = self._blocks.ids if self._blocks is not None else None
        return here is not None and self._ids.intersection(here) == locked_ids.intersection(here)

    def _is_locked(self, place: int) -> bool:
        return self._blocks is None or self._blocks.ids[place] in self._ids

    def _read(self, locked_ids: frozenset[str]) -> None:
        self._blocks = Blocks(self._doc, locked_ids)
        self._kept = self._blocks.locked

    def _lose_sight(self) -> None:
        self._kept = self._blocks = None

    def _follow(self, emitted: bytes, typed: Typed | None) -> int | None:
        """The block in which all of the edit lies, if it is one that can be told cheaply."""
        blocks, moved = self._blocks, bool(self._notes_moved)
        self._notes_moved.clear()
        if blocks is None:
            return None
        place = None
        try:
            emission = emission_of(typed) if typed else read_emission(emitted)
            for stretch in emission.characters:
                self._characters.add(stretch)
            if not moved:
                place = blocks.follow(self._doc, emission, self._characters)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            # The library panics (no Exception) when asked for the place of a unit that has none.
            # It only looked, so the text can still be read, as a whole.
            place = None
        if place is None:
            self._blocks = None
        return place

    def _learn_characters(self, deletes: _Ranges) -> None:
        """Know what kind of units these are, while the document still knows it."""
        ranges: list[Stretch] = [
            (client, start, end) for client, found in deletes.items() for start, end in found
        ]
        size = sum(end - start for _, start, end in ranges)
        if self._knows_all_characters or size > DELETED_MAX:
            return
        if not all(map(self._characters.holds, ranges)):
            emission: Emission = read_emission(self._doc.get_update())
            for stretch in emission.characters:
                self._characters.add(stretch)
            self._knows_all_characters = True
