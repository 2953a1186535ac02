"""Texts written into live documents and read from them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc

from app.ids import ParagraphId
from app.text.from_crdt import (
    body_of,
    notes_of,
    read_document,
    read_pieces,
    read_state,
)
from app.text.hashing import canonical, content_hash
from app.text.into_crdt import write_document
from app.text.model import Document, FootnoteRef, Run
from app.text.restore import restore_document
from tests.text.lives import copy_of, live, sync, update_of
from tests.text.texts import (
    EM,
    ONE,
    TWO,
    documents,
    documents_with_held,
    para,
    text_of,
)


@given(documents())
def test_what_is_written_is_read(document: Document) -> None:
    doc = live(document)

    assert read_document(doc) == document
    assert read_state(doc.get_update()) == document
    assert len(body_of(doc)) == sum(piece.size_bytes for piece in read_pieces(body_of(doc)))


@given(st.lists(documents(), min_size=2, max_size=4))
def test_any_text_can_be_written_over_any_other(texts: list[Document]) -> None:
    doc = live(texts[0])
    other = copy_of(doc)

    for text in texts[1:]:
        other.apply_update(update_of(doc, text) or b"\0\0")
        assert read_document(doc) == text

    assert read_document(other) == texts[-1]
    assert content_hash(read_document(other)) == content_hash(texts[-1])


@given(documents())
def test_writing_what_is_there_sends_nothing(document: Document) -> None:
    assert update_of(live(document), document) == b""


@given(documents_with_held(), documents())
def test_kept_blocks_are_not_touched(
    given_text: tuple[Document, set[ParagraphId]], target: Document
) -> None:
    current, keep = given_text
    doc = live(current)

    write_document(doc, target, keep)

    read = read_document(doc)
    assert read == restore_document(current, target, keep).document
    kept = [block for block in read.blocks if block.id in keep]
    assert kept == [block for block in current.blocks if block.id in keep]
    for block in kept:
        assert canonical(block, read.notes) == canonical(block, current.notes)


@given(documents(), documents(), documents())
def test_two_people_who_write_at_once_end_with_the_same_text(
    start: Document, one: Document, other: Document
) -> None:
    first = live(start)
    second = copy_of(first)

    write_document(first, one)
    write_document(second, other)
    sync(first, second)

    assert read_document(first) == read_document(second)


def test_words_typed_elsewhere_in_the_paragraph_meanwhile_are_kept() -> None:
    start = text_of(para(ONE, "States 😀 should ensure 各国 access."))
    first = live(start)
    second = copy_of(first)

    write_document(first, text_of(para(ONE, "States 😀 shall ensure 各国 access.")))
    write_document(second, text_of(para(ONE, "States 😀 should ensure 各国 open access.")))
    sync(first, second)

    assert read_document(first).blocks == (para(ONE, "States 😀 shall ensure 各国 open access."),)


def test_a_changed_letter_is_a_small_edit() -> None:
    words = "The States should ensure access. " * 40
    doc = live(text_of(para(ONE, words), para(TWO, words)))

    sent = update_of(doc, text_of(para(ONE, words), para(TWO, words + "x")))

    assert len(sent) < 80


def test_a_footnote_is_written_changed_and_called_again() -> None:
    call = FootnoteRef("naaaaaaaaaaaa")
    doc = live(text_of(para(ONE, "a", call), notes={call.id: (Run("See é"),)}))

    write_document(doc, text_of(para(ONE, "a")))
    assert read_document(doc).notes == {}
    again = text_of(para(ONE, "a", call, call), notes={call.id: (Run("See è", EM),)})
    write_document(doc, again)

    assert read_document(doc) == again


def test_a_footnote_of_a_kept_block_is_not_touched() -> None:
    call = FootnoteRef("naaaaaaaaaaaa")
    doc = live(text_of(para(ONE, call), para(TWO), notes={call.id: (Run("agreed"),)}))

    write_document(doc, text_of(para(TWO, call), notes={call.id: (Run("else"),)}), {ONE})

    assert read_document(doc) == text_of(
        para(ONE, call), para(TWO, call), notes={call.id: (Run("agreed"),)}
    )


def test_a_footnote_that_is_no_text_is_replaced_by_one() -> None:
    call = FootnoteRef("naaaaaaaaaaaa")
    doc = live(text_of(para(ONE, call)))
    notes_of(doc)[call.id] = 5
    target = text_of(para(ONE, call), notes={call.id: (Run("x"),)})

    write_document(doc, target)

    assert read_document(doc) == target


def test_a_new_block_without_id_gets_one() -> None:
    doc = live(text_of(para(None, "a"), para(None, "b")))

    ids = [block.id for block in read_document(doc).blocks]
    assert len(set(ids)) == 2
    assert all(block_id and len(block_id) == 13 for block_id in ids)


def test_text_before_the_first_marker_is_edited_without_a_marker() -> None:
    doc: Doc[Any] = Doc()
    body_of(doc).insert(0, "one two", {})

    write_document(doc, text_of(para(None, "one three")))

    assert read_document(doc) == text_of(para(None, "one three"))


@pytest.mark.parametrize(
    "target",
    [
        text_of(para(None, "one", kind="plain")),
        text_of(para(ONE, "before"), para(None, "one")),
        text_of(para(None)),
    ],
)
def test_text_before_the_first_marker_gets_one_when_it_needs_it(target: Document) -> None:
    doc: Doc[Any] = Doc()
    body_of(doc).insert(0, "one", {})

    write_document(doc, target)

    read = read_document(doc)
    assert all(block.id for block in read.blocks)
    assert [(b.kind, b.inlines) for b in read.blocks] == [
        (b.kind, b.inlines) for b in target.blocks
    ]


def test_a_marker_without_id_is_left_as_it_is() -> None:
    doc: Doc[Any] = Doc()
    body_of(doc).insert_embed(0, {"b": 1}, {"b.id": 5, "b.kind": "plain"})

    write_document(doc, Document((*read_document(doc).blocks, para(ONE, "a"))))

    assert read_document(doc) == text_of(
        para(None, kind="plain", extra=(("b.id", 5),)), para(ONE, "a")
    )
