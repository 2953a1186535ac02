"""The canonical form of a paragraph and its SHA-256, the same in Python and TypeScript."""

import hashlib
import json
from typing import Any

from app.ids import TextHash
from app.text import schema
from app.text.model import (
    Block,
    Document,
    FootnoteRef,
    Inline,
    Inlines,
    Json,
    LineBreak,
    Marks,
    Notes,
    Run,
    simple_marks,
)

_MAX_SAFE_INTEGER = 2**53 - 1


def canonical(block: Block, notes: Notes) -> bytes:
    """The bytes that stand for what a reader sees of the block: `[kind, level, dir, runs, notes]`.

    Without ids, comments and suggestions; the footnotes' text is part of it.
    Source: decisions 9 and 11.
    """
    calls = [i.id for i in block.inlines if isinstance(i, FootnoteRef)]
    footnotes = [_note_runs(notes.get(note_id, ())) for note_id in calls]
    value = [block.kind, block.level, block.dir, _block_runs(block.inlines), footnotes]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def text_hash(block: Block, notes: Notes) -> TextHash:
    """SHA-256 of the block's canonical form, in hexadecimal."""
    return TextHash(hashlib.sha256(canonical(block, notes)).hexdigest())


def content_hash(document: Document) -> TextHash:
    """SHA-256 of all blocks in order, each as its id, a new line and its canonical form."""
    digest = hashlib.sha256()
    for block in document.blocks:
        digest.update(f"{block.id or ''}\n".encode())
        digest.update(canonical(block, document.notes))
    return TextHash(digest.hexdigest())


def _block_runs(inlines: Inlines) -> list[Any]:
    """Runs of a block; a footnote call is known by its place among the calls, not by its id."""
    runs: list[Any] = []
    calls = 0
    for inline in inlines:
        if isinstance(inline, FootnoteRef):
            runs.append([schema.ATOM, *_pairs(inline.marks), [schema.FOOTNOTE_KEY, calls]])
            calls += 1
        else:
            _append(runs, inline)
    return runs


def _note_runs(inlines: Inlines) -> list[Any]:
    """Runs of a footnote; a call inside it is a mere embed, so that notes cannot go in circles."""
    runs: list[Any] = []
    for inline in inlines:
        _append(runs, inline)
    return runs


def _append(runs: list[Any], inline: Inline) -> None:
    pairs = _pairs(inline.marks)
    if not isinstance(inline, Run | LineBreak):
        runs.append([schema.ATOM, *pairs, [schema.EMBED_KEY, _embed(inline)]])
        return
    text = inline.text if isinstance(inline, Run) else schema.LINE_BREAK
    if runs and runs[-1][1:] == pairs:
        runs[-1][0] += text
    elif text:
        runs.append([text, *pairs])


def _pairs(marks: Marks) -> list[list[Json]]:
    return [[key, value] for key, value in simple_marks(marks) if schema.is_in_effect(key, value)]


def _embed(inline: Inline) -> Json:
    if isinstance(inline, FootnoteRef):
        return {schema.FOOTNOTE_KEY: inline.id}
    return _plain(getattr(inline, "value", None))


def _plain(value: Json) -> Json:
    """The value as both languages write it: keys in UTF-16 order, only safe whole numbers."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _plain(value[key]) for key in keys}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return value if isinstance(value, int) and abs(value) <= _MAX_SAFE_INTEGER else None
