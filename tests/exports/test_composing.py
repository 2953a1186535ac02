"""Promises about what stands in the tree: labels, footnotes, statuses, people, words about both."""

from datetime import UTC, datetime

from app.exports import composing
from app.exports.composing import SeatFacts, SectionText
from app.exports.tree import Block, Break, Footnote, Section, Text
from app.ids import ParagraphId
from app.text import model
from app.text.numbering import label_blocks

NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def composed(*blocks: model.Block, statuses: dict[str, str] | None = None) -> tuple[Block, ...]:
    notes = {"n1": (model.Run("See "), model.Run("there", (("link", "https://a.example"),)))}
    document = model.Document(blocks, notes)
    labels, _ = label_blocks(document, 12)
    text = SectionText("Title", 1, "I.", document, labels, statuses or {})
    return composing.compose_section(text).blocks


def test_labels_are_printed_as_they_stand_in_front_of_paragraphs() -> None:
    blocks = composed(
        model.Block(None, "heading", 1),
        model.Block(None, "para"),
        model.Block(None, "subpara", 1),
        model.Block(None, "subpara", 2),
        model.Block(None, "plain"),
        model.Block(None, "para"),
    )

    assert [block.label for block in blocks] == ["", "12.", "(a)", "(i)", "", "13."]
    assert [block.level for block in blocks] == [1, 0, 1, 2, 0, 0]


def test_words_keep_their_look_and_nothing_else() -> None:
    marks: model.Marks = (
        ("comment:c1", {}),
        ("em", True),
        ("link", "https://a.example"),
        ("strong", True),
    )
    (block,) = composed(
        model.Block(None, inlines=(model.Run("one\ntwo", marks), model.UnknownAtom({"new": 1})))
    )

    def text(words: str) -> Text:
        return Text(words, strong=True, em=True, link="https://a.example")

    assert block.inlines == (text("one"), Break(), text("two"))


def test_a_footnote_stands_at_its_mark_with_its_words() -> None:
    (block,) = composed(
        model.Block(None, inlines=(model.Run("Text"), model.FootnoteRef("n1"), model.LineBreak()))
    )

    note = Footnote((Text("See "), Text("there", link="https://a.example")))
    assert block.inlines == (Text("Text"), note, Break())


def test_a_paragraph_has_the_status_that_the_meeting_gave_it() -> None:
    key = ParagraphId("paaaaaaaaaaaa")
    blocks = composed(model.Block(key), model.Block(None), statuses={key: "bracketed"})

    assert [block.status for block in blocks] == ["bracketed", ""]
    (reopened,) = composed(model.Block(key), statuses={key: "tabled"})
    assert reopened.status == ""


def test_the_member_list_has_the_chair_first_and_no_observers() -> None:
    def seat(name: str, *roles: str, convenes: tuple[str, ...] = ()) -> SeatFacts:
        return SeatFacts(name, "civil_society", "Senegal", True, frozenset(roles), convenes)

    members = composing.compose_members(
        [
            seat("Sam", "secretariat"),
            seat("Olga", "observer"),
            seat("zoe", "member"),
            seat("Ana", "member", convenes=("Access", "Security")),
            seat("Carol", "chair"),
        ]
    )

    assert [(one.name, one.role) for one in members] == [
        ("Carol", "Chair"),
        ("Ana", "Convenor, Access; Convenor, Security"),
        ("zoe", "Member"),
        ("Sam", "Secretariat"),
    ]
    assert {one.stakeholder_group for one in members} == {"Civil society"}


def test_dates_are_those_of_the_report_s_zone() -> None:
    assert composing.date_words(NIGHT, "UTC") == "24 November 2026"
    assert composing.date_words(NIGHT, "Europe/Zurich") == "25 November 2026"


def test_the_text_is_a_draft_until_every_paragraph_is_agreed() -> None:
    agreed = Block("para", (Text("a"),), label="1.", status="agreed")
    heading = Block("heading", (Text("h"),), level=1)
    open_one = Block("para", (Text("b"),), label="2.")

    draft = composing.draft_line(NIGHT, "UTC", [Section("S", 1, "", (agreed, open_one))])
    whole = composing.draft_line(NIGHT, "UTC", [Section("S", 1, "", (heading, agreed))])

    assert draft == "Draft of 24 November 2026, 23:30 (UTC). Not adopted."
    assert whole == "All paragraphs agreed. Text of 24 November 2026, 23:30 (UTC)."


def test_the_legend_counts_what_the_meeting_decided() -> None:
    bracketed = Block("para", (Text("a"),), status="bracketed")
    agreed = Block("para", (Text("b"),), status="agreed")

    assert composing.legend([Section("S", 1, "", (Block("para", (Text("c"),)),))]) == ()
    assert composing.legend([Section("S", 1, "", (bracketed, agreed))]) == (
        "Paragraphs in square brackets are not agreed.",
        "Of 2 paragraphs and sub-paragraphs, 1 agreed, 1 in square brackets, 0 parked.",
    )
