"""The text as values: what they say of themselves, their hashes, numbers and wire form."""

from hypothesis import given

from app.ids import SectionId, new_id
from app.text.hashing import canonical, content_hash, text_hash
from app.text.jsonable import block_json, document_from_json, document_json
from app.text.model import (
    Document,
    FootnoteRef,
    Inline,
    LineBreak,
    Run,
    UnknownAtom,
    is_pending,
    plain_text,
    tidy,
)
from app.text.numbering import OutlineEntry, outline_numbers, to_roman
from tests.text.texts import EM, ONE, STRONG, TWO, documents, para, text_of


def test_bare_characters_leave_atoms_out_or_put_a_sign_for_them() -> None:
    content: list[Inline] = [Run("a"), LineBreak(), FootnoteRef("n"), UnknownAtom(1), Run("b")]

    assert plain_text(content) == "a\nb"
    assert plain_text(content, "*") == "a\n**b"


def test_a_block_with_a_suggestion_in_its_words_or_on_itself_is_pending() -> None:
    assert is_pending(para(ONE, Run("a", (("ins:x", {}),))))
    assert is_pending(para(ONE, extra=(("del:x", {}),)))
    assert is_pending(para(ONE, extra=(("b.chg:x", {}),)))
    assert not is_pending(para(ONE, Run("a", (("comment:x", {}),)), extra=(("b.alt", "g"),)))


def test_the_hash_of_a_known_paragraph_never_changes() -> None:
    block = para(ONE, "shall ", Run("not", STRONG), FootnoteRef("na"), LineBreak())
    document = text_of(block, notes={"na": (Run("See 各国."),)})

    assert text_hash(block, document.notes) == (
        "9ab872c4f63dc576a9d2abd13f23c03926fea7b3702e1a55c4e634837de11243"
    )
    assert content_hash(document) == (
        "e39676eb3f82bda086a237f37f6be35eae4dd28ffe41f8bea0678a5a763fa882"
    )


def test_the_content_hash_is_that_of_ids_and_canonical_forms_in_order() -> None:
    one, two = para(ONE, "a"), para(TWO, "a")

    assert content_hash(text_of(one, two)) != content_hash(text_of(two, one))
    assert text_hash(one, {}) == text_hash(two, {})
    assert content_hash(text_of(para(None, "a"))) != content_hash(text_of(one))
    assert content_hash(Document()) == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@given(documents())
def test_how_the_runs_are_cut_does_not_matter_for_the_hash(document: Document) -> None:
    for block in document.blocks:
        pieces: list[Inline] = []
        for inline in block.inlines:
            if isinstance(inline, Run):
                pieces += [Run(char, inline.marks) for char in inline.text]
                pieces.append(Run("", EM))
            else:
                pieces.append(inline)
        cut = para(block.id, kind=block.kind, level=block.level, dir=block.dir)
        object.__setattr__(cut, "inlines", tuple(pieces))
        assert canonical(cut, document.notes) == canonical(block, document.notes)
        assert tidy(pieces) == block.inlines


@given(documents())
def test_the_whole_wire_form_leads_back_to_the_same_text(document: Document) -> None:
    assert document_from_json(document_json(document, whole=True)) == document


def test_readers_are_sent_no_comments_and_no_unknown_marks() -> None:
    hidden = (("comment:c", True), ("strong", True))
    block = para(
        ONE,
        Run("a", hidden),
        Run("b", STRONG),
        LineBreak(hidden),
        UnknownAtom({"x": 1}, hidden),
        FootnoteRef("na", hidden),
        extra=(("b.alt", "g"),),
    )

    wire = block_json(block, {"na": (Run("n", hidden),)}, "12", footnote=3)

    assert wire == {
        "id": ONE,
        "kind": "para",
        "level": 0,
        "dir": "",
        "label": "12",
        "runs": [
            {"text": "ab", "marks": {"strong": True}},
            {"br": True, "marks": {"strong": True}},
            {"embed": {"x": 1}, "marks": {"strong": True}},
            {
                "fn": 3,
                "note_id": "na",
                "marks": {"strong": True},
                "note": [{"text": "n", "marks": {"strong": True}}],
            },
        ],
        "hash": text_hash(block, {"na": (Run("n", STRONG),)}),
    }


def test_everything_a_reader_does_not_see_survives_the_whole_form() -> None:
    block = para(ONE, Run("a", (("comment:c", True),)), extra=(("b.alt", "g"), ("b.kind", "table")))

    assert document_from_json(document_json(text_of(block), whole=True)) == text_of(block)


def test_footnotes_are_numbered_through_the_document() -> None:
    document = text_of(
        para(ONE, FootnoteRef("na"), FootnoteRef("nb")), para(TWO, FootnoteRef("nc"))
    )

    wire = document_json(document, ["1", "2"])

    assert [run["fn"] for block in wire["blocks"] for run in block["runs"]] == [1, 2, 3]
    assert [block["label"] for block in wire["blocks"]] == ["1", "2"]


def entry(numbered: bool = True, *children: OutlineEntry) -> OutlineEntry:
    return OutlineEntry(SectionId(new_id()), numbered, children)


def test_sections_are_numbered_by_depth_and_annexes_are_not() -> None:
    fifth = entry()
    fourth = entry(True, entry(True, fifth))
    second = entry(True, entry(), entry(True, fourth))
    tree = [entry(), entry(False, entry()), second, entry()]

    numbers = outline_numbers(tree)

    assert [numbers[section.id] for section in tree] == ["I.", "", "II.", "III."]
    assert numbers[tree[1].children[0].id] == "A."
    assert [numbers[section.id] for section in second.children] == ["A.", "B."]
    assert numbers[fourth.id] == "1."
    assert numbers[fourth.children[0].id] == "(a)"
    assert numbers[fifth.id] == "(i)"


def test_roman_figures_end_at_3999() -> None:
    assert (to_roman(3999), to_roman(4000)) == ("mmmcmxcix", "4000")
