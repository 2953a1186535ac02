"""Reads a Yjs update (v1) before the CRDT library sees it, and refuses what no honest one says."""

from typing import Final

from app.errors import AppError
from app.rooms.frames import Malformed
from app.rooms.strict.cursor import Cursor
from app.rooms.strict.deletes import read_deletes
from app.rooms.strict.facts import Entry, Follower, Unit, UpdateFacts, Wait
from app.rooms.strict.typed import read_typed
from app.rooms.strict.values import ForeignContent, check_embed, check_key, check_value
from app.text import schema

MAX_CLOCK: Final = 2**31

_GC, _DELETED, _STRING, _EMBED, _FORMAT, _TYPE, _SKIP = 0, 1, 4, 5, 6, 7, 10
_FOREIGN_KINDS: Final = (2, 3, 8, 9)
_HAS_ORIGIN, _HAS_RIGHT, _HAS_KEY, _KIND = 0x80, 0x40, 0x20, 0x1F
_BY_NEIGHBOUR: Final = _HAS_ORIGIN | _HAS_RIGHT
_TEXT_TYPE: Final = 2
_LAST_OF_ONE_UNIT: Final = "\uffff"


def read_update(update: bytes) -> UpdateFacts:
    """Return what the update says.

    Raises: Malformed; ForeignContent for roots, types and contents that no section has.
    """
    return read_typed(update) or read_carefully(update)


def read_carefully(update: bytes) -> UpdateFacts:
    """Return what the update says, struct by struct. Raises: like `read_update`."""
    reader = _Reader(update)
    try:
        reader.read_clients()
        reader.facts.deletes = read_deletes(reader, MAX_CLOCK)
    except IndexError:
        raise Malformed("The update ends too early.") from None
    reader.end()
    return reader.facts


def read_trusted(update: bytes) -> UpdateFacts:
    """Return what an update says that the server itself wrote or logged.

    Nothing is refused: rows stand, whatever today's rules are. What these forbid is not described.
    """
    try:
        return read_update(update)
    except AppError:
        return UpdateFacts()


class _Reader(Cursor):
    """A place in an update: the client and the clock whose part comes next."""

    __slots__ = ("before", "behind", "client", "clock", "facts")

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.facts = UpdateFacts()
        self.client = 0
        self.clock = 0
        self.behind: Unit | None = None
        self.before: Unit | None = None

    def read_clients(self) -> None:
        """Take what each client wrote."""
        count = self.count()
        clients: set[int] = set()
        for _ in range(count):
            self._read_client()
            clients.add(self.client)
        if len(clients) != count:
            raise Malformed("An update names a client twice.")

    def _read_client(self) -> None:
        count = self.count()
        self.client = client = self.client_id()
        self.clock = start = self.uint()
        if count == 0 or start >= MAX_CLOCK:
            raise Malformed("A part of an update is empty or lies beyond every clock.")
        for _ in range(count):
            info = self.byte()
            is_gap = info == _SKIP
            # Whole bytes: with the bits of an item, the libraries disagree about what it is.
            length = self._read_gap() if is_gap or info == _GC else self._read_item(info)
            clock = self.clock + length
            if length == 0 or clock >= MAX_CLOCK:
                raise Malformed("A part of an update is empty or lies beyond every clock.")
            if is_gap:
                self._note_writes(client, start, self.clock)
                start = clock
            self.facts.pieces.append((client, self.clock, clock, self.behind, self.before))
            self.clock = clock
        self._note_writes(client, start, self.clock)

    def _read_gap(self) -> int:
        """What is not there, or no longer."""
        self.behind = self.before = None
        return self.uint()

    def _note_writes(self, client: int, start: int, end: int) -> None:
        if end > start:
            self.facts.writes.append((client, start, end))

    def _read_item(self, info: int) -> int:
        kind = info & _KIND
        if not info & _BY_NEIGHBOUR:
            self.behind = self.before = None
            return self._read_placed(info, kind)
        self.behind = self._reference() if info & _HAS_ORIGIN else None
        self.before = self._reference() if info & _HAS_RIGHT else None
        if kind == _DELETED or kind == _TYPE:
            return self._read_follower(kind, self.behind)
        return self._read_content(kind)

    def _reference(self) -> Unit:
        client, clock = self.client_id(), self.uint()
        if client != self.client:
            self.facts.waits.append(Wait(self.client, self.clock, client, clock))
        elif clock >= self.clock:
            raise Malformed("An update builds on itself.")
        return client, clock

    def _read_placed(self, info: int, kind: int) -> int:
        """What lies first in a root or in a footnote: its place is spelled out."""
        by_name = self.uint()
        if by_name > 1:
            raise Malformed("An update names no parent.")
        root = self.string() if by_name else None
        if root is None:
            self.facts.inside.append(self._reference())
        key = self.string() if info & _HAS_KEY else None
        if key is None:
            if root not in (schema.BODY, None) or kind == _TYPE:
                raise ForeignContent("A section holds a text and its footnotes, and nothing else.")
            return self._read_content(kind)
        if root != schema.NOTES or kind not in (_TYPE, _DELETED):
            raise ForeignContent("A section holds a text and its footnotes, and nothing else.")
        check_key(key)
        length = self._read_content(kind)
        self.facts.entries.append(Entry(self.client, self.clock, length))
        return length

    def _read_follower(self, kind: int, origin: Unit | None) -> int:
        length = self._read_content(kind)
        if origin is not None:
            follower = Follower(self.client, self.clock, length, origin, kind == _TYPE)
            self.facts.followers.append(follower)
        elif kind == _TYPE:
            raise ForeignContent("Only footnotes hold a text of their own.")
        return length

    def _read_content(self, kind: int) -> int:
        if kind == _STRING:
            return self._read_text()
        if kind == _FORMAT:
            key = self.string()
            check_key(key)
            check_value(self.string())
            self.facts.names_blocks |= key == schema.ATTRIBUTE_ID
            return 1
        if kind == _EMBED:
            check_embed(self.string())
            self.facts.embeds = True
            return 1
        if kind == _DELETED:
            return self.uint()
        return self._read_type(kind)

    def _read_type(self, kind: int) -> int:
        if kind in _FOREIGN_KINDS:
            raise ForeignContent("A section's text holds no binary, JSON or sub-document parts.")
        if kind != _TYPE:
            raise Malformed("An update holds a part of an unknown kind.")
        if self.uint() != _TEXT_TYPE:
            raise ForeignContent("Only footnotes hold a text of their own.")
        return 1

    def _read_text(self) -> int:
        text = self.string()
        if text.isascii() or max(text) <= _LAST_OF_ONE_UNIT:
            return len(text)
        client, clock, pairs = self.client, self.clock, self.facts.pairs
        for character in text:
            if character > _LAST_OF_ONE_UNIT:
                pairs.add((client, clock))
                clock += 1
            clock += 1
        return clock - self.clock
