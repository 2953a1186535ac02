"""Texts for the tests of the text: a short way to write them, and ways to draw them."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from app.ids import ParagraphId
from app.text.model import (
    Block,
    Document,
    FootnoteRef,
    Inline,
    Inlines,
    LineBreak,
    Marks,
    Run,
    UnknownAtom,
    note_ids,
    tidy,
)

ONE, TWO, THREE, FOUR, FIVE = (ParagraphId(f"p{letter * 12}") for letter in "abcde")
STRONG: Marks = (("strong", True),)
EM: Marks = (("em", True),)

_WORDS = (
    *("States", "shall", "should", " ", "  ", "the ", "(a)", ".", "-", "62", "\ufffc", "\n"),
    *("é", "e\u0301", "ينبغي ", "للدول", "क्षि", "各国", "接入", "😀", "👩🏽\u200d🚀", "𝒳"),
    "States should ensure",
    "the States shall not",
)
_MARKS: tuple[Marks, ...] = (
    (),
    STRONG,
    EM,
    (("em", True), ("link", "#é"), ("strong", True)),
    (("link", "https://example.org"),),
)
_TEXTS: tuple[Inline, ...] = (
    *(Run(word, marks) for marks in ((), *_MARKS) for word in _WORDS),
    *(LineBreak(marks) for marks in _MARKS[:3]),
    *(UnknownAtom(value, EM) for value in ({"map": 3}, {"x": [1, None]})),
)
_CALLS: tuple[Inline, ...] = tuple(
    FootnoteRef(note, marks) for note in ("naaaaaaaaaaaa", "nb") for marks in _MARKS[:3]
)
_SHAPES = tuple(
    (kind, level, way)
    for kind, level in (
        *(("para", 0), ("para", 0), ("plain", 0), ("heading", 1), ("heading", 3)),
        *(("subpara", 1), ("subpara", 2)),
    )
    for way in ("", "", "ltr", "rtl")
)
_IDS = (ONE, TWO, THREE, FOUR, FIVE)


def para(block_id: ParagraphId | None, *parts: str | Inline, **fields: Any) -> Block:
    """A block with these runs; a bare string is an unmarked run."""
    inlines = tidy(Run(part) if isinstance(part, str) else part for part in parts)
    return Block(block_id, inlines=inlines, **fields)


def text_of(*blocks: Block, notes: Mapping[str, Inlines] | None = None) -> Document:
    """A document of these blocks."""
    return Document(blocks, dict(notes or {}))


def inlines(*, footnotes: bool = True) -> st.SearchStrategy[Inlines]:
    """Content of a block or, without footnotes, of a footnote."""
    some = st.sampled_from(_TEXTS + _CALLS if footnotes else _TEXTS)
    return st.lists(some, max_size=5).map(tidy)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document of up to five blocks in any order, with the notes that it calls."""
    ids = draw(st.permutations(_IDS))[: draw(st.integers(0, len(_IDS)))]
    drawn = tuple(
        Block(block_id, *draw(st.sampled_from(_SHAPES)), draw(inlines())) for block_id in ids
    )
    notes = {note: draw(inlines(footnotes=False)) for note in note_ids(drawn)}
    return Document(drawn, notes)


@st.composite
def documents_with_held(draw: st.DrawFn) -> tuple[Document, set[ParagraphId]]:
    """A document and the ids of some of its blocks."""
    document = draw(documents())
    ids = [block.id for block in document.blocks if block.id]
    return document, draw(st.sets(st.sampled_from(ids))) if ids else set()
