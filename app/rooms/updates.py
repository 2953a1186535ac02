"""Reads a Yjs update (v1) before the CRDT library sees it: what it writes, needs and deletes."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from app.errors import Refused
from app.rooms.frames import Malformed, Reader
from app.text import schema

MAX_CLOCK = 2**31
MAX_CLIENT_ID = 2**53
MAX_JSON_CHARACTERS = 16_384
MAX_JSON_DEPTH = 16

_GC, _DELETED, _STRING, _EMBED, _FORMAT, _TYPE, _SKIP = 0, 1, 4, 5, 6, 7, 10
_FOREIGN_KINDS = (2, 3, 8, 9)
_TEXT_TYPE: Final = 2
_HAS_ORIGIN, _HAS_RIGHT, _HAS_KEY = 0x80, 0x40, 0x20
_PLAIN_JSON = frozenset({"null", "true", "false"})


class ForeignContent(Refused):
    """Well-formed, but nothing that a section's text is made of."""


@dataclass(slots=True)
class UpdateFacts:
    """What an update says. Ranges are (first clock, clock behind the last)."""

    writes: list[tuple[int, int, int]] = field(default_factory=list)
    """(client id, first clock, clock behind the last), in the order of the update."""
    needs: list[tuple[int, int]] = field(default_factory=list)
    """(client id, clock) of everything that must be there already."""
    deletes: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    names_blocks: bool = False
    """It gives a block an id."""
    embeds: bool = False
    """It embeds something: a block marker, a footnote call, a line break."""
    nests: bool = False
    """It places a shared type by its neighbour, so that only the document can tell where."""


def read_update(update: bytes) -> UpdateFacts:
    """Return what the update says.

    Raises: Malformed; ForeignContent for roots, types and contents that no section has.
    """
    reader = Reader(update)
    facts = UpdateFacts()
    for _ in range(reader.count()):
        _read_client(reader, facts)
    facts.deletes = _read_deletes(reader)
    reader.end()
    return facts


def deletes_of(update: bytes) -> dict[int, list[tuple[int, int]]]:
    """Return the deleted ranges of an update that holds no structs, sorted and joined."""
    reader = Reader(update)
    if reader.uint() != 0:
        raise Malformed("An update without structs was expected.")
    return {client_id: _joined(ranges) for client_id, ranges in _read_deletes(reader).items()}


def contains(
    known: dict[int, list[tuple[int, int]]], wanted: dict[int, list[tuple[int, int]]]
) -> bool:
    """Return whether every wanted range lies inside a known one; `known` is sorted and joined."""
    return all(
        any(low <= start and end <= high for low, high in known.get(client_id, ()))
        for client_id, ranges in wanted.items()
        for start, end in ranges
    )


def _read_client(reader: Reader, facts: UpdateFacts) -> None:
    count = reader.count()
    client_id = _client_id(reader)
    clock = start = reader.uint()
    for _ in range(count):
        info = reader.byte()
        kind = info & 0x1F
        length = reader.uint() if kind in (_GC, _SKIP) else _read_item(reader, facts, info)
        if length == 0 or clock + length >= MAX_CLOCK:
            raise Malformed("A part of an update is empty or lies beyond every clock.")
        if kind == _SKIP:
            _note_write(facts, client_id, start, clock)
            start = clock + length
        clock += length
    _note_write(facts, client_id, start, clock)


def _note_write(facts: UpdateFacts, client_id: int, start: int, end: int) -> None:
    if end > start:
        facts.writes.append((client_id, start, end))


def _read_item(reader: Reader, facts: UpdateFacts, info: int) -> int:
    kind = info & 0x1F
    placed_by_neighbour = bool(info & (_HAS_ORIGIN | _HAS_RIGHT))
    if info & _HAS_ORIGIN:
        facts.needs.append((_client_id(reader), reader.uint()))
    if info & _HAS_RIGHT:
        facts.needs.append((_client_id(reader), reader.uint()))
    root = None if placed_by_neighbour else _read_parent(reader, facts)
    key = None
    if not placed_by_neighbour and info & _HAS_KEY:
        key = reader.string()
    if not placed_by_neighbour:
        _check_place(root, key, kind)
    return _read_content(reader, facts, kind, root if key else None)


def _read_parent(reader: Reader, facts: UpdateFacts) -> str | None:
    """The name of the root that it lies in, or None for a place inside a shared type."""
    by_name = reader.uint()
    if by_name > 1:
        raise Malformed("An update names no parent.")
    if by_name:
        return reader.string()
    facts.needs.append((_client_id(reader), reader.uint()))
    return None


def _check_place(root: str | None, key: str | None, kind: int) -> None:
    if root is None and key is None:
        return
    in_body = root == schema.BODY and key is None
    in_notes = root == schema.NOTES and key is not None and kind in (_TYPE, _DELETED)
    if not in_body and not in_notes:
        raise ForeignContent("A section holds a text and its footnotes, and nothing else.")


def _read_content(reader: Reader, facts: UpdateFacts, kind: int, map_root: str | None) -> int:
    if kind == _STRING:
        text = reader.string()
        return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
    if kind == _DELETED:
        return reader.uint()
    if kind == _FORMAT:
        key = reader.string()
        facts.names_blocks |= key == schema.ATTRIBUTE_ID
        _check_json(reader.string())
        return 1
    if kind == _EMBED:
        facts.embeds = True
        _check_json(reader.string())
        return 1
    if kind == _TYPE:
        return _read_type(reader, facts, map_root)
    if kind in _FOREIGN_KINDS:
        raise ForeignContent("A section's text holds no binary, JSON or sub-document parts.")
    raise Malformed("An update holds a part of an unknown kind.")


def _read_type(reader: Reader, facts: UpdateFacts, map_root: str | None) -> int:
    if reader.uint() != _TEXT_TYPE:
        raise ForeignContent("Only footnotes hold a text of their own.")
    facts.nests |= map_root is None
    return 1


def _check_json(text: str) -> None:
    if text in _PLAIN_JSON:
        return
    if len(text) > MAX_JSON_CHARACTERS or "__proto__" in text:
        raise ForeignContent("A mark or an embedded thing is too large or not allowed.")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("A mark or an embedded thing is not JSON.") from None
    if isinstance(value, dict | list):
        _check_depth(value, MAX_JSON_DEPTH)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _check_depth(value: Any, depth: int) -> None:
    if depth == 0:
        raise ForeignContent("A mark or an embedded thing is nested too deep.")
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _check_depth(inner, depth - 1)


def _client_id(reader: Reader) -> int:
    client_id = reader.uint()
    if client_id >= MAX_CLIENT_ID:
        raise Malformed("A client id is too large.")
    return client_id


def _read_deletes(reader: Reader) -> dict[int, list[tuple[int, int]]]:
    deletes: dict[int, list[tuple[int, int]]] = {}
    for _ in range(reader.count()):
        ranges = deletes.setdefault(_client_id(reader), [])
        for _ in range(reader.count()):
            start, length = reader.uint(), reader.uint()
            if length == 0 or start + length >= MAX_CLOCK:
                raise Malformed("A deletion is empty or lies beyond every clock.")
            ranges.append((start, start + length))
    return deletes


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
