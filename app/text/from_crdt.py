"""Reads a live document into a Document, whatever a client may have put there."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, Map, Text

from app.ids import ParagraphId
from app.text import schema
from app.text.model import (
    Block,
    Document,
    FootnoteRef,
    Inline,
    Inlines,
    Json,
    LineBreak,
    Run,
    UnknownAtom,
    make_marks,
    note_ids,
    tidy,
)

# Deeper values than this do not pass the door (16); the limit only keeps reading from overflowing.
MAX_DEPTH = 40
MAX_SAFE_INTEGER = 2**53 - 1


@dataclass(slots=True)
class StoredPiece:
    """A stretch of the stored text under one set of stored attributes."""

    value: Json
    attributes: dict[str, Json]
    is_text: bool

    @property
    def size_bytes(self) -> int:
        """Length as the CRDT library counts it: UTF-8 bytes, one for an embed."""
        return len(self.value.encode()) if self.is_text and isinstance(self.value, str) else 1


@dataclass(slots=True)
class StoredBlock:
    """A block as stored: its marker's attributes (None before the first marker), its pieces."""

    marker: dict[str, Json] | None
    start_bytes: int
    pieces: list[StoredPiece] = field(default_factory=list)

    @property
    def content_bytes(self) -> int:
        """Where the content starts: behind the marker, if there is one."""
        return self.start_bytes + (self.marker is not None)

    @property
    def end_bytes(self) -> int:
        """Where the block ends."""
        return self.content_bytes + sum(piece.size_bytes for piece in self.pieces)


def read_document(doc: Doc[Any]) -> Document:
    """The document's text as a value, with the footnotes that it calls; never raises.

    An empty body has no blocks; text before the first marker is a block without id.
    """
    return document_of(doc, cut_blocks(read_pieces(body_of(doc))))


def document_of(doc: Doc[Any], stored: Iterable[StoredBlock]) -> Document:
    """Some of the document's blocks as a value, with the footnotes that they call."""
    blocks = tuple(read_block(block) for block in stored)
    return Document(blocks, _read_notes(doc, blocks))


def read_state(state: bytes) -> Document:
    """The text that an encoded state (one Yjs update) holds.

    Raises: what the library raises for malformed bytes; give it only proven ones.
    """
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    return read_document(doc)


def body_of(doc: Doc[Any]) -> Text:
    """The section's one flat text."""
    body: Text = doc.get(schema.BODY, type=Text)
    return body


def notes_of(doc: Doc[Any]) -> "Map[Any]":
    """The section's footnotes by id."""
    notes: Map[Any] = doc.get(schema.NOTES, type=Map)
    return notes


def read_pieces(text: Text) -> list[StoredPiece]:
    """The stored pieces in order, numbers and foreign values made plain."""
    pieces = []
    for value, attributes in text.diff():
        plain = {key: normalise(v) for key, v in (attributes or {}).items()}
        pieces.append(StoredPiece(normalise(value), plain, isinstance(value, str)))
    return pieces


def cut_blocks(pieces: list[StoredPiece]) -> list[StoredBlock]:
    """The pieces cut at the markers, with byte positions."""
    blocks: list[StoredBlock] = []
    at = 0
    for piece in pieces:
        if is_marker(piece.value):
            blocks.append(StoredBlock(piece.attributes, at))
        else:
            if not blocks:
                blocks.append(StoredBlock(None, 0))
            blocks[-1].pieces.append(piece)
        at += piece.size_bytes
    return blocks


def read_block(stored: StoredBlock) -> Block:
    """The block that the stored form stands for; what has no field goes into `extra`."""
    marker = stored.marker or {}
    kind = schema.read_kind(marker.get(schema.ATTRIBUTE_KIND))
    level = schema.read_level(kind, marker.get(schema.ATTRIBUTE_LEVEL))
    direction = schema.read_direction(marker.get(schema.ATTRIBUTE_DIRECTION))
    shown: dict[str, Json] = {
        schema.ATTRIBUTE_ID: read_id(marker),
        schema.ATTRIBUTE_KIND: kind,
        schema.ATTRIBUTE_LEVEL: level,
        schema.ATTRIBUTE_DIRECTION: direction,
    }
    if kind not in schema.LEVELS and marker.get(schema.ATTRIBUTE_KIND) in (kind, None):
        # What is left of a former kind says nothing any more.
        shown[schema.ATTRIBUTE_LEVEL] = marker.get(schema.ATTRIBUTE_LEVEL)
    extra = {k: v for k, v in marker.items() if is_block_key(k) and shown.get(k) != v}
    inlines = read_inlines(stored.pieces)
    return Block(read_id(marker), kind, level, direction, inlines, make_marks(extra))


def read_id(marker: Mapping[str, Json]) -> ParagraphId | None:
    """The id on a marker; None when it is missing or no text."""
    value = marker.get(schema.ATTRIBUTE_ID)
    return ParagraphId(value) if isinstance(value, str) and value else None


def is_block_key(key: str) -> bool:
    """Whether an attribute on a marker says something about its block."""
    return key.startswith((schema.ATTRIBUTE_PREFIX, *schema.PENDING_PREFIXES))


def is_marker(value: Json) -> bool:
    """Whether an embed is exactly a block marker."""
    return isinstance(value, dict) and len(value) == 1 and _is_one(value.get(schema.MARKER_KEY))


def read_inlines(pieces: list[StoredPiece]) -> Inlines:
    """What stands in a block or a footnote."""
    return tidy(read_inline(piece) for piece in pieces)


def read_inline(piece: StoredPiece) -> Inline:
    """What a stored piece inside a block or a footnote stands for."""
    prefix = schema.ATTRIBUTE_PREFIX
    marks = make_marks({k: v for k, v in piece.attributes.items() if not k.startswith(prefix)})
    value = piece.value
    if piece.is_text:
        return Run(str(value), marks)
    if isinstance(value, dict) and len(value) == 1:
        [(key, content)] = value.items()
        if key == schema.FOOTNOTE_KEY and isinstance(content, str):
            return FootnoteRef(content, marks)
        if key == schema.LINE_BREAK_KEY and _is_one(content):
            return LineBreak(marks)
    return UnknownAtom(value, marks)


def _read_notes(doc: Doc[Any], blocks: tuple[Block, ...]) -> dict[str, Inlines]:
    stored = notes_of(doc)
    found = {note_id: stored.get(note_id) for note_id in note_ids(blocks)}
    return {
        note_id: read_inlines(read_pieces(text))
        for note_id, text in found.items()
        if isinstance(text, Text)
    }


def normalise(value: Any, depth: int = 0) -> Json:
    """A value of the CRDT library as plain JSON: whole numbers as integers, no NaN."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _number(value)
    if depth >= MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {str(k): normalise(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [normalise(v, depth + 1) for v in value]
    if isinstance(value, bytes | bytearray):
        return {"bytes": bytes(value).hex()}
    return {"shared": type(value).__name__}


def _is_one(value: Json) -> bool:
    return type(value) is int and value == 1


def _number(value: float) -> Json:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value
