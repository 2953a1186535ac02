"""The codec of the live protocols: bytes to Frame and back. Pure; contracts/wire.md is its text."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from app.errors import AppError

MAX_VARUINT_BYTES = 8
MAX_ADDRESS_CHARACTERS = 512
"""A document's name, and perhaps a session id: nobody's is longer."""
MAX_PEOPLE = 4096
"""Whom one message of presence may name: reading it is felt by everybody."""
PING = b"\x09"
EMPTY_UPDATE = b"\x00\x00"
EMPTY_VECTOR = b"\x00"
SEPARATOR = "\x00"
"""Parts a document's name from the session id in an address."""


class Malformed(AppError):
    """Bytes that no honest client sends: they cost their sender the connection (1008)."""

    status = 400


class Kind(IntEnum):
    """What a frame is."""

    SYNC = 0
    AWARENESS = 1
    AUTH = 2
    QUERY_AWARENESS = 3
    SYNC_REPLY = 4
    STATELESS = 5
    BROADCAST_STATELESS = 6
    CLOSE = 7
    SYNC_STATUS = 8
    PING = 9
    PONG = 10


class Sync(IntEnum):
    """What a Sync frame carries."""

    STEP1 = 0
    STEP2 = 1
    UPDATE = 2


class Auth(IntEnum):
    """What an Auth frame says."""

    TOKEN = 0
    DENIED = 1
    ACCEPTED = 2


class Frame(NamedTuple):
    """One message. sub: a Sync, an Auth, or the 1 or 0 of a SyncStatus; text: token, reason…"""

    kind: Kind
    address: str = ""
    sub: int = 0
    body: bytes = b""
    text: str = ""
    version: str = ""

    @property
    def name(self) -> str:
        """The document's name, without the session id that may follow it."""
        return self.address.partition(SEPARATOR)[0]


_UPDATE = bytes((Kind.SYNC, Sync.UPDATE))
# From here on a varuint takes more than one byte.
_TWO_BYTES = 0x80


@dataclass(frozen=True, slots=True)
class AwarenessEntry:
    """What one client shows of itself: JSON text, `null` when it is gone."""

    client_id: int
    clock: int
    state: str


class Reader:
    """Reads bytes from the front; whatever does not fit raises Malformed."""

    __slots__ = ("_bytes", "at")

    def __init__(self, source: bytes) -> None:
        self._bytes = source
        self.at = 0

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self._bytes) - self.at

    def byte(self) -> int:
        """Take one byte."""
        if self.at >= len(self._bytes):
            raise Malformed("The message ends too early.")
        self.at += 1
        return self._bytes[self.at - 1]

    def uint(self) -> int:
        """Take a varuint of at most 8 bytes, written as short as it can be."""
        byte = self.byte()
        if byte < 0x80:
            return byte
        value = byte & 0x7F
        for shift in range(7, 7 * MAX_VARUINT_BYTES, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0:
                    raise Malformed("A number is written longer than needed.")
                return value
        raise Malformed("A number is too long.")

    def count(self) -> int:
        """Take a varuint that counts things of at least one byte each, all still to come."""
        count = self.uint()
        if count > self.left:
            raise Malformed("A count is larger than what follows.")
        return count

    def bytes(self) -> bytes:
        """Take a length and that many bytes."""
        length = self.count()
        self.at += length
        return self._bytes[self.at - length : self.at]

    def string(self) -> str:
        """Take a length and that many bytes of UTF-8."""
        try:
            return self.bytes().decode()
        except UnicodeDecodeError:
            raise Malformed("A text is not UTF-8.") from None

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.left:
            raise Malformed("The message is longer than it says.")


def uint(value: int) -> bytes:
    """Return a varuint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def sized(content: bytes) -> bytes:
    """Return the length and the bytes."""
    return uint(len(content)) + content


def string(text: str) -> bytes:
    """Return the length and the text in UTF-8."""
    return sized(text.encode())


def decode(source: bytes) -> Frame:
    """Return the Frame that a Hocuspocus peer sent. Raises: Malformed."""
    if len(source) == 1 and source[0] in (Kind.PING, Kind.PONG):
        return Frame(Kind(source[0]))
    return _decode_keystroke(source) or _decode_carefully(source)


def _decode_keystroke(source: bytes) -> Frame | None:
    """A small Update, which nearly every frame is; None: it is to be read with care."""
    end = source[0] + 1 if source else 0
    body = end + 3
    is_small = len(source) >= body and source[0] < _TWO_BYTES and source[body - 1] < _TWO_BYTES
    if not is_small or source[end : body - 1] != _UPDATE or body + source[body - 1] != len(source):
        return None
    try:
        return Frame(Kind.SYNC, source[1:end].decode(), Sync.UPDATE, source[body:])
    except UnicodeDecodeError:
        return None


def _decode_carefully(source: bytes) -> Frame:
    reader = Reader(source)
    address = reader.string()
    if len(address) > MAX_ADDRESS_CHARACTERS:
        raise Malformed("The name of a document is too long.")
    return _decode_rest(reader, address, last=Kind.SYNC_STATUS)


def decode_bare(source: bytes) -> Frame:
    """Return the Frame that a y-websocket peer sent: no address, no kind above 3.

    Raises: Malformed.
    """
    return _decode_rest(Reader(source), "", last=Kind.QUERY_AWARENESS)


def encode(frame: Frame) -> bytes:
    """Return the bytes of a Frame for a Hocuspocus peer."""
    if frame.kind in (Kind.PING, Kind.PONG):
        return bytes([frame.kind])
    return string(frame.address) + encode_bare(frame)


def encode_bare(frame: Frame) -> bytes:
    """Return the bytes of a Frame without its address, as y-websocket peers speak."""
    kind = uint(frame.kind)
    if frame.kind in (Kind.SYNC, Kind.SYNC_REPLY):
        return kind + uint(frame.sub) + sized(frame.body)
    if frame.kind is Kind.AWARENESS:
        return kind + sized(frame.body)
    if frame.kind is Kind.AUTH:
        return kind + uint(frame.sub) + _auth_body(frame)
    if frame.kind is Kind.SYNC_STATUS:
        return kind + uint(frame.sub)
    if frame.kind is Kind.STATELESS or frame.text:
        return kind + string(frame.text)
    return kind


def decode_awareness(blob: bytes) -> list[AwarenessEntry]:
    """Return the entries of an awareness message, their states still as text.

    Raises: Malformed.
    """
    reader = Reader(blob)
    count = reader.count()
    if count > MAX_PEOPLE:
        raise Malformed("A message of presence names more people than there can be.")
    entries = [AwarenessEntry(reader.uint(), reader.uint(), reader.string()) for _ in range(count)]
    reader.end()
    return entries


def encode_awareness(entries: Iterable[AwarenessEntry]) -> bytes:
    """Return the awareness message that holds the entries."""
    parts = [uint(e.client_id) + uint(e.clock) + string(e.state) for e in entries]
    return uint(len(parts)) + b"".join(parts)


def decode_vector(source: bytes) -> dict[int, int]:
    """Return a state vector: the next clock of each client. Raises: Malformed."""
    reader = Reader(source)
    vector: dict[int, int] = {}
    for _ in range(reader.count()):
        client_id = reader.uint()
        vector[client_id] = reader.uint()
    reader.end()
    return vector


def _decode_rest(reader: Reader, address: str, last: Kind) -> Frame:
    number = reader.uint()
    if number > last or number in (Kind.BROADCAST_STATELESS, Kind.PING, Kind.PONG):
        raise Malformed("A message of this type is not taken here.")
    kind = Kind(number)
    if kind is Kind.AUTH:
        frame = _decode_auth(reader, address)
    elif kind in (Kind.SYNC, Kind.SYNC_REPLY):
        frame = Frame(kind, address, _one_of(reader, Sync), reader.bytes())
    elif kind is Kind.AWARENESS:
        frame = Frame(kind, address, body=reader.bytes())
    elif kind is Kind.STATELESS:
        frame = Frame(kind, address, text=reader.string())
    elif kind is Kind.SYNC_STATUS:
        frame = Frame(kind, address, sub=reader.uint())
    else:
        # A client detaches without a word; the server says why.
        frame = Frame(kind, address, text=reader.string() if reader.left else "")
    reader.end()
    return frame


def _decode_auth(reader: Reader, address: str) -> Frame:
    sub = _one_of(reader, Auth)
    if sub is Auth.TOKEN and not reader.left:
        return Frame(Kind.AUTH, address, sub)
    text = reader.string()
    version = reader.string() if sub is Auth.TOKEN and reader.left else ""
    return Frame(Kind.AUTH, address, sub, text=text, version=version)


def _auth_body(frame: Frame) -> bytes:
    if frame.sub != Auth.TOKEN:
        return string(frame.text)
    # Without token and version it is the server's request to send them.
    if not frame.text and not frame.version:
        return b""
    return string(frame.text) + (string(frame.version) if frame.version else b"")


def _one_of(reader: Reader, kinds: type[Sync] | type[Auth]) -> Sync | Auth:
    number = reader.uint()
    if number >= len(kinds):
        raise Malformed("A message of this type is not taken here.")
    return kinds(number)
