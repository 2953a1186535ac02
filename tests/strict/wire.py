"""Updates as fields that can be changed one by one, and back to bytes; knows no rule."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from app.rooms.frames import Reader, sized, string, uint

GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, SUBDOC, SKIP = range(11)
KINDS = (GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, SUBDOC, SKIP, 11, 15, 31)
Unit: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Part:
    """One struct. body: a length, a text, (key, JSON) or a type's number."""

    kind: int
    body: Any
    origin: tuple[int, int] | None = None
    right: tuple[int, int] | None = None
    parent: str | tuple[int, int] | None = None
    key: str | None = None
    extra_bits: int = 0

    @property
    def length(self) -> int:
        if self.kind in (GC, DELETED, SKIP):
            return int(self.body)
        return len(self.body.encode("utf-16-le")) // 2 if self.kind == STRING else 1


@dataclass(slots=True)
class Written:
    """What one client wrote."""

    client: int
    clock: int
    parts: list[Part]


@dataclass(slots=True)
class Parts:
    """A whole update."""

    clients: list[Written] = field(default_factory=list)
    deletes: list[tuple[int, list[tuple[int, int]]]] = field(default_factory=list)
    """(client, [(first clock, length)])."""


def says(*clients: Written, deletes: Sequence[tuple[int, list[Unit]]] = ()) -> bytes:
    """Return an update of these parts."""
    return put_together(Parts(list(clients), list(deletes)))


def words(text: str, origin: Unit | None = None, right: Unit | None = None, **more: Any) -> Part:
    """Return some words, behind and before something."""
    return Part(STRING, text, origin, right, **more)


def take_apart(update: bytes) -> Parts:
    """Return the fields of an honest update."""
    reader = Reader(update)
    parts = Parts()
    for _ in range(reader.uint()):
        count = reader.uint()
        written = Written(reader.uint(), reader.uint(), [])
        written.parts = [_take_part(reader) for _ in range(count)]
        parts.clients.append(written)
    for _ in range(reader.uint()):
        client = reader.uint()
        ranges = [(reader.uint(), reader.uint()) for _ in range(reader.uint())]
        parts.deletes.append((client, ranges))
    return parts


def put_together(parts: Parts) -> bytes:
    """Return the bytes of an update, honest or not."""
    out = [uint(len(parts.clients))]
    for written in parts.clients:
        out += [uint(len(written.parts)), uint(written.client), uint(written.clock)]
        out += [_put_part(part) for part in written.parts]
    out.append(uint(len(parts.deletes)))
    for client, ranges in parts.deletes:
        out += [uint(client), uint(len(ranges))]
        out += [uint(start) + uint(length) for start, length in ranges]
    return b"".join(out)


def _take_part(reader: Reader) -> Part:
    info = reader.byte()
    kind = info & 0x1F
    if kind in (GC, SKIP):
        return Part(kind, reader.uint())
    part = Part(kind, None)
    if info & 0x80:
        part.origin = reader.uint(), reader.uint()
    if info & 0x40:
        part.right = reader.uint(), reader.uint()
    if not info & 0xC0:
        part.parent = reader.string() if reader.uint() else (reader.uint(), reader.uint())
        part.key = reader.string() if info & 0x20 else None
    else:
        part.extra_bits = info & 0x20
    part.body = _take_body(reader, kind)
    return part


def _take_body(reader: Reader, kind: int) -> Any:
    if kind in (DELETED, TYPE):
        return reader.uint()
    if kind in (STRING, EMBED):
        return reader.string()
    if kind == FORMAT:
        return reader.string(), reader.string()
    raise ValueError(kind)


def _put_part(part: Part) -> bytes:
    if part.kind in (GC, SKIP):
        return bytes([part.kind | part.extra_bits]) + uint(part.body)
    info = part.kind | part.extra_bits
    info |= 0x80 * (part.origin is not None) | 0x40 * (part.right is not None)
    out = [_reference(unit) for unit in (part.origin, part.right) if unit is not None]
    if not out:
        is_named = isinstance(part.parent, str) or part.parent is None
        out.append(uint(1) + string(str(part.parent or "body")) if is_named else
                   uint(0) + _reference(part.parent))  # type: ignore[arg-type]  # fmt: skip
        if part.key is not None:
            info |= 0x20
            out.append(string(part.key))
    return bytes([info & 0xFF]) + b"".join(out) + _put_body(part)


def _put_body(part: Part) -> bytes:
    if part.kind in (STRING, EMBED):
        return sized(part.body if isinstance(part.body, bytes) else part.body.encode())
    if part.kind == FORMAT:
        return string(part.body[0]) + string(part.body[1])
    if isinstance(part.body, bytes):
        return part.body
    return uint(part.body)


def _reference(unit: tuple[int, int]) -> bytes:
    return uint(unit[0]) + uint(unit[1])
