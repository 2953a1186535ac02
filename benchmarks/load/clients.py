"""The clients of a load: readers who count, listeners who keep the text, typists who write it."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, Map, Text

from app.ids import new_paragraph_id
from app.rooms.frames import Auth, Frame, Kind, Sync, decode_vector
from benchmarks.load.sockets import ThinSocket, connect
from benchmarks.load.speech import Speech

PATIENCE_S = 60.0
Seen = Callable[["Listener", dict[int, int], float], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client goes: a server's port, a document on it, and the key that opens it."""

    port: int
    path: str
    address: str
    token: str
    speech: Speech


class Client:
    """One connection to one document."""

    def __init__(self, socket: ThinSocket, place: Place) -> None:
        self.socket = socket
        self.place = place
        self.synced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.statuses: list[int] = []
        self.ack_times: list[float] = []
        self.owed = 0
        """How many acknowledgements the server owes, where it gives any."""
        self.ended: str | None = None
        socket.hear = self._hears_raw

    def send(self, update: bytes) -> None:
        """Send an edit."""
        self.owed += 1
        self.socket.send(self.place.speech.update(self.place.address, update))

    def counts_only(self) -> None:
        """From now on only count what comes."""
        self.socket.hear = None

    def _hears_raw(self, source: bytes) -> None:
        self.hears(self.place.speech.read(source))

    def hears(self, frame: Frame) -> None:
        """Take what the server said."""
        if frame.kind is Kind.SYNC_STATUS:
            self.statuses.append(frame.sub)
            self.ack_times.append(time.perf_counter())
        elif frame.kind is Kind.SYNC and frame.sub == Sync.STEP1:
            self.owed += 1
            self.socket.send(self.place.speech.answer(self.place.address))
        elif frame.kind is Kind.SYNC:
            self.hears_update(frame.body)
            if frame.sub == Sync.STEP2 and not self.synced.done():
                self.synced.set_result(None)
        elif frame.kind is Kind.CLOSE or (frame.kind is Kind.AUTH and frame.sub == Auth.DENIED):
            self.ended = frame.text
            if not self.synced.done():
                self.synced.set_exception(ConnectionRefusedError(frame.text))

    def hears_update(self, update: bytes) -> None:
        """Take a change of the text."""


class Listener(Client):
    """A reader who keeps the text and notes when each edit came."""

    def __init__(self, socket: ThinSocket, place: Place) -> None:
        self.doc = empty_text()
        self.on_edit: Seen | None = None
        super().__init__(socket, place)

    def hears_update(self, update: bytes) -> None:
        """Apply it, and say how far each writer's edits have come."""
        self.doc.apply_update(update)
        if self.on_edit is not None:
            self.on_edit(self, decode_vector(self.doc.get_state()), time.perf_counter())

    @property
    def words(self) -> str:
        """The characters of the text."""
        return words_of(self.doc)


@dataclass(slots=True)
class Draft:
    """What a typist has written: a paragraph of their own, edit by edit."""

    doc: Doc[Any]
    marker: str
    text: str = ""
    clocks: list[int] = field(default_factory=list)
    """The writer's clock behind each edit."""
    times: list[float] = field(default_factory=list)


class Typist(Listener):
    """Somebody who writes in a paragraph of their own, one letter per edit."""

    def __init__(self, socket: ThinSocket, place: Place) -> None:
        self.client_id = 1 + secrets.randbelow(2**31 - 1)
        self.draft: Draft | None = None
        self.keeps_text = False
        super().__init__(socket, place)

    def hears_update(self, update: bytes) -> None:
        """Keep the text if asked to; else only what was there at the beginning."""
        if self.keeps_text or not self.synced.done():
            super().hears_update(update)

    def begin(self, marker: str) -> None:
        """Start a paragraph at the end of the text; it is sent at once."""
        doc = Doc[Any](client_id=self.client_id)
        doc["body"], doc["notes"] = Text(), Map()
        doc.apply_update(self.doc.get_update())
        self.draft = Draft(doc, marker, marker)
        body = doc["body"]
        before = doc.get_state()
        with doc.transaction():
            named = {"b.id": new_paragraph_id(), "b.kind": "para"}
            body.insert_embed(len(body), {"b": 1}, named)
            body.insert(len(body), marker, {})
        self._sends(doc.get_update(before))

    def type(self, letter: str) -> None:
        """Write one letter, sent at once."""
        assert self.draft is not None
        draft = self.draft
        body = draft.doc["body"]
        made: list[bytes] = []
        subscription = draft.doc.observe(lambda event: made.append(event.update))
        body.insert(len(body), letter, {})
        draft.doc.unobserve(subscription)
        draft.text += letter
        draft.clocks.append(decode_vector(draft.doc.get_state())[self.client_id])
        draft.times.append(time.perf_counter())
        self._sends(made[0])

    def _sends(self, update: bytes) -> None:
        if self.keeps_text:
            self.doc.apply_update(update)
        self.send(update)


def empty_text() -> Doc[Any]:
    """Return a document with the roots of a section."""
    doc = Doc[Any]()
    doc["body"], doc["notes"] = Text(), Map()
    return doc


def words_of(doc: Doc[Any]) -> str:
    """Return the characters of a text."""
    return "".join(value for value, _ in doc["body"].diff() if isinstance(value, str))


async def join(kind: type[Client], place: Place, number: int) -> Any:
    """Return a client of this kind once the text has come.

    Raises: TimeoutError; ConnectionError when it is kept out.
    """
    async with asyncio.timeout(PATIENCE_S):
        client = kind(await connect(place.port, place.path, number), place)
        for message in place.speech.opening(place.address, place.token):
            client.socket.send(message)
        await client.synced
    return client
