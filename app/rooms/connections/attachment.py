"""One document on one connection: who looks at it, what they may do, how they are spoken to."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import orjson

from app.access.actor import Actor
from app.errors import AppError
from app.rooms.connections.outbox import Outbox, head_of
from app.rooms.frames import (
    EMPTY_UPDATE,
    EMPTY_VECTOR,
    Auth,
    Frame,
    Kind,
    Malformed,
    Sync,
    decode_vector,
    encode_bare,
    sized,
    string,
    uint,
)
from app.rooms.precautions.accounts import Account

# Edits of one attachment that wait for the writer before its connection is read further.
MAX_WAITING = 64
_NUMBERS = itertools.count(1)
_SAVED = bytes((Kind.SYNC_STATUS, 1))
# The number that y-protocols gives to “permission denied”; Hocuspocus uses another.
_DENIED = 0
# A text that nobody writes has no writers: what is longer is read for nothing.
_CHANNEL_VECTOR_BYTES = _LARGE_BYTES = 64 * 1024


class Shown:
    """A frame for many: encoded once for each address under which it goes out."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._encoded: dict[bytes, bytes] = {}
        self._sources: dict[bytes, bytes] = {}

    def under(self, prefix: bytes) -> bytes:
        """Return the frame with this address in front."""
        frame = self._encoded.get(prefix)
        if frame is None:
            self._keep_few(self._encoded)
            frame = self._encoded[prefix] = prefix + self._body
        return frame

    def framed(self, prefix: bytes) -> bytes:
        """Return the same as a whole websocket frame."""
        source = self._sources.get(prefix)
        if source is None:
            self._keep_few(self._sources)
            size_bytes = len(prefix) + len(self._body)
            source = self._sources[prefix] = head_of(size_bytes) + prefix + self._body
        return source

    def _keep_few(self, kept: dict[bytes, bytes]) -> None:
        """A whole text is kept under one address: whoever has many pays for each copy of it."""
        if len(self._body) > _LARGE_BYTES:
            kept.clear()


def update_frame(update: bytes) -> Shown:
    """Return the frame that shows an update to many."""
    return Shown(uint(Kind.SYNC) + uint(Sync.UPDATE) + sized(update))


def step2_frame(update: bytes) -> Shown:
    """Return the frame that gives many what they lack."""
    return Shown(uint(Kind.SYNC) + uint(Sync.STEP2) + sized(update))


def awareness_frame(blob: bytes) -> Shown:
    """Return the frame that shows to many who is here."""
    return Shown(uint(Kind.AWARENESS) + sized(blob))


def stateless_frame(message: dict[str, Any]) -> Shown:
    """Return the frame that tells many something beside the text."""
    return Shown(encode_bare(Frame(Kind.STATELESS, text=orjson.dumps(message).decode())))


def bare_denial(reason: str) -> bytes:
    """Return the frame that tells a y-websocket client why it is kept out."""
    return uint(Kind.AUTH) + uint(_DENIED) + string(reason)


class Attachment:
    """A member's hold on one document over one connection.

    address: as the client wrote it; None for the y-websocket protocol, which has no addresses and
    neither acknowledgements nor notices.
    """

    def __init__(self, outbox: Outbox, actor: Actor, address: str | None) -> None:
        self.number = next(_NUMBERS)
        """Later connections have larger numbers."""
        self.outbox = outbox
        self.actor = actor
        self.may_write = False
        self.reason = ""
        """Why the member may not write."""
        self.is_open = True
        self.was_refused = False
        """An edit of it did not stand: what was written behind that edit does not count."""
        self.incomplete = 0
        """Times in a row that it was asked for what was missing."""
        self.is_asked = False
        """It has yet to answer a SyncStep1; what it wrote before is answered with it."""
        self.when_closed: Callable[[], None] = lambda: None
        self.asks_back = address is not None
        """Whether a SyncStep1 is answered with the server's own; the other protocol has asked."""
        self.account: Account | None = None
        """Who pays for what it sends, if anybody."""
        self._bare = address is None
        self.prefix = string(address) if address is not None else b""
        """What stands in front of every frame of this document."""
        self._waiting: deque[int] = deque()
        """The sizes of its edits that wait."""
        self._taken: asyncio.Event | None = None

    # -------------------------------------------------------- what the room says

    def step1(self, vector: bytes) -> None:
        """Ask for what the server has not seen."""
        self.is_asked = True
        self._put(Frame(Kind.SYNC, sub=Sync.STEP1, body=vector))

    def step2(self, make: Callable[[], Shown]) -> None:
        """Send what the client has not seen, as it is when its turn comes."""
        if not self.is_open:
            return
        line = self.outbox.clear_line()
        if line is not None:
            line.write(make().framed(self.prefix))
        else:
            self.outbox.put(lambda: make().under(self.prefix))

    def status(self, applied: bool) -> None:
        """Acknowledge one Update or SyncStep2: 1 = on disk, 0 = refused."""
        if self._bare or not self.is_open:
            return
        line = self.outbox.clear_line() if applied else None
        if line is not None:
            # Nearly every frame that one client alone is sent.
            line.write(head_of(len(self.prefix) + len(_SAVED)) + self.prefix + _SAVED)
        else:
            self._put(Frame(Kind.SYNC_STATUS, sub=int(applied)))

    def show(self, lane: str, shown: Shown, restate: Callable[[], Shown]) -> None:
        """Send something that the lane's whole state can replace if the reader is slow."""
        if not self.is_open:
            return
        prefix = self.prefix
        line = self.outbox.clear_line()
        if line is not None:
            line.write(shown.framed(prefix))
        else:
            self.outbox.put_droppable(
                (self, lane), shown.under(prefix), lambda: restate().under(prefix)
            )

    def tell(self, shown: Shown) -> None:
        """Send a notice that must arrive, to clients that understand notices."""
        if not self.is_open or self._bare:
            return
        line = self.outbox.clear_line()
        if line is not None:
            line.write(shown.framed(self.prefix))
        else:
            self.outbox.put(shown.under(self.prefix))

    def accept(self, may_write: bool, reason: str = "") -> None:
        """Say what the member may do here from now on."""
        self.may_write, self.reason = may_write, reason
        if not self._bare:
            scope = "read-write" if may_write else "readonly"
            self._put(Frame(Kind.AUTH, sub=Auth.ACCEPTED, text=scope))

    def refuse(self, reason: str) -> None:
        """Say why an edit does not stand, and close this document alone."""
        self.was_refused = True
        self.tell(stateless_frame({"type": "refused", "reason": reason}))
        self.close(reason)

    def close(self, reason: str) -> None:
        """Close this document alone; the connection lives on, unless it has no other."""
        if not self.is_open:
            return
        if self._bare:
            self.outbox.put(bare_denial(reason))
            self.outbox.fail(Closed(reason))
        else:
            self._put(Frame(Kind.CLOSE, text=reason))
        self.end()

    def cut(self, error: AppError) -> None:
        """End the whole connection: its bytes cannot be trusted."""
        self.was_refused = True
        self.outbox.fail(error)
        self.end()

    def end(self) -> None:
        """Say nothing more."""
        if self.is_open:
            self.is_open = False
            self.outbox.forget(self)
            self._settles()
            self.when_closed()

    # ------------------------------------------------- how much waits for the writer

    def waits(self, size_bytes: int = 0) -> None:
        """Count an edit that was handed to the room."""
        self._waiting.append(size_bytes)
        if self.account is not None:
            self.account.waits(size_bytes)

    def settled(self) -> None:
        """Count an edit that the room has answered: they are in order."""
        if not self._waiting:
            return
        size_bytes = self._waiting.popleft()
        if self.account is not None:
            self.account.settled(size_bytes)
        self._settles()

    def spends(self, seconds: float) -> None:
        """Count work that was done for what it sent."""
        if self.account is not None:
            self.account.spend(seconds)

    def has(self, size_bytes: int) -> bool:
        """Return whether a message of this size may come now."""
        return self.account is None or self.account.has(size_bytes)

    async def until_has(self, size_bytes: int) -> None:
        """Return once a message of this size may come."""
        if self.account is not None:
            await self.account.until_has(size_bytes)

    def is_full(self, most: int = MAX_WAITING) -> bool:
        """Return whether so many of its edits wait that the next one is not to come yet."""
        return len(self._waiting) >= most

    async def has_place(self, most: int = MAX_WAITING) -> None:
        """Return once fewer edits of this attachment than `most` wait in the room."""
        while self.is_open and len(self._waiting) >= most:
            self._taken = asyncio.Event()
            await self._taken.wait()

    def _settles(self) -> None:
        if self._taken is not None:
            self._taken.set()

    def _put(self, frame: Frame) -> None:
        if self.is_open:
            self.outbox.put(self.prefix + encode_bare(frame))


Part: TypeAlias = tuple[str, Shown, Callable[[], Shown]]
"""A lane, something that is shown in it, and its whole state if the reader is slow."""


def show_all(to: Iterable[Attachment], parts: Sequence[Part]) -> None:
    """Show parts, in order, to many: in a single write wherever the line is clear."""
    sources: dict[bytes, bytes] = {}
    for attachment in to if parts else ():
        line = attachment.outbox.open_line
        if line is None or not line.is_clear or not attachment.is_open:
            for part in parts:
                attachment.show(*part)
            continue
        source = sources.get(attachment.prefix)
        if source is None:
            framed_parts = [shown.framed(attachment.prefix) for _, shown, _ in parts]
            source = sources[attachment.prefix] = b"".join(framed_parts)
        try:
            # As `line.write` does: to a hall, the way there costs as much as all else here.
            line.writes(source)
            line.spoke = True
        except (RuntimeError, OSError):
            line.is_gone()


class Closed(AppError):
    """A connection for one document alone ends with that document."""

    status = 409
    close_code = 4403


def answer_channel(channel: Attachment, frame: Frame) -> None:
    """Answer what a client asks of an empty document that nobody can write.

    Raises: Malformed.
    """
    if frame.kind not in (Kind.SYNC, Kind.SYNC_REPLY):
        return
    if frame.sub == Sync.STEP1:
        if len(frame.body) > _CHANNEL_VECTOR_BYTES:
            raise Malformed("A vector of a text that nobody writes is not so long.")
        decode_vector(frame.body)
        channel.step2(lambda: step2_frame(EMPTY_UPDATE))
        if frame.kind is Kind.SYNC:
            channel.step1(EMPTY_VECTOR)
    else:
        channel.status(frame.body == EMPTY_UPDATE)
