"""A member's device on a bad line: it keeps what is not acknowledged, and sends it again."""

import json
import random
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, Map, Text, TransactionEvent

from app.ids import new_paragraph_id
from app.rooms import frames
from app.rooms.frames import Auth, Frame, Kind, Sync
from app.text import schema
from app.text.from_crdt import body_of, read_document
from app.text.hashing import content_hash
from tests.house.people import Person

WORD = re.compile(r"[a-z]+\d+;")
_CLIENT_IDS = 2**31 - 1


@dataclass(eq=False, slots=True)
class Write:
    """One change that somebody made: a word that was written, or one that was struck."""

    word: str
    strikes: bool = False


@dataclass
class Promises:
    """What all devices together were promised of a text, or saw in it: none of it may be broken."""

    saved: set[str] = field(default_factory=set)
    """Words whose author was told that they are on disk."""
    struck: set[str] = field(default_factory=set)
    """Words that somebody tried to strike, whatever came of it."""
    gone: set[str] = field(default_factory=set)
    """Words whose striking was acknowledged."""
    shown: set[str] = field(default_factory=set)
    """Words that a device other than their author's has shown."""
    forbidden: set[str] = field(default_factory=set)
    """Words written by somebody who had no right to."""

    def keep(self, write: Write) -> None:
        """Note what was acknowledged."""
        (self.gone if write.strikes else self.saved).add(write.word)

    def broken_by(self, text: str) -> list[str]:
        """Return what a text breaks: lost, doubled, torn, struck or forbidden words."""
        counts = Counter(WORD.findall(text))
        faults = [f"lost: {w}" for w in (self.saved | self.shown) - self.struck if not counts[w]]
        faults += [f"doubled: {word}" for word, count in counts.items() if count > 1]
        faults += [f"came back: {word}" for word in self.gone if counts[word]]
        faults += [f"forbidden: {word}" for word in self.forbidden if counts[word]]
        if torn := WORD.sub("", text):
            faults.append(f"torn: {torn!r}")
        return sorted(faults)


class Copy:
    """One section's text on one device."""

    def __init__(self, peer: "Peer", address: str, promises: Promises) -> None:
        self.address = address
        self.promises = promises
        self.unsent: list[str] = []
        """Words given back to their author when the text was taken afresh."""
        self.head = ""
        """The hash of the text at the head of the log, as the server told it last."""
        self._peer = peer
        self._begin()

    def _begin(self) -> None:
        self.doc: Doc[Any] = Doc(client_id=1 + self._peer.dice.randrange(_CLIENT_IDS))
        self.doc[schema.BODY] = Text()
        self.doc[schema.NOTES] = Map()
        self.may_write = False
        self.is_synced = False
        self.denied: str | None = None
        self.unacked: list[Write] = []
        self._sent: deque[list[Write]] = deque()
        self._made: list[bytes] = []
        self._hears = False
        self._subscription = self.doc.observe(self._note)

    # ------------------------------------------------------------------ what it does

    def opens(self) -> None:
        """Sign in and ask for what is not here, as after every reconnection."""
        self._sent.clear()
        self.is_synced = False
        self._sends(Frame(Kind.AUTH, sub=Auth.TOKEN, text=self._peer.person.api_token))
        self._sends(Frame(Kind.SYNC, sub=Sync.STEP1, body=self.doc.get_state()))

    def writes(self, word: str, edit: Callable[[Text], None]) -> None:
        """Make one change in one transaction, and send it if there is a line."""
        self._changes(Write(word), edit)

    def strikes(self, word: str) -> None:
        """Strike a word that stands in the text."""
        start = next(at for found, at in self.words_at() if found == word)
        self.promises.struck.add(word)

        def edit(body: Text) -> None:
            del body[start : start + len(word)]

        self._changes(Write(word, strikes=True), edit)

    def _changes(self, write: Write, edit: Callable[[Text], None]) -> None:
        self.unacked.append(write)
        with self.doc.transaction():
            edit(body_of(self.doc))
        for update in self._made:
            self._sent.append([write])
            self._sends(Frame(Kind.SYNC, sub=Sync.UPDATE, body=update))
        self._made.clear()

    # ------------------------------------------------------------------ what it shows

    @property
    def text(self) -> str:
        """All characters of the text."""
        return "".join(v for v, _ in body_of(self.doc).diff() if isinstance(v, str))

    @property
    def is_quiet(self) -> bool:
        """Whether everything is here, and everything written here was acknowledged."""
        return self.denied is not None or (self.is_synced and not self._sent and not self.unacked)

    @property
    def knows_head(self) -> bool:
        """Whether the text here is the one that the server told of last."""
        return self.denied is not None or self.head == self.content_hash()

    def content_hash(self) -> str:
        """Return the hash that is compared with the server's."""
        return content_hash(read_document(self.doc))

    def words_at(self) -> Iterator[tuple[str, int]]:
        """Yield the words and the places where they begin."""
        at = 0
        for value, _ in body_of(self.doc).diff():
            if isinstance(value, str):
                yield from ((found.group(), at + found.start()) for found in WORD.finditer(value))
            at += len(value) if isinstance(value, str) else 1

    def places(self) -> list[int]:
        """Return where a word may be written: behind a block's marker, or behind a word."""
        behind = [at + len(word) for word, at in self.words_at()]
        at = 0
        for value, _ in body_of(self.doc).diff():
            at += len(value) if isinstance(value, str) else 1
            if not isinstance(value, str):
                behind.append(at)
        return behind or [0]

    # ------------------------------------------------------------------ what it hears

    def hears(self, frame: Frame) -> None:
        """Take what the server sent."""
        if frame.kind is Kind.SYNC:
            self._hears_sync(frame)
        elif frame.kind is Kind.SYNC_STATUS:
            self._hears_status(frame.sub)
        elif frame.kind is Kind.AUTH:
            self._hears_auth(frame)
        elif frame.kind is Kind.CLOSE:
            self.takes_afresh()
        elif frame.kind is Kind.STATELESS:
            told = json.loads(frame.text)
            if told["type"] == "head":
                self.head = told["hash"]

    def takes_afresh(self) -> None:
        """Give the unsent words back, and go on in a fresh document under a fresh client id."""
        self.unsent += [write.word for write in self.unacked]
        self._begin()
        self._sends(Frame(Kind.CLOSE))
        self.opens()

    def _hears_sync(self, frame: Frame) -> None:
        if frame.sub == Sync.STEP1:
            self._sent.append(list(self.unacked))
            missing = self.doc.get_update(frame.body)
            self._sends(Frame(Kind.SYNC, sub=Sync.STEP2, body=missing))
            return
        self._hears = True
        self.doc.apply_update(frame.body)
        self._hears = False
        own = {write.word for write in self.unacked}
        self.promises.shown.update(set(WORD.findall(self.text)) - own)
        self.is_synced = self.is_synced or frame.sub == Sync.STEP2

    def _hears_status(self, applied: int) -> None:
        assert self._sent, "an acknowledgement for which nothing was sent"
        answered = self._sent.popleft()
        if not applied:
            return
        for write in answered:
            if write in self.unacked:
                self.unacked.remove(write)
                self.promises.keep(write)

    def _hears_auth(self, frame: Frame) -> None:
        if frame.sub == Auth.ACCEPTED:
            self.may_write = frame.text == "read-write"
            self.denied = None
        elif frame.sub == Auth.DENIED:
            self.denied = frame.text

    def _note(self, event: TransactionEvent) -> None:
        if not self._hears:
            self._made.append(event.update)

    def _sends(self, frame: Frame) -> None:
        if self._peer.send is None:
            if frame.kind is Kind.SYNC and frame.sub != Sync.STEP1:
                self._sent.pop()
            return
        named = Frame(frame.kind, self.address, frame.sub, frame.body, frame.text)
        self._peer.send(frames.encode(named))


class Peer:
    """A device with some texts open, on one connection after the other."""

    def __init__(
        self, name: str, person: Person, promises: Mapping[str, Promises], dice: random.Random
    ) -> None:
        """promises: of each text that it opens, by address."""
        self.name = name
        self.person = person
        self.dice = dice
        self.is_barred = False
        """Whether nothing that it writes from now on may stand."""
        self.send: Callable[[bytes], None] | None = None
        """How it sends; None: its line is down, as far as it knows."""
        self.copies = {address: Copy(self, address, kept) for address, kept in promises.items()}
        self._words = 0

    def goes_online(self, send: Callable[[bytes], None]) -> None:
        """Open every text on a new connection."""
        self.send = send
        for copy in self.copies.values():
            copy.opens()

    def goes_offline(self) -> None:
        """Note that the line is down."""
        self.send = None

    def hears(self, source: bytes) -> None:
        """Take a message."""
        frame = frames.decode(source)
        if frame.address in self.copies:
            self.copies[frame.address].hears(frame)

    def acts(self) -> str:
        """Change something somewhere, by chance, and return what."""
        copy = self.dice.choice(list(self.copies.values()))
        words = [word for word, _ in copy.words_at()]
        if words and self.dice.random() < 0.15:
            word = self.dice.choice(words)
            copy.strikes(word)
            return f"strikes {word}"
        word = self._new_word(copy)
        if self.dice.random() < 0.15:
            copy.writes(word, lambda body: _insert_paragraph(body, len(body), word))
            return f"begins a paragraph with {word}"
        at = self.dice.choice(copy.places())
        copy.writes(word, lambda body: body.insert(at, word, {}))
        return f"writes {word}"

    def _new_word(self, copy: Copy) -> str:
        self._words += 1
        word = f"{self.name}{self._words};"
        if self.is_barred:
            copy.promises.forbidden.add(word)
        return word


def _insert_paragraph(body: Text, at: int, word: str) -> None:
    marks = {schema.ATTRIBUTE_ID: new_paragraph_id(), schema.ATTRIBUTE_KIND: schema.PARA}
    body.insert_embed(at, {schema.MARKER_KEY: schema.SCHEMA_VERSION}, marks)
    body.insert(at + 1, word, {})
