"""Agreed text cannot move: whatever the shape of the edit, and whoever comes with it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pycrdt import Doc, Map, Text, UndoManager

from app.errors import Refused
from app.rooms.guard import LOCKED_SENTENCE, ProvingCopy, RefusedEdit, Terms
from app.rooms.strict.update import read_update
from app.text.from_crdt import body_of
from tests.rooms.lock_shapes import (
    AGREED,
    ALLOWED,
    BETWEEN,
    REFUSED,
    Shape,
    agreed,
    deletions_of_one_unit,
    find,
    marker,
    write_start,
)

MEMBER, OTHER = uuid4(), uuid4()
TERMS = Terms(MEMBER, {1: OTHER, 99: None}, AGREED)


def a_doc(client_id: int, state: bytes | None = None) -> Doc[Any]:
    doc: Doc[Any] = Doc(client_id=client_id)
    doc["body"], doc["notes"] = Text(), Map()
    if state is not None:
        doc.apply_update(state)
    return doc


@pytest.fixture(scope="module")
def state() -> bytes:
    doc = a_doc(1)
    write_start(doc)
    return doc.get_update()


def as_update(doc: Doc[Any], shape: Callable[[Doc[Any]], None]) -> bytes:
    emitted: list[bytes] = []
    subscription = doc.observe(lambda event: emitted.append(event.update))
    with doc.transaction():
        shape(doc)
    doc.unobserve(subscription)
    return emitted[0]


def prove(state: bytes, update: bytes) -> ProvingCopy:
    copy = ProvingCopy(state, 99)
    copy.prove(update, read_update(update), TERMS)
    return copy


@pytest.mark.parametrize("shape", REFUSED, ids=lambda shape: shape.__name__)
def test_this_shape_is_refused(state: bytes, shape: Shape) -> None:
    update = as_update(a_doc(5, state), shape)

    with pytest.raises(RefusedEdit, match="agreed to"):
        prove(state, update)


@pytest.mark.parametrize("shape", ALLOWED, ids=lambda shape: shape.__name__)
def test_this_shape_stands(state: bytes, shape: Shape) -> None:
    doc = a_doc(5, state)
    before = agreed(doc)

    copy = prove(state, as_update(doc, shape))

    assert agreed(a_doc(6, copy.state())) == before


@pytest.mark.parametrize("shape", REFUSED, ids=lambda shape: shape.__name__)
def test_it_is_refused_also_after_a_free_edit_told_the_copy_where_things_lie(
    state: bytes, shape: Shape
) -> None:
    doc, copy = a_doc(5, state), ProvingCopy(state, 99)
    for free in (
        lambda doc: body_of(doc).insert(find(doc, "between"), "é", {}),
        lambda doc: body_of(doc).insert(find(doc, "before it"), "😀 x", {}),
        lambda doc: body_of(doc).__delitem__(slice(find(doc, "x"), find(doc, "x") + 1)),
    ):
        update = as_update(doc, free)
        copy.prove(update, read_update(update), TERMS)

    update = as_update(doc, shape)
    with pytest.raises(RefusedEdit, match="agreed to"):
        copy.prove(update, read_update(update), TERMS)


def test_no_single_unit_is_deleted_that_an_agreed_paragraph_needs(state: bytes) -> None:
    """Raw deletions, of what nobody sees too: where bold ends, what a marker says."""
    needed = {True: 0, False: 0}
    for update, changes in deletions_of_one_unit(a_doc(5, state)):
        try:
            prove(state, update)
        except Refused:
            assert changes
        else:
            assert not changes
        needed[changes] += 1

    assert min(needed.values()) > 20


def test_bold_that_goes_on_into_it_is_refused(state: bytes) -> None:
    """The unit behind "bold" that ends it: without it, all that follows is bold."""
    leaks = 0
    for update, changes in deletions_of_one_unit(a_doc(5, state)):
        doc = a_doc(6, state)
        length = len(body_of(doc))
        doc.apply_update(update)
        if changes and len(body_of(doc)) == length and b'"strong"' in agreed(doc)[0][1]:
            leaks += 1
            with pytest.raises(RefusedEdit):
                prove(state, update)

    assert leaks == 1


@pytest.mark.parametrize("client_id", [1, 99], ids=["another member's", "the server's"])
def test_a_change_under_a_client_id_that_is_not_ones_own_is_refused(
    state: bytes, client_id: int
) -> None:
    update = as_update(
        a_doc(client_id, state), lambda doc: body_of(doc).insert(find(doc, "between"), "x", {})
    )

    with pytest.raises(RefusedEdit, match="somebody else's device"):
        prove(state, update)


def test_its_own_author_cannot_undo_it_once_it_was_agreed(state: bytes) -> None:
    author, copy = a_doc(5, state), ProvingCopy(state, 99)
    undo = UndoManager(scopes=[body_of(author)], capture_timeout_millis=0)
    free = Terms(MEMBER, TERMS.owners, frozenset())
    for shape in (
        lambda doc: body_of(doc).insert(find(doc, "text"), "my ", {}),
        lambda doc: body_of(doc).insert(find(doc, "between"), "my ", {}),
    ):
        update = as_update(author, shape)
        copy.prove(update, read_update(update), free)

    emitted: list[bytes] = []
    subscription = author.observe(lambda event: emitted.append(event.update))
    assert undo.undo()
    assert undo.undo()
    author.unobserve(subscription)
    beside, inside = emitted

    copy.prove(beside, read_update(beside), TERMS)
    with pytest.raises(RefusedEdit, match="agreed to"):
        copy.prove(inside, read_update(inside), TERMS)


def test_an_empty_neighbour_may_be_merged_into_it(state: bytes) -> None:
    doc = a_doc(5, state)
    copy = ProvingCopy(state, 99)
    before = agreed(doc)
    at = marker(doc, BETWEEN)
    for shape in (
        lambda doc: body_of(doc).insert_embed(at, {"b": 1}, {"b.id": "pnew", "b.kind": "para"}),
        lambda doc: body_of(doc).__delitem__(slice(at, at + 1)),
    ):
        update = as_update(doc, shape)
        copy.prove(update, read_update(update), TERMS)

    assert agreed(a_doc(6, copy.state())) == before


def test_the_sentence_says_who_can_help() -> None:
    assert "chair can reopen" in LOCKED_SENTENCE
