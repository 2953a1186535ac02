"""May this update stand? Tries it on a copy, against client ids, places and locked paragraphs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from pycrdt import Doc, Map, Text

from app.errors import AppError, Refused
from app.rooms.frames import EMPTY_UPDATE, Malformed, decode_vector
from app.rooms.guarding.blocks import Beginning
from app.rooms.guarding.locks import Locks
from app.rooms.guarding.order import in_order
from app.rooms.keeping.replaying import merge
from app.rooms.strict.facts import Piece, Typed, UpdateFacts
from app.rooms.strict.landmarks import Landmarks
from app.rooms.strict.order import Vector, growth
from app.rooms.strict.runs import Doubt
from app.rooms.strict.update import read_trusted, read_update
from app.rooms.strict.values import ForeignContent
from app.text import schema
from app.text.from_crdt import read_document
from app.text.hashing import canonical
from app.text.model import Document

Edit: TypeAlias = Callable[[Doc[Any]], None]

LOCKED_SENTENCE = (
    "This touches a paragraph that the meeting agreed to, and its text is fixed. "
    "The chair can reopen it."
)

# Each fresh page is a device; its id stays for ever in what everybody reads who opens the text.
MAX_DEVICES = 2000


class RefusedEdit(Refused):
    """Well-formed, but not allowed here and now: it costs its document only."""


class LibraryFailed(Malformed):
    """The CRDT library gave way over bytes that the strict parser let through."""


class Incomplete(RefusedEdit):
    """It builds on something that is not here: the sender is asked for all that it has."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an update must keep to: whose client ids it may write under, what is locked.

    owners: the member to whom each known client id is bound (None: the server).
    """

    member_id: UUID
    owners: Mapping[int, UUID | None]
    locked_ids: frozenset[str]
    taken: frozenset[int] = frozenset()
    """Client ids of the member's own that a later connection writes under now."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What an update comes to: the bytes to be logged, and who wrote something new in it."""

    emitted: bytes
    client_ids: tuple[int, ...]


class ProvingCopy:
    """A section's text as it will be when what is being committed stands.

    After any refusal other than Incomplete it is `spoiled`: it must be dropped, unread.
    """

    def __init__(self, state: bytes, server_client_id: int | None = None) -> None:
        self._doc = open_document(state, server_client_id)
        emitted: list[bytes] = []
        # A bound method would tie the document to itself: it would never be freed.
        self._subscription = self._doc.observe(lambda event: emitted.append(event.update))
        self._emitted = emitted
        self._vector = decode_vector(self._doc.get_state())
        self._landmarks: Landmarks | None = None
        self._locks = Locks(self._doc)
        self._beginning = Beginning(self._doc)
        self.spoiled = False

    def prove(self, update: bytes, facts: UpdateFacts, terms: Terms) -> Proof:
        """Take the update in and return what the copy emitted; empty if it adds nothing.

        Raises: RefusedEdit, Incomplete, ForeignContent, Malformed; LibraryFailed.
        """
        typed = self._typed_on(facts)
        grown = {typed.piece[0]: typed.piece[2]} if typed else self._follow(update, facts)
        writers = self._check_writers(grown, terms)
        self._locks.expect(terms.locked_ids, facts.names_blocks, facts.deletes)
        emitted = self._apply(update)
        # What comes out as it went in was read before.
        known = facts if emitted == update else None
        if typed and known:
            self._learn_typed(typed.piece)
        else:
            self._learn(emitted, grown, known)
        self._check_locked(emitted, known.typed if known else None)
        return Proof(emitted, writers)

    def run(self, edit: Edit, locked_ids: frozenset[str]) -> bytes:
        """Let the server edit the copy, and return what it emitted; empty for no change.

        Raises: RefusedEdit; whatever the edit raises.
        """
        self._locks.expect(locked_ids, True, {})
        self._beginning.follow(None)
        self._emitted.clear()
        try:
            with self._doc.transaction():
                edit(self._doc)
        except BaseException:
            self.spoiled = True
            raise
        emitted = self._taken()
        self._follow_trusted([emitted] if emitted else [])
        self._check_locked(emitted)
        return emitted

    def take(self, updates: list[bytes]) -> None:
        """Apply rows that others have logged."""
        self._beginning.follow(None)
        for update in updates:
            self._emitted.clear()
            self._doc.apply_update(update)
            self._locks.take(self._taken())
        self._follow_trusted(updates)

    def state(self) -> bytes:
        """Return the whole text as one update."""
        return self._doc.get_update()

    def document(self) -> Document:
        """Return the text as a value."""
        return read_document(self._doc)

    def has_doubled_ids(self) -> bool:
        """Return whether an id stands on two blocks, or is missing on one."""
        return self._locks.has_doubled_ids()

    def begins_with_block(self) -> bool:
        """Return whether the text begins with a block's marker, or is empty."""
        return self._beginning.is_marked()

    def would_change(self, update: bytes) -> bool:
        """Return whether a deletion changes anything that a reader sees. Spoils the copy."""
        before = visible(self.document())
        self._apply(update)
        self.spoiled = True
        return visible(self.document()) != before

    def _typed_on(self, facts: UpdateFacts) -> Typed | None:
        """What the update types, if a glance tells that it may stand where it says."""
        typed, landmarks = facts.typed, self._landmarks
        if typed is None or landmarks is None:
            return None
        return typed if landmarks.is_typed_on(typed.piece, self._vector) else None

    def _follow(self, update: bytes, facts: UpdateFacts) -> Vector:
        """The clocks that the update moves, if all that it builds on is here and in its place."""
        grown = growth(facts, self._vector)
        if grown is None:
            raise Incomplete("Something that this change builds on has not arrived.")
        if self._landmarks is None:
            self._landmarks = Landmarks(read_trusted(self.state()))
        if not self._landmarks.continues(facts, self._vector):
            raise Incomplete("This change continues something else than what is here.")
        doubts = self._landmarks.check(facts, self._vector)
        if doubts and not self._stand_in_order(update, doubts):
            raise ForeignContent("This change stands in two places at once.")
        return grown

    def _stand_in_order(self, update: bytes, doubts: list[Doubt]) -> bool:
        """Try the update on a document of its own; rare: where people write in the same place."""
        scratch = open_document(self.state())
        try:
            scratch.apply_update(update)
            return in_order(scratch, doubts)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            raise LibraryFailed("The update could not be read.") from error

    def _follow_trusted(self, updates: list[bytes]) -> None:
        """Take note of what the server itself wrote, or has read from its log."""
        self._vector = decode_vector(self._doc.get_state())
        if self._landmarks is not None:
            for update in updates:
                self._landmarks.learn(read_trusted(update))

    def _check_writers(self, grown: Vector, terms: Terms) -> tuple[int, ...]:
        """The client ids under which something new is written, all of them the author's."""
        fresh = 0
        for client in grown:
            if client not in terms.owners:
                fresh += 1
            elif terms.owners[client] != terms.member_id:
                raise RefusedEdit("This change is written in the name of somebody else's device.")
            if client in terms.taken:
                raise RefusedEdit("Another window of yours goes on writing under the same name.")
        if fresh and fresh + list(terms.owners.values()).count(terms.member_id) > MAX_DEVICES:
            raise RefusedEdit("You have written here from more devices than anybody has.")
        return tuple(grown)

    def _learn_typed(self, typed: Piece) -> None:
        """Take in what came out of the library as it went in."""
        client, _, end, _, _ = typed
        if self._landmarks is not None:
            self._landmarks.learn_typed(typed)
        self._beginning.follow(typed)
        self._vector[client] = end

    def _learn(self, emitted: bytes, grown: Vector, known: UpdateFacts | None) -> None:
        """Take in what the library made of the update: exactly what was to be expected.

        known: what the emitted bytes say, if they were read.
        """
        self._beginning.follow(None)
        expected = {(client, self._vector.get(client, 0), end) for client, end in grown.items()}
        try:
            facts = known or read_update(emitted or EMPTY_UPDATE)
            if set(facts.writes) != expected:
                raise LibraryFailed("The update does not say what it seems to.")
            if self._landmarks is not None:
                self._landmarks.learn(facts)
        except AppError:
            self.spoiled = True
            raise
        self._vector.update(grown)

    def _apply(self, update: bytes) -> bytes:
        self._emitted.clear()
        try:
            self._doc.apply_update(update)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # The library's panics are no Exceptions; what is left may not even be read.
            self.spoiled = True
            raise LibraryFailed("The update could not be read.") from error
        return self._taken()

    def _taken(self) -> bytes:
        """What was emitted since the last look, as one update; empty if nothing was."""
        merged = merge(self._emitted)
        self._emitted.clear()
        return merged

    def _check_locked(self, emitted: bytes, typed: Typed | None = None) -> None:
        if not self._locks.hold(emitted, typed):
            self._refuse(RefusedEdit(LOCKED_SENTENCE))

    def _refuse(self, error: Exception) -> None:
        self.spoiled = True
        raise error


def open_document(state: bytes, client_id: int | None = None) -> Doc[Any]:
    """Return a document with the section's roots and this state."""
    doc: Doc[Any] = Doc(client_id=client_id)
    doc[schema.BODY] = Text()
    doc[schema.NOTES] = Map()
    doc.apply_update(state)
    return doc


def visible(document: Document) -> tuple[tuple[str | None, bytes], ...]:
    """Return what a reader sees: each block's id and canonical form, in order."""
    return tuple((block.id, canonical(block, document.notes)) for block in document.blocks)
