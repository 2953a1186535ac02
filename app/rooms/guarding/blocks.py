"""Where the blocks of a text lie, and in which of them an edit lies, told by its units alone."""

from bisect import bisect_left
from typing import Any, TypeAlias

from pycrdt import Assoc, Doc, StickyIndex

from app.rooms.guarding.characters import Characters, Emission, Stretch, Unit
from app.rooms.strict.facts import Piece
from app.text.from_crdt import (
    body_of,
    cut_blocks,
    document_of,
    is_marker,
    read_id,
    read_pieces,
)
from app.text.hashing import canonical
from app.text.model import Document

Locked: TypeAlias = tuple[tuple[str, bytes], ...]
"""The locked blocks of a text in order: id and canonical form."""

# More deleted units than these are not looked up one by one: the whole text is read instead.
DELETED_MAX = 32


class Blocks:
    """A text as its blocks lie in it: ids, beginnings, and the canonical form of the locked ones.

    It is as the text was when it was read, moved on by `follow` for edits inside one block.
    """

    def __init__(self, doc: Doc[Any], locked_ids: frozenset[str]) -> None:
        self._body = body = body_of(doc)
        stored = cut_blocks(read_pieces(body))
        found = [read_id(block.marker) if block.marker else None for block in stored]
        self.ids: tuple[str | None, ...] = tuple(found)
        self.starts = [block.start_bytes for block in stored]
        self.size_bytes = len(body)
        self._ends: dict[int, tuple[Unit, int]] = {}
        """The last character that each client typed, and in which block."""
        held = [block for block, name in zip(stored, found, strict=True) if name in locked_ids]
        self.locked = locked_blocks(document_of(doc, held), locked_ids)

    @property
    def has_doubled_ids(self) -> bool:
        """Whether an id stands on two blocks, or is missing on one."""
        return len(set(self.ids)) < len(self.ids) or None in self.ids

    def follow(self, doc: Doc[Any], emission: Emission, characters: Characters) -> int | None:
        """Move on behind an edit of plain characters inside one block, and return which block.

        None: it may lie anywhere, and nothing is known any more. The caller makes sure that no
        footnote's text was touched. characters: those of the text, and of the edit itself.
        """
        growth = len(self._body) - self.size_bytes
        place = self._place(doc, emission, characters, growth)
        if place is not None:
            self.size_bytes += growth
            self.starts[place + 1 :] = [start + growth for start in self.starts[place + 1 :]]
            self._note_end(emission, place)
        return place

    def _place(
        self, doc: Doc[Any], emission: Emission, characters: Characters, growth: int
    ) -> int | None:
        if emission.has_more or len(emission.characters) > 1:
            return None
        if not emission.deletes and growth != emission.size_bytes:
            return None
        if emission.deleted_units > DELETED_MAX or not all(map(characters.holds, emission.deletes)):
            return None
        if (place := self._goes_on_in(emission)) is not None:
            return place
        written = positions(doc, [(c, start, start + 1) for c, start, _ in emission.characters])
        gone = positions(doc, emission.deletes)
        return self._common_block(written, gone, growth)

    def _goes_on_in(self, emission: Emission) -> int | None:
        """The block in which somebody types on, behind their own last character.

        What is put behind a unit comes to stand behind it, or behind what was put there since, or
        behind that. All of it are characters, or the text would have been read anew: so no marker
        stands between the two, whatever lies before them.
        """
        if emission.deletes or not emission.characters:
            return None
        [(client, _, _)] = emission.characters
        end, place = self._ends.get(client, (None, None))
        return place if emission.behind is not None and emission.behind == end else None

    def _note_end(self, emission: Emission, place: int) -> None:
        """Remember behind what somebody may type on."""
        for client, _, end in emission.characters:
            self._ends[client] = (client, end - 1), place

    def _common_block(self, written: list[int], gone: list[int], growth: int) -> int | None:
        """The one block of all these positions of the new text, if they have one.

        Nothing was edited before the first of them, so that what lies before it lies where it lay:
        that gives its block. Nothing was edited behind the last of them, so that what lies behind
        it is as long as it was: that gives the block of the last. Markers were neither written nor
        deleted, so that what lies between lies in the same block, if those two are the same.
        """
        everywhere = written + gone
        if not everywhere:
            return None
        first = bisect_left(self.starts, min(everywhere)) - 1
        if first < 0:
            return None
        if min(everywhere) == max(everywhere):
            return first
        if not gone or (written and written[0] >= max(gone)):
            # The position of characters is exact only up to the piece that they became part of:
            # it cannot measure what lies behind them.
            return None
        last = bisect_left(self.starts, max(gone) - growth) - 1
        return first if first == last else None


class Beginning:
    """Whether a text begins with a marker; reads all of it only when its first unit is another."""

    def __init__(self, doc: Doc[Any]) -> None:
        self._doc = doc
        self._marker: dict[str, int] | None = None
        self._is_marked = False
        """It began with a marker, and nothing since was put but behind what stands behind that."""
        self._ends: dict[int, Unit] = {}
        """The last characters that each client typed since anything was deleted or marked."""

    def follow(self, typed: Piece | None) -> None:
        """Take note of a change. typed: all that it did; None: it may have done anything."""
        if typed is None:
            self._is_marked = False
            self._ends.clear()
            return
        client, _, end, behind, _ = typed
        if behind is None or self._ends.get(client) != behind:
            self._is_marked = False
        self._ends[client] = (client, end - 1)

    def is_marked(self) -> bool:
        """Return whether the text begins with a marker, or is empty."""
        if not self._is_marked:
            self._is_marked = self._look()
        return self._is_marked

    def _look(self) -> bool:
        body = body_of(self._doc)
        if not len(body):
            return True
        unit: dict[str, int] = body.sticky_index(0, Assoc.AFTER).to_json()["item"]
        if unit != self._marker:
            self._marker = unit if is_marker(read_pieces(body)[0].value) else None
        return self._marker is not None


def positions(doc: Doc[Any], stretches: list[Stretch]) -> list[int]:
    """Return where units of the body lie: how many bytes stand before each of them.

    Of a unit inside a stored piece it is a place in that piece: at its beginning or behind.
    """
    body = body_of(doc)
    found = []
    with doc.transaction() as transaction:
        for client, start, end in stretches:
            for clock in range(start, end):
                unit = {"item": {"client": client, "clock": clock}, "assoc": 0}
                found.append(StickyIndex.from_json(unit, body).get_index(transaction))
    return found


def locked_blocks(document: Document, locked_ids: frozenset[str]) -> Locked:
    """Return the locked blocks in order: what may neither change, double, go nor change places."""
    return tuple(
        (block.id, canonical(block, document.notes))
        for block in document.blocks
        if block.id is not None and block.id in locked_ids
    )
