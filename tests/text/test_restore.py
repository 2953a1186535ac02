"""An older text is brought back around locked paragraphs."""

from hypothesis import given

from app.ids import ParagraphId
from app.text.hashing import canonical
from app.text.model import Document, FootnoteRef, Run, note_ids
from app.text.restore import restore_document
from tests.text.texts import (
    FIVE,
    FOUR,
    ONE,
    THREE,
    TWO,
    documents,
    documents_with_held,
    para,
    text_of,
)


def order(document: Document) -> list[ParagraphId | None]:
    return [block.id for block in document.blocks]


@given(documents_with_held(), documents())
def test_locked_blocks_stay_and_all_else_is_the_old_text(
    given_text: tuple[Document, set[ParagraphId]], old: Document
) -> None:
    current, locked = given_text

    restored = restore_document(current, old, locked).document

    held = [block for block in restored.blocks if block.id in locked]
    assert held == [block for block in current.blocks if block.id in locked]
    rest = [block for block in restored.blocks if block.id not in locked]
    assert rest == [block for block in old.blocks if block.id not in locked]
    for block in held:
        assert canonical(block, restored.notes) == canonical(block, current.notes)
    assert set(restored.notes) <= set(note_ids(restored.blocks))


@given(documents(), documents())
def test_without_locks_the_old_text_comes_back_whole(current: Document, old: Document) -> None:
    restored = restore_document(current, old, ())

    assert restored.document == old
    assert restored.left == ()


def test_only_locked_blocks_that_differ_are_reported_as_left() -> None:
    current = text_of(para(ONE, "same"), para(TWO, "new words"), para(THREE, "added since"))
    old = text_of(para(ONE, "same"), para(TWO, "old words"))

    restored = restore_document(current, old, {ONE, TWO, THREE})

    assert [block.id for block in restored.left] == [TWO, THREE]


def test_a_locked_block_that_is_new_stays_behind_its_neighbour() -> None:
    current = text_of(para(ONE), para(TWO), para(FIVE, "new"), para(THREE))
    old = text_of(para(FOUR), para(ONE), para(TWO), para(THREE))

    restored = restore_document(current, old, {FIVE})

    assert order(restored.document) == [FOUR, ONE, TWO, FIVE, THREE]


def test_locked_blocks_keep_their_order_when_the_old_order_was_another() -> None:
    current = text_of(para(FIVE), para(ONE), para(TWO), para(THREE))
    old = text_of(para(ONE), para(FOUR), para(TWO), para(THREE), para(FIVE))

    restored = restore_document(current, old, {ONE, TWO, THREE, FIVE})

    assert order(restored.document) == [FIVE, ONE, FOUR, TWO, THREE]


def test_a_displaced_locked_block_does_not_pass_the_next_one() -> None:
    current = text_of(para(THREE), para(FIVE), para(ONE), para(FOUR))
    old = text_of(para(ONE), para(TWO), para(THREE))

    restored = restore_document(current, old, {FIVE, ONE})

    assert order(restored.document) == [FIVE, ONE, TWO, THREE]


def test_a_shared_footnote_keeps_the_text_of_the_locked_block() -> None:
    call = FootnoteRef("na")
    current = text_of(para(ONE, call), notes={"na": (Run("now"),)})
    old = text_of(para(TWO, call), notes={"na": (Run("then"),)})

    assert restore_document(current, old, {ONE}).document.notes == {"na": (Run("now"),)}


def test_a_locked_footnote_without_text_gets_none() -> None:
    call = FootnoteRef("na")
    old = text_of(para(ONE, call), notes={"na": (Run("then"),)})

    assert restore_document(text_of(para(ONE, call)), old, {ONE}).document.notes == {}
