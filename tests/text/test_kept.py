"""What a writer keeps although it does not know it, and where marks end."""

from random import Random
from typing import Any

import pytest
from pycrdt import Doc

from app.ids import ParagraphId
from app.text.from_crdt import (
    body_of,
    cut_blocks,
    read_document,
    read_pieces,
)
from app.text.into_crdt import write_document
from app.text.model import Document, Run, UnknownAtom
from tests.text.lives import copy_of, live, marker, sync
from tests.text.texts import (
    FOUR,
    ONE,
    STRONG,
    THREE,
    TWO,
    para,
    text_of,
)


def test_marks_that_readers_do_not_see_stay_on_text_that_stays() -> None:
    hidden = (("comment:c", {"n": 1}), ("future", 2))
    doc = live(text_of(para(ONE, "a ", Run("noted", hidden), " b")))

    write_document(doc, text_of(para(ONE, "new a ", Run("noted", STRONG), " b")))

    marks = (*hidden, ("strong", True))
    assert read_document(doc) == text_of(para(ONE, "new a ", Run("noted", marks), " b"))


def test_text_put_into_a_comment_belongs_to_it_but_not_to_a_suggestion() -> None:
    around = (("bracket:b", True), ("comment:c", True), ("future", 1), ("ins:s", True))
    doc = live(text_of(para(ONE, Run("one two", around))))

    write_document(doc, text_of(para(ONE, Run("one and two"))))

    assert read_document(doc) == text_of(
        para(ONE, Run("one ", around), Run("and ", around[:2]), Run("two", around))
    )


def test_unknown_attributes_kinds_and_embeds_survive_edits_around_them() -> None:
    extra = (("b.alt", "g1"), ("b.kind", "table"), ("b.level", 7), ("ins:s", True))
    start = text_of(para(ONE, "a", UnknownAtom({"map": [1, {"x": None}]}), "b", extra=extra))
    doc = live(start)
    assert read_document(doc) == start

    write_document(doc, text_of(para(ONE, "a", UnknownAtom({"map": [1, {"x": None}]}), "b c")))

    assert read_document(doc).blocks[0].extra == extra
    write_document(doc, text_of(para(ONE, "a", kind="heading", level=2)))
    assert read_document(doc).blocks[0].kind == "heading"


def test_new_attributes_are_set_on_a_block_that_stays() -> None:
    doc = live(text_of(para(ONE, "a")))
    target = text_of(para(ONE, "a", kind="subpara", level=2, dir="rtl", extra=(("b.alt", "g"),)))

    write_document(doc, target)

    assert read_document(doc) == target


def test_an_unknown_bare_string_is_written_so_that_it_cannot_pass_for_text() -> None:
    doc = live(text_of(para(ONE, UnknownAtom("text"), UnknownAtom(5))))

    assert read_document(doc).blocks[0].inlines == (UnknownAtom({"value": "text"}), UnknownAtom(5))


def test_a_text_that_cannot_be_measured_is_not_touched() -> None:
    doc = live(text_of(para(ONE, "a")))
    body_of(doc).insert_embed(1, "a string", {})

    with pytest.raises(ValueError, match="cannot be told from text"):
        write_document(doc, Document())


def test_a_new_marker_closes_the_marks_of_the_text_before_it() -> None:
    doc = live(text_of(para(ONE, "a ", Run("b", STRONG), " c"), para(TWO, "d")))

    assert marker(doc, 0).keys() == {"b.id", "b.kind"}
    assert marker(doc, 1) == {"b.id": TWO, "b.kind": "para", "strong": False}


def test_what_a_marker_closes_does_not_spread_over_the_text_beside_it() -> None:
    doc = live(text_of(para(ONE, Run("a", STRONG)), para(TWO, "b"), para(THREE, Run("c", STRONG))))

    write_document(doc, text_of(para(ONE, Run("a", STRONG)), para(TWO, "new"), para(THREE, "c")))

    pieces = [piece for piece in read_pieces(body_of(doc)) if piece.is_text]
    assert [piece.attributes for piece in pieces] == [{"strong": True}, {}, {"strong": False}]


def test_a_removed_mark_becomes_false_so_that_its_end_survives() -> None:
    doc = live(text_of(para(ONE, Run("bold", STRONG))))

    write_document(doc, text_of(para(ONE, "bold")))

    [piece] = cut_blocks(read_pieces(body_of(doc)))[0].pieces
    assert piece.attributes["strong"] is False


def bare(*texts: str) -> "Doc[Any]":
    """Blocks as another editor may have written them: no marks on the markers."""
    doc: Doc[Any] = Doc()
    for block_id, text in reversed(list(zip((ONE, TWO, THREE, FOUR), texts, strict=False))):
        body_of(doc).insert_embed(0, {"b": 1}, {"b.id": block_id})
        body_of(doc).insert(1, text, {})
    return doc


def test_a_mark_that_is_written_is_closed_on_the_next_marker_only() -> None:
    doc = bare("one", "two", "three")

    write_document(
        doc, text_of(para(ONE, Run("one", STRONG)), para(TWO, "two"), para(THREE, "three"))
    )

    assert marker(doc, 1) == {"b.id": TWO, "strong": False}
    assert marker(doc, 2) == {"b.id": THREE}


def test_a_deleted_marker_passes_its_closing_on_to_the_next() -> None:
    doc = bare("one", "two", "three")
    write_document(
        doc, text_of(para(ONE, Run("one", STRONG)), para(TWO, "two"), para(THREE, "three"))
    )

    write_document(doc, text_of(para(ONE, Run("one", STRONG)), para(THREE, "three")))

    assert marker(doc, 1) == {"b.id": THREE, "strong": False}


def test_a_marker_inside_a_bold_range_stays_open_until_one_side_is_not_bold() -> None:
    doc = bare("one", "two", "three")
    body_of(doc).format(0, len(body_of(doc)), {"strong": True})
    bold = [para(i, Run(t, STRONG)) for i, t in ((ONE, "one"), (TWO, "two"), (THREE, "three"))]

    write_document(doc, text_of(para(ONE, Run("one more", STRONG)), *bold[1:]))
    assert marker(doc, 1)["strong"] is True
    write_document(doc, text_of(para(ONE, Run("one", STRONG)), para(TWO, "two"), bold[2]))

    assert marker(doc, 2)["strong"] is False


def test_marks_that_lose_their_end_stay_with_their_neighbours() -> None:
    """Two people with a careless editor mark, type and merge where neither sees the other."""
    # With seed 212 a mark runs to the end where no marker closes it.
    for seed in (*range(8), 212):
        chance = Random(seed)
        texts = [para(ParagraphId(f"p{n:012}"), Run(f"words of {n}")) for n in range(16)]
        bold = [para(block.id, Run("bold words", STRONG)) for block in texts[3:6]]
        first = live(Document((*texts[:3], *bold, *texts[6:])))
        second = copy_of(first)
        for _ in range(6):
            scribble(first, chance)
            scribble(second, chance)
        sync(first, second)

        read = read_document(first)
        assert read == read_document(second), f"seed {seed}"
        assert read.blocks[-5:] == tuple(texts[-5:]), f"seed {seed}"


def scribble(doc: "Doc[Any]", chance: Random) -> None:
    """One hasty act in one of the blocks three to five."""
    place = chance.randrange(3, 6)
    stored = cut_blocks(read_pieces(body_of(doc)))[place]
    start = chance.randrange(stored.content_bytes, stored.end_bytes + 1)
    end = chance.randrange(start, stored.end_bytes + 1)
    act = chance.choice(("bold", "not bold", "type", "type bold", "merge"))
    if act in ("bold", "not bold"):
        body_of(doc).format(start, end, {"strong": True if act == "bold" else None})
    elif act in ("type", "type bold"):
        body_of(doc).insert(start, "typed", {"strong": True} if act == "type bold" else {})
    elif len(read_document(doc).blocks) > 13:
        blocks = list(read_document(doc).blocks)
        gone = blocks.pop(place)
        blocks[place - 1] = para(blocks[place - 1].id, *blocks[place - 1].inlines, *gone.inlines)
        write_document(doc, Document(tuple(blocks)))
