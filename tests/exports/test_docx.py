"""Promises about the Word document: literal numbers, real footnotes, contents, no person's name."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx

from app.exports.tree import ExportTree
from app.exports.writing import FORMATS, Order, write
from tests.exports.reading import W, Word, style_of, words_of
from tests.exports.samples import MADE_AT, SIX_SCRIPTS, a_report


async def written(tree: ExportTree, made_at: datetime = MADE_AT) -> bytes:
    return await write(FORMATS["docx"], Order(tree, made_at, Path()))


async def test_every_paragraph_has_its_style_and_its_literal_number() -> None:
    word = Word(await written(a_report()))

    paragraphs = word.paragraphs()
    assert ("Title", "Report of the Working Group on Internet Governance") in paragraphs
    assert ("Heading1", "I.\tIntroduction") in paragraphs
    assert ("Heading3", "1.\tForum function") in paragraphs
    assert ("NumberedParagraph", "2.\tIts mandate has three parts:") in paragraphs
    assert ("Sub-paragraph1", "(a)\tto develop a working definition;") in paragraphs
    assert ("Sub-paragraph2", "(ii)\tthe use of the Internet.") in paragraphs
    assert ("NumberedParagraph", "12 quinquies.\tIt would meet once a year.") in paragraphs
    assert ("NumberedParagraph", "3.\t[A forum should be open to all stakeholders.]") in paragraphs
    assert ("TextHeading1", "Model 1") in paragraphs
    assert ("PlainParagraph", "Forum: a place to talk.") in paragraphs
    assert b"<w:numPr>" not in word.parts["word/document.xml"]


async def test_every_style_that_is_used_is_defined_and_numbers_hang() -> None:
    word = Word(await written(a_report()))

    used = {
        element.get(f"{W}val")
        for part in (word.body, word.notes)
        for element in part.iter()
        if element.tag in (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
    }
    defined = {style.get(f"{W}styleId") for style in word.styles.iter(f"{W}style")}
    assert used <= defined
    for style_id, steps in (("NumberedParagraph", 1), ("Sub-paragraph1", 2), ("Sub-paragraph2", 3)):
        indent = word.style(style_id).find(f"{W}pPr/{W}ind")
        hanging = int(indent.get(f"{W}hanging"))
        assert int(indent.get(f"{W}left")) == hanging * steps


async def test_footnotes_are_word_s_own() -> None:
    word = Word(await written(a_report()))

    assert word.footnotes() == ["See the mandate, paragraph 50.", "A reservation was made."]
    marks = [mark.get(f"{W}id") for mark in word.body.iter(f"{W}footnoteReference")]
    assert len(set(marks)) == 2
    assert b"https://mandate.example/paragraph-50" in word.parts["word/_rels/footnotes.xml.rels"]


async def test_the_contents_are_a_field_with_its_entries_and_their_targets() -> None:
    word = Word(await written(a_report()))

    (instruction,) = [i.text or "" for i in word.body.iter(f"{W}instrText")]
    assert instruction.split()[:3] == ["TOC", "\\o", '"1-6"']
    entries = [words for style, words in word.paragraphs() if style.startswith("TOC") and words]
    assert entries == [
        "Contents",
        "I.\tIntroduction",
        "II.\tProposals for action",
        "A.\tMechanisms",
        "1.\tForum function",
        "B.\tSix languages",
        "\tGlossary",
        "\tAnnex: Members of the working group",
    ]
    marks = {mark.get(f"{W}name") for mark in word.body.iter(f"{W}bookmarkStart")}
    assert {link.get(f"{W}anchor") for link in word.body.iter(f"{W}hyperlink")} <= marks


async def test_right_to_left_paragraphs_say_so() -> None:
    word = Word(await written(a_report()))

    (arabic,) = [p for p in word.body.iter(f"{W}p") if SIX_SCRIPTS["Arabic"] in words_of(p)]
    (english,) = [p for p in word.body.iter(f"{W}p") if SIX_SCRIPTS["English"] in words_of(p)]
    assert arabic.find(f"{W}pPr/{W}bidi") is not None
    assert english.find(f"{W}pPr/{W}bidi") is None
    assert style_of(arabic) == "NumberedParagraph"


async def test_an_arabic_report_runs_from_right_to_left() -> None:
    word = Word(await written(replace(a_report(), language="ar")))

    properties = [child.tag for found in word.body.iter(f"{W}sectPr") for child in found]
    assert properties.index(f"{W}titlePg") < properties.index(f"{W}bidi")
    assert properties.index(f"{W}bidi") < properties.index(f"{W}docGrid")
    assert ("TOCHeading", "المحتويات") in word.paragraphs()


async def test_the_running_head_carries_title_and_symbol_and_the_foot_the_page() -> None:
    word = Word(await written(a_report()))

    heads = b"".join(part for name, part in word.parts.items() if "/header" in name)
    feet = b"".join(part for name, part in word.parts.items() if "/footer" in name)
    assert b"WGIG/2026/REP/1" in heads
    assert b'w:instr="PAGE"' in feet
    assert word.body.find(f".//{W}sectPr/{W}titlePg") is not None


async def test_its_properties_name_the_report_and_nobody() -> None:
    properties = docx.Document(BytesIO(await written(a_report()))).core_properties

    assert properties.title == "Report of the Working Group on Internet Governance"
    assert (properties.author, properties.last_modified_by) == ("Rapporteur", "Rapporteur")
    assert properties.created == MADE_AT


async def test_the_same_tree_and_moment_give_the_same_bytes() -> None:
    first = await written(a_report())

    assert await written(a_report()) == first
    assert await written(a_report(), datetime(2027, 1, 1, tzinfo=UTC)) != first
