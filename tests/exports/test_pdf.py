"""Promises about the PDF: what it says, in which letters, and that its bytes repeat."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.errors import Unavailable
from app.exports.tree import Block, ExportTree, Footnote, Section, Text
from app.exports.writing import FORMATS, Order, write
from tests.exports.reading import Pdf
from tests.exports.samples import MADE_AT, SIX_SCRIPTS, a_long_report, a_report, front, words


async def written(tree: ExportTree, fonts_dir: Path) -> bytes:
    return await write(FORMATS["pdf"], Order(tree, MADE_AT, fonts_dir))


async def test_it_has_a_title_page_without_page_number_and_a_running_head_after_it(
    fonts_dir: Path,
) -> None:
    pdf = Pdf(await written(a_report(), fonts_dir))

    title, contents = pdf.pages[0], pdf.pages[1]
    assert "Report of the Working Group" in title
    assert "Not adopted." in title
    assert title.count("WGIG/2026/REP/1") == 1
    head = "Report of the Working Group on Internet Governance WGIG/2026/REP/1"
    assert contents.splitlines()[0] == head
    assert contents.splitlines()[-1].strip() == "2"


async def test_the_contents_name_the_page_of_each_section(fonts_dir: Path) -> None:
    pdf = Pdf(await written(a_long_report(12), fonts_dir))

    contents = re.findall(r"Chapter on subject (\d+)[ .]*(\d+)$", pdf.pages[1], re.MULTILINE)
    assert len(contents) == 4
    for chapter, page in contents:
        assert f"Chapter on subject {chapter}" in pdf.pages[int(page) - 1]


async def test_numbers_are_literal_and_stand_before_their_paragraphs(fonts_dir: Path) -> None:
    text = Pdf(await written(a_report(), fonts_dir)).text()

    assert "1. The Working Group was asked to investigate and make proposals" in text
    assert "(b) to identify the public policy issues" in text
    assert "(ii) the use of the Internet." in text
    assert "12 quinquies. It would meet once a year." in text


async def test_a_bracketed_paragraph_stands_in_square_brackets(fonts_dir: Path) -> None:
    text = Pdf(await written(a_report(), fonts_dir)).text()

    assert re.search(r"3\. \[A forum should be open to all stakeholders ?2 ?\.\]", text)


async def test_footnotes_stand_on_the_page_of_their_marks(fonts_dir: Path) -> None:
    pdf = Pdf(await written(a_long_report(20), fonts_dir))

    for number in (5, 50, 75):
        (page,) = [p for p in pdf.pages if f"Document {number}, page" in " ".join(p.split())]
        assert re.search(rf"^{number}\.", page, re.MULTILINE)


async def test_the_annex_lists_the_members(fonts_dir: Path) -> None:
    text = Pdf(await written(a_report(), fonts_dir)).text()

    assert "Annex: Members of the working group" in text
    assert "Amina Diallo* Government Senegal Chair" in text
    assert "* An asterisk marks members who serve in their personal capacity." in text


@pytest.mark.parametrize("language", SIX_SCRIPTS)
async def test_every_script_is_set_without_the_system_s_fonts(
    language: str, fonts_dir: Path
) -> None:
    sentence = SIX_SCRIPTS[language]
    shown = (Text(sentence), Text(sentence, strong=True), Text(sentence, em=True))
    tree = ExportTree(front(title=sentence), (Section(sentence, 1, "I.", _block(*shown)),))

    pdf = Pdf(await written(tree, fonts_dir))

    assert pdf.missing_glyphs() == 0
    assert all(name.startswith("Noto") for name in pdf.fonts())
    assert set(sentence) - set(" ") <= set(pdf.text())


async def test_a_letter_that_no_typeface_has_is_counted_as_missing(fonts_dir: Path) -> None:
    tree = ExportTree(front(), (Section("T", 1, "I.", _block(Text("ꦗꦮ"))),))

    assert Pdf(await written(tree, fonts_dir)).missing_glyphs() > 0


async def test_an_arabic_report_is_set_from_right_to_left(fonts_dir: Path) -> None:
    sentence = SIX_SCRIPTS["Arabic"]
    section = Section(sentence, 1, "أولا", _block(Text(sentence)))
    tree = ExportTree(front(title=sentence), (section,), language="ar")

    pdf = Pdf(await written(tree, fonts_dir))

    assert pdf.missing_glyphs() == 0
    assert {"NotoNaskhArabic-Bold", "NotoNaskhArabic-Regular"} <= pdf.fonts()


async def test_it_is_accessible_and_names_no_author(fonts_dir: Path) -> None:
    reader = Pdf(await written(a_report(), fonts_dir)).reader

    catalogue: Any = reader.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Report of the Working Group on Internet Governance"
    assert reader.metadata.author is None


async def test_the_same_tree_and_moment_give_the_same_bytes(fonts_dir: Path) -> None:
    first = await written(a_report(), fonts_dir)

    assert await written(a_report(), fonts_dir) == first


async def test_unusual_outlines_are_still_written(fonts_dir: Path) -> None:
    odd = (
        Section("Deep at once", 3, "1.", (Block("heading", words("Deeper"), level=3),)),
        Section("", 1, "", (Block("heading", (), level=1), Block("para", (), label="1."))),
        Section(
            "Far below", 8, "a.", (Block("heading", (Text("Note"), Footnote(words("n"))), level=2),)
        ),
    )

    pdf = Pdf(await written(replace(a_report(), sections=odd), fonts_dir))

    assert "Deep at once" in pdf.text()
    assert "Far below" in pdf.text()


async def test_without_typefaces_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="build the front end"):
        await written(a_report(), tmp_path)


def _block(*inlines: Text) -> tuple[Block, ...]:
    return (Block("para", inlines, label="1."),)
