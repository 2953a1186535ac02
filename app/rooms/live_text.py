"""The text of a Room: bytes for who reads it, a document for who writes, and what it holds."""

from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, get_state

from app.errors import Unavailable
from app.rooms.frames import EMPTY_VECTOR
from app.rooms.guard import open_document
from app.rooms.guarding.held import Held
from app.rooms.strict.facts import UpdateFacts
from app.rooms.strict.update import read_update
from app.text.from_crdt import read_document, read_state
from app.text.model import Document

# Longer repetitions than this are known again by their bytes.
_REPEATED_BYTES = 512
_NOTHING_NEW = UpdateFacts()


class LiveText:
    """What was logged of one section. Most texts are only read: those are bytes and no more.

    The document is opened with the first write, and given up in a long rest.
    """

    __slots__ = ("_doc", "_held", "_repeated", "_vector", "_whole", "is_broken")

    def __init__(self, state: bytes) -> None:
        """state: the whole text as one update."""
        self.is_broken = False
        """The library gave way: what its document holds now may not even be read."""
        self._whole: bytes | None = state
        self._vector: bytes | None = None
        self._doc: Doc[Any] | None = None
        self._held: Held | None = None
        self._repeated: bytes | None = None

    def state(self) -> bytes:
        """Return the whole text as one update, made once for everybody who opens it."""
        if self._whole is None:
            self._whole = self._open().get_update()
        return self._whole

    def vector(self) -> bytes:
        """Return the state vector of the text."""
        if self._vector is None:
            doc = self._doc
            self._vector = get_state(self.state()) if doc is None else self._open().get_state()
        return self._vector

    def missing_from(self, vector: bytes) -> bytes:
        """Return what somebody at this state vector lacks, as one update."""
        return self.state() if vector == EMPTY_VECTOR else self._open().get_update(vector)

    def read(self) -> Document:
        """Return the text as a value."""
        return read_state(self.state()) if self._doc is None else read_document(self._open())

    def take(self, updates: Sequence[bytes], facts: Sequence[UpdateFacts | None]) -> None:
        """Take in what was logged.

        facts: what the updates say, part by part; None for a part that nobody has read.
        """
        for update in updates:
            self._open().apply_update(update)
        if updates:
            self._whole = self._vector = None
            self._learn(facts)

    def facts_of(self, update: bytes) -> UpdateFacts:
        """Return what a client's update says; nothing, if the text holds these very bytes.

        A hundred readers who join say the same: all that was ever deleted here.
        Raises: Malformed, ForeignContent.
        """
        if update == self._repeated:
            return _NOTHING_NEW
        facts = read_update(update)
        if len(update) >= _REPEATED_BYTES and self.holds(facts):
            self._repeated = update
        return facts

    def holds_writes(self, facts: UpdateFacts) -> bool:
        """Return whether an update writes nothing new, whatever it deletes."""
        return self._holdings().holds_writes(facts)

    def holds(self, facts: UpdateFacts) -> bool:
        """Return whether an update adds nothing at all."""
        return self._holdings().holds(facts, self.state)

    def rest(self) -> None:
        """Be bytes alone until somebody writes again."""
        if self._doc is not None and not self.is_broken:
            self.state()
            self._doc = None

    def _open(self) -> Doc[Any]:
        if self.is_broken:
            raise Unavailable("This text is being opened again. Please try again in a moment.")
        if self._doc is None:
            self._doc = open_document(self.state())
        return self._doc

    def _holdings(self) -> Held:
        if self._held is None:
            self._held = Held(self.state())
        return self._held

    def _learn(self, facts: Sequence[UpdateFacts | None]) -> None:
        held = self._held
        if held is None:
            return
        for one in facts:
            if one is None:
                self._held = None
                return
            held.learn(one)
