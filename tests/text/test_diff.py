"""What a comparison of two texts says."""

from collections.abc import Iterable

from hypothesis import given

from app.text.diff import BlockChange, Piece, diff_documents, diff_inlines
from app.text.model import (
    Block,
    Document,
    FootnoteRef,
    Inline,
    Inlines,
    LineBreak,
    Run,
    UnknownAtom,
    simple_marks,
)
from app.text.words import word_key
from tests.text.texts import EM, FOUR, ONE, STRONG, THREE, TWO, documents, inlines, para, text_of

Shown = list[tuple[str, object, str]]


def characters(content: Inlines) -> Shown:
    """Code points with their marks and what an atom stands for."""
    shown: Shown = []
    for inline in content:
        marks = simple_marks(inline.marks)
        if isinstance(inline, Run):
            shown += [(char, marks, "") for char in inline.text]
        elif isinstance(inline, LineBreak):
            shown.append(("\n", marks, "br"))
        else:
            value = inline.id if isinstance(inline, FootnoteRef) else inline.value
            shown.append(("\ufffc", marks, str(value)))
    return shown


def apply(pieces: Iterable[Piece]) -> Shown:
    """The new content that the pieces make."""
    content: list[Inline] = []
    for piece in pieces:
        if piece.op != "del":
            content.append(Run(piece.text, piece.marks) if piece.atom is None else dressed(piece))
    return characters(tuple(content))


def dressed(piece: Piece) -> Inline:
    if isinstance(piece.atom, FootnoteRef):
        return FootnoteRef(piece.atom.id, piece.marks)
    if isinstance(piece.atom, UnknownAtom):
        return UnknownAtom(piece.atom.value, piece.marks)
    return LineBreak(piece.marks)


def before(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.op != "ins")


def shown(changes: Iterable[BlockChange]) -> list[tuple[str, str | None]]:
    return [(change.change, change.id) for change in changes]


def ops(pieces: Iterable[Piece]) -> list[tuple[str, str]]:
    return [(piece.op, piece.text) for piece in pieces]


@given(inlines(), inlines())
def test_the_pieces_make_the_new_text_and_hold_the_old(old: Inlines, new: Inlines) -> None:
    pieces = diff_inlines(old, new)

    assert apply(pieces) == characters(new)
    old_text = "".join(char for char, _, _ in characters(old))
    assert word_key(before(pieces)) == word_key(old_text)


@given(inlines())
def test_a_text_does_not_differ_from_itself(content: Inlines) -> None:
    assert not any(piece.is_change for piece in diff_inlines(content, tuple(content)))


@given(documents(), documents())
def test_the_blocks_that_are_not_removed_are_the_new_text(old: Document, new: Document) -> None:
    changes = diff_documents(old, new)

    assert tuple(c.new for c in changes if c.new is not None) == new.blocks
    assert {c.old.id for c in changes if c.old is not None} == {b.id for b in old.blocks}
    assert all(apply(c.pieces) == characters(c.new.inlines) for c in changes if c.new)


@given(documents())
def test_only_what_differs_is_named_changed(document: Document) -> None:
    other = Document(document.blocks[1:], document.notes)

    changes = diff_documents(document, other)

    assert [c.change for c in changes] == ["removed"] * bool(document.blocks) + ["same"] * len(
        other.blocks
    )


def test_a_changed_word_is_shown_whole() -> None:
    pieces = diff_inlines((Run("States should ensure"),), (Run("States shall ensure"),))

    assert ops(pieces) == [
        ("same", "States "), ("del", "should"), ("ins", "shall"), ("same", " ensure"),
    ]  # fmt: skip


def test_two_replaced_words_in_a_row_are_one_change() -> None:
    pieces = diff_inlines((Run("We note this text now"),), (Run("We welcome that text now"),))

    assert ops(pieces) == [
        ("same", "We "), ("del", "note this"), ("ins", "welcome that"), ("same", " text now"),
    ]  # fmt: skip


def test_a_changed_mark_keeps_the_words_and_says_what_was() -> None:
    pieces = diff_inlines((Run("shall "), Run("not", EM)), (Run("shall not", STRONG),))

    assert pieces == (
        Piece("same", "shall ", STRONG, was=()),
        Piece("same", "not", STRONG, was=EM),
    )


def test_another_composition_of_a_letter_is_no_change() -> None:
    pieces = diff_inlines((Run("un cafe\u0301"),), (Run("un caf\u00e9", EM),))

    assert ops(pieces) == [("same", "un caf\u00e9")]


def test_comments_are_no_change_of_the_text() -> None:
    [change] = diff_documents(
        text_of(para(ONE, "a")), text_of(para(ONE, Run("a", (("comment:c", True),))))
    )

    assert change.change == "same"


def test_a_changed_footnote_changes_its_paragraph() -> None:
    block = para(ONE, "a", FootnoteRef("na"))
    old = text_of(block, notes={"na": (Run("See one"),)})
    new = text_of(block, notes={"na": (Run("See two"),)})

    [change] = diff_documents(old, new)

    assert change.change == "changed"
    assert ops(change.pieces[1].note) == [("same", "See "), ("del", "one"), ("ins", "two")]


def test_added_and_removed_footnotes_bring_their_text() -> None:
    call: Inlines = (FootnoteRef("na"),)
    notes = {"na": (Run("x"),)}

    [added], [removed] = diff_inlines((), call, ({}, notes)), diff_inlines(call, (), (notes, {}))

    assert ops(added.note) == [("ins", "x")]
    assert ops(removed.note) == [("del", "x")]


def test_another_kind_or_level_is_a_change() -> None:
    changes = diff_documents(
        text_of(para(ONE, "a"), Block(TWO, "heading", 1)),
        text_of(para(ONE, "a", kind="plain"), Block(TWO, "heading", 2)),
    )

    assert shown(changes) == [("changed", ONE), ("changed", TWO)]


def test_blocks_come_go_and_move() -> None:
    changes = diff_documents(
        text_of(para(ONE, "a"), para(TWO, "b"), para(THREE, "c")),
        text_of(para(TWO, "b"), para(FOUR, "d"), para(THREE, "c"), para(ONE, "a")),
    )

    assert shown(changes) == [
        ("removed", ONE), ("same", TWO), ("added", FOUR), ("same", THREE), ("added", ONE),
    ]  # fmt: skip
    assert [change.moved for change in changes] == [True, False, False, False, True]


def test_blocks_of_one_id_are_told_apart_by_their_order() -> None:
    changes = diff_documents(
        text_of(para(ONE, "a"), para(ONE, "b"), para(None, "c")),
        text_of(para(ONE, "a"), para(ONE, "b x"), para(None, "c")),
    )

    assert shown(changes) == [("same", ONE), ("changed", ONE), ("same", None)]


def test_nothing_has_no_id() -> None:
    assert BlockChange("same", None, None, ()).id is None
