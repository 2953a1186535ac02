"""Writes a Document into a live document by the smallest edits: block ids, then words."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, TypeAlias

from pycrdt import Doc, Text

from app.ids import ParagraphId, new_paragraph_id
from app.text import schema
from app.text.diff import pair_blocks
from app.text.from_crdt import (
    StoredBlock,
    StoredPiece,
    body_of,
    cut_blocks,
    notes_of,
    read_document,
    read_inline,
    read_pieces,
)
from app.text.model import Block, Document, FootnoteRef, Inlines, Json, LineBreak, Marks, note_ids
from app.text.restore import restore_document
from app.text.words import Atom, Span, Strand, align, atom_text, common_length, lay_out

Attributes: TypeAlias = dict[str, Json]


@dataclass(slots=True)
class _Passage:
    """A stretch of stored text to rewrite, and the attributes of the units on both sides."""

    text: Text
    start_bytes: int
    pieces: list[StoredPiece]
    left: Attributes
    right: Attributes


def write_document(doc: Doc[Any], target: Document, keep: Collection[ParagraphId] = ()) -> None:
    """Make the live document read as the target, touching only what differs.

    keep: ids of blocks whose text, footnotes and order among themselves stay as they are, even
    where the target says otherwise. A new block without id gets a fresh one. Marks and
    attributes that readers do not see are added, never taken from text that stays.
    Effects: one transaction, or part of the caller's; nothing if nothing differs.
    Raises: ValueError if the stored text cannot be measured (a bare string as an embed).
    """
    with doc.transaction():
        current = read_document(doc)
        kept = {block.id for block in current.blocks if block.id in keep and block.id}
        wanted = restore_document(current, target, kept).document
        _BodyWriter(doc, current, wanted, kept).write()
        _write_notes(doc, current, wanted, kept)


class _BodyWriter:
    """One rewriting of the body, from its end to its start, so that byte positions hold."""

    def __init__(
        self, doc: Doc[Any], current: Document, target: Document, keep: set[ParagraphId]
    ) -> None:
        self.body = body_of(doc)
        self.stored = cut_blocks(read_pieces(self.body))
        self.current = current.blocks
        self.target = target.blocks
        self.keep = keep
        # The simple marks to be closed on the marker of the target block at a place, so that
        # no mark that loses its end in a merge runs on through the rest of the section.
        self.breaks: dict[int, set[str]] = {}
        # What stands behind the place that is being written.
        self.right: Attributes = {}

    def write(self) -> None:
        """Make the body read as the target."""
        next_stored, next_target = len(self.stored), len(self.target)
        _check_size(self.body, self.stored[-1].end_bytes if self.stored else 0)
        pairs = reversed(pair_blocks(self.current, self.target, self.keep))
        for is_new, group in groupby(pairs, key=lambda pair: pair[0] is None):
            if is_new:
                places = [j for _, j in group if j is not None][::-1]
                self._insert_blocks(next_stored, places)
                next_target = places[0]
                continue
            for i, j in group:
                next_stored = i if i is not None else next_stored
                next_target = j if j is not None else next_target
                self._settle_block(next_stored, next_target, is_gone=j is None)
        self._close_marks()

    def _settle_block(self, i: int, j: int, *, is_gone: bool) -> None:
        if is_gone:
            self._delete_block(i, j)
            return
        if self.current[i].id not in self.keep:
            self._edit_block(i, j)
        self.right = self.stored[i].marker or {}

    def _delete_block(self, i: int, next_target: int) -> None:
        """The next marker takes over what the deleted one closed, or would have had to close."""
        del self.body[self.stored[i].start_bytes : self.stored[i].end_bytes]
        for block in self.stored[max(i - 1, 0) : i + 1]:
            for piece in block.pieces:
                self._break(next_target, piece.attributes)
        self._break(next_target, self.stored[i].marker or {})

    def _break(self, place: int, keys: Iterable[str]) -> None:
        self.breaks.setdefault(place, set()).update(set(keys).intersection(schema.SIMPLE_MARKS))

    def _insert_blocks(self, next_stored: int, places: list[int]) -> None:
        """New neighbours are written in reading order: that makes the shortest updates."""
        before = self.stored[next_stored - 1] if next_stored else None
        at, left = before.end_bytes if before else 0, _last_attributes(before)
        first_marker: Attributes = {}
        for j in places:
            marker = self._insert_marker(at, j, left)
            gap = _Passage(self.body, at + 1, [], marker, self.right)
            content = lay_out(self.target[j].inlines)
            self._break(j + 1, _insert(gap, content, range(len(content.text))))
            at, left = gap.start_bytes, gap.left
            first_marker = first_marker or marker
        self.right = first_marker

    def _insert_marker(self, at: int, j: int, left: Attributes) -> Attributes:
        """A new marker closes the simple marks of the text before it, so that none runs on."""
        block, before = self.target[j], self.target[max(j - 1, 0) : j]
        marks = {key for b in before for inline in b.inlines for key, _ in inline.marks}
        fields: Attributes = {schema.ATTRIBUTE_KIND: block.kind}
        if block.kind in schema.LEVELS:
            fields[schema.ATTRIBUTE_LEVEL] = block.level
        attributes: Attributes = {
            **schema.inserted_attributes((), left, self.right),
            **dict.fromkeys(marks.union(left).intersection(schema.SIMPLE_MARKS), False),
            **fields,
            **_marker_changes(fields, block),
            schema.ATTRIBUTE_ID: block.id or new_paragraph_id(),
        }
        self.body.insert_embed(at, {schema.MARKER_KEY: 1}, attributes)
        return attributes

    def _edit_block(self, i: int, j: int) -> None:
        stored, block = self.stored[i], self.target[j]
        if self.current[i].inlines != block.inlines:
            left = stored.marker or {}
            passage = _Passage(self.body, stored.content_bytes, stored.pieces, left, self.right)
            self._break(j + 1, _rewrite(passage, block.inlines))
        changes = _marker_changes(stored.marker or {}, block)
        if stored.marker is not None and changes:
            self.body.format(stored.start_bytes, stored.start_bytes + 1, changes)
        elif stored.marker is None and (changes or j > 0 or not block.inlines):
            self._insert_marker(0, j, {})

    def _close_marks(self) -> None:
        if not any(self.breaks.values()):
            return
        stored = cut_blocks(read_pieces(self.body))
        for place, (before, block) in enumerate(pairwise(stored), start=1):
            keys = self.breaks.get(place, set())
            closed = {key: False for key in keys if _is_open(key, before, block)}
            if closed:
                self.body.format(block.start_bytes, block.start_bytes + 1, closed)


def _is_open(key: str, before: StoredBlock, block: StoredBlock) -> bool:
    """Whether a mark may run on through the block's marker."""
    marker = block.marker or {}
    if not schema.is_in_effect(key, marker.get(key)):
        return key not in marker
    after = block.pieces[0].attributes if block.pieces else {}
    return not _last_attributes(before).get(key) == marker[key] == after.get(key)


def _last_attributes(block: StoredBlock | None) -> Attributes:
    if block is None:
        return {}
    return block.pieces[-1].attributes if block.pieces else block.marker or {}


def _marker_changes(stored: Attributes, block: Block) -> Attributes:
    """What must be set on a marker that it reads as the block; its id stays."""
    changes = {
        key: value
        for key, value in block.extra
        if key != schema.ATTRIBUTE_ID and not schema.is_same(stored.get(key), value)
    }
    now = {**stored, **changes}
    if schema.read_kind(now.get(schema.ATTRIBUTE_KIND)) != block.kind:
        changes[schema.ATTRIBUTE_KIND] = block.kind
        if block.kind in schema.LEVELS:
            changes[schema.ATTRIBUTE_LEVEL] = block.level
    if schema.read_level(block.kind, now.get(schema.ATTRIBUTE_LEVEL)) != block.level:
        changes[schema.ATTRIBUTE_LEVEL] = block.level
    if schema.read_direction(now.get(schema.ATTRIBUTE_DIRECTION)) != block.dir:
        changes[schema.ATTRIBUTE_DIRECTION] = block.dir
    return changes


def _write_notes(
    doc: Doc[Any], current: Document, target: Document, keep: Collection[ParagraphId]
) -> None:
    """Make the footnotes read as the target's; those that nobody calls any more stay stored."""
    notes = notes_of(doc)
    kept = note_ids(block for block in current.blocks if block.id in keep)
    for note_id, inlines in target.notes.items():
        if note_id in kept or current.notes.get(note_id) == inlines:
            continue
        if not isinstance(notes.get(note_id), Text):
            notes[note_id] = Text()
        text = notes[note_id]
        pieces = read_pieces(text)
        _check_size(text, sum(piece.size_bytes for piece in pieces))
        _rewrite(_Passage(text, 0, pieces, {}, {}), inlines)


def _check_size(text: Text, size_bytes: int) -> None:
    if len(text) != size_bytes:
        raise ValueError("The stored text holds an embed that cannot be told from text.")


def _rewrite(passage: _Passage, target: Inlines) -> set[str]:
    """Make the passage read as the target; the simple marks that were written are returned."""
    old, new = _lay_out_stored(passage.pieces), lay_out(target)
    at = _positions(old, passage.start_bytes)
    spans = list(_character_spans(old, new))
    written: set[str] = set()
    for tag, i1, i2, j1, _ in spans:
        if tag == "equal":
            written |= _dress(passage.text, at, (old, new), (i1, i2, j1))
    for tag, i1, i2, j1, j2 in reversed(spans):
        if tag == "equal":
            continue
        if i1 < i2:
            del passage.text[at[i1] : at[i2]]
        left = old.dress[i1 - 1] if i1 else passage.left
        right = old.dress[i2] if i2 < len(old.dress) else passage.right
        gap = _Passage(passage.text, at[i1], [], left, right)
        written |= _insert(gap, new, range(j1, j2))
    return written


def _lay_out_stored(pieces: list[StoredPiece]) -> Strand[Attributes]:
    inlines = [read_inline(piece) for piece in pieces]
    strand = lay_out(tuple(inlines))
    dress = [
        piece.attributes
        for piece, inline in zip(pieces, inlines, strict=True)
        for _ in atom_text(inline)
    ]
    return Strand(strand.text, dress, strand.atoms)


def _positions(strand: Strand[Attributes], start_bytes: int) -> list[int]:
    """The byte position of each code point, and last of the end; an atom is one byte long."""
    positions = [start_bytes]
    for at, character in enumerate(strand.text):
        size = 1 if at in strand.atoms else len(character.encode())
        positions.append(positions[-1] + size)
    return positions


def _character_spans(old: Strand[Attributes], new: Strand[Marks]) -> Iterator[Span]:
    """Spans of code points that turn old into new, by words; changed words keep equal ends."""
    (old_tokens, i_at), (new_tokens, j_at) = old.tokens(), new.tokens()
    for tag, *places in align(old_tokens, new_tokens):
        i1, i2, j1, j2 = i_at[places[0]], i_at[places[1]], j_at[places[2]], j_at[places[3]]
        if tag != "replace":
            yield tag, i1, i2, j1, j2
            continue
        before, after = old.characters(i1, i2), new.characters(j1, j2)
        head = common_length(before, after)
        tail = common_length(before[head:][::-1], after[head:][::-1])
        yield "equal", i1, i1 + head, j1, j1 + head
        yield "replace", i1 + head, i2 - tail, j1 + head, j2 - tail
        yield "equal", i2 - tail, i2, j2 - tail, j2


def _dress(
    text: Text,
    at: list[int],
    strands: tuple[Strand[Attributes], Strand[Marks]],
    places: tuple[int, int, int],
) -> set[str]:
    """Give code points that stay the target's marks, one call for each stretch of equal change."""
    (old, new), (start, stop, j1) = strands, places
    changes = [
        schema.mark_changes(old.dress[i], new.dress[j1 + i - start]) for i in range(start, stop)
    ]
    written: set[str] = set()
    i = start
    for _, group in groupby(changes, key=lambda change: json.dumps(change, sort_keys=True)):
        alike = list(group)
        change, begin, i = alike[0], i, i + len(alike)
        if change:
            text.format(at[begin], at[i], change)
            old.dress[begin:i] = [{**attributes, **change} for attributes in old.dress[begin:i]]
            written.update(change)
    return written


def _insert(gap: _Passage, new: Strand[Marks], span: range) -> set[str]:
    """Fill an empty passage with new code points; it becomes the empty passage behind them."""
    written: set[str] = set()
    for _, group in groupby(span, key=lambda j: (j in new.atoms and j + 1, new.dress[j])):
        stretch = list(group)
        text, dress = new.text[stretch[0] : stretch[-1] + 1], new.dress[stretch[0]]
        attributes = schema.inserted_attributes(dress, gap.left, gap.right)
        if stretch[0] in new.atoms:
            gap.text.insert_embed(gap.start_bytes, _embed(new.atoms[stretch[0]]), attributes)
            gap.start_bytes += 1
        else:
            gap.text.insert(gap.start_bytes, text, attributes)
            gap.start_bytes += len(text.encode())
        gap.left = attributes
        written.update(key for key, _ in dress)
    return written


def _embed(atom: Atom) -> Json:
    if isinstance(atom, FootnoteRef):
        return {schema.FOOTNOTE_KEY: atom.id}
    if isinstance(atom, LineBreak):
        return {schema.LINE_BREAK_KEY: 1}
    # A bare string could not be told from text afterwards.
    return {"value": atom.value} if isinstance(atom.value, str) else atom.value
