"""The text of a Room: bytes for who reads it, a document for who writes, and what it holds."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pycrdt import Doc, get_state

from app.errors import AppError, Unavailable
from app.rooms.frames import EMPTY_VECTOR, Malformed
from app.rooms.guard import open_document
from app.rooms.guarding.held import Held
from app.rooms.keeping.replaying import replay
from app.rooms.strict.facts import UpdateFacts
from app.rooms.strict.update import read_update
from app.text.from_crdt import read_document, read_state
from app.text.model import Document

# So much that was logged may wait to be taken into the document: together it costs a third.
_LATE_UPDATES, _LATE_BYTES = 32, 16 * 1024
# Longer repetitions than this are known again by their bytes.
_REPEATED_BYTES = 512
_NOTHING_NEW = UpdateFacts()


class LiveText:
    """What was logged of one section. Most texts are only read: those are bytes and no more.

    The document is opened with the first write, and given up in a long rest. What was proven here
    goes into it when somebody asks for the text, or when a few dozen updates have come together.
    """

    __slots__ = (
        "_doc",
        "_held",
        "_late",
        "_late_bytes",
        "_missing",
        "_repeated",
        "_vector",
        "_whole",
        "failure",
        "is_broken",
    )

    def __init__(self, state: bytes) -> None:
        """state: the whole text as one update."""
        self.is_broken = False
        """The library gave way: what its document holds now may not even be read."""
        self.failure: BaseException | None = None
        """What the library raised over this very text, if it did."""
        self._whole: bytes | None = state
        self._vector: bytes | None = None
        self._doc: Doc[Any] | None = None
        self._late: list[bytes] = []
        """What was logged and is not in the document yet."""
        self._late_bytes = 0
        self._held: Held | None = None
        self._repeated: bytes | None = None
        self._missing: tuple[bytes, bytes] | None = None
        """A state vector, and what it lacks: a hall that comes back has the same one."""

    def state(self) -> bytes:
        """Return the whole text as one update, made once for everybody who opens it."""
        if self._whole is None:
            with self._library():
                self._whole = self._open().get_update()
        return self._whole

    def vector(self) -> bytes:
        """Return the state vector of the text."""
        if self._vector is None:
            whole = self.state() if self._doc is None else None
            with self._library():
                self._vector = self._open().get_state() if whole is None else get_state(whole)
        return self._vector

    def missing_from(self, vector: bytes) -> bytes:
        """Return what somebody at this state vector lacks, as one update. Raises: Malformed."""
        if vector == EMPTY_VECTOR:
            return self.state()
        if self._missing is not None and self._missing[0] == vector:
            return self._missing[1]
        doc = self._open()
        with self._library():
            try:
                missing = doc.get_update(vector)
            except Exception as error:
                # It is the vector's fault, not the text's.
                raise Malformed("A state vector cannot be read.") from error
        self._missing = vector, missing
        return missing

    def read(self) -> Document:
        """Return the text as a value."""
        whole = self.state() if self._doc is None else None
        with self._library():
            return read_document(self._open()) if whole is None else read_state(whole)

    def take(self, updates: Sequence[bytes], facts: Iterable[UpdateFacts]) -> None:
        """Take in what was logged. facts: what the updates say, all in all.

        Raises: Unavailable if the library gives way over it.
        """
        self.take_proven(updates, facts)
        if updates:
            self._open()

    def take_proven(self, updates: Sequence[bytes], facts: Iterable[UpdateFacts]) -> None:
        """The same of what a proving copy of this process holds: perhaps later, with others.

        Raises: as `take`, if it is its turn.
        """
        if updates:
            if self._doc is None or self.is_broken:
                self._open()
            self._late += updates
            self._late_bytes += sum(map(len, updates))
            self._whole = self._vector = self._missing = None
        if len(self._late) >= _LATE_UPDATES or self._late_bytes >= _LATE_BYTES:
            self._open()
        if self._held is not None:
            for one in facts:
                self._held.learn(one)

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
            state = self.state()
            with self._library():
                self._doc = open_document(state)
        if self._late:
            late, self._late, self._late_bytes = self._late, [], 0
            with self._library():
                replay(self._doc, late)
        return self._doc

    @contextmanager
    def _library(self) -> Iterator[None]:
        """Let the block use the library; if that gives way, its document is dropped, unread.

        Raises: Unavailable instead of what the library raised: its panics are no Exceptions.
        """
        try:
            yield
        except (AppError, asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            self.is_broken, self.failure, self._doc = True, error, None
            self._missing = None
            self._late.clear()
            raise Unavailable("This text has to be opened again. Please try again.") from error

    def _holdings(self) -> Held:
        if self._held is None:
            self._held = Held(self.state())
        return self._held
