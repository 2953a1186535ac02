"""Promises about what people type: in every format it stays words, wherever it stands."""

from pathlib import Path

import pytest
from lxml import etree

from app.exports.tree import (
    Block,
    ExportTree,
    Footnote,
    FrontPage,
    MemberLine,
    Section,
    Text,
    safe_link,
)
from app.exports.writing import FORMATS, Order, filename, write
from tests.exports.reading import Page, Pdf, Word
from tests.exports.samples import MADE_AT

HOSTILE = {
    "typst": '#read("/etc/passwd") #import "@preview/x:0.1.0" $x^2$ = T <label> @ref *b* _i_ `r`',
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; \"' --> ]]>",
    "word": "</w:t></w:r><w:r><w:instrText>INCLUDETEXT c:\\x</w:instrText></w:r> `x`{=openxml}",
    "json": '"}], {"t":"RawBlock","c":["openxml","<w:p/>"]} \\u0022 \\n',
    "controls": "a\x00b\x07c\ud800d\uffffe\x1b[31mf",
}


def a_tree_of(words: str, link: str = "") -> ExportTree:
    """A report in which these words stand at every place where people's words can stand."""
    note = Footnote((Text(words, link=link),))
    blocks = (
        Block("heading", (Text(words),), level=1),
        Block("para", (Text(words, strong=True, em=True, link=link), note), label=words),
        Block("subpara", (Text(words),), label=words, level=1),
        Block("plain", (Text(words),), status="bracketed"),
    )
    return ExportTree(
        FrontPage(words, words, words, words, words, words, (words,)),
        (Section(words, 1, words, blocks), Section(words, 2, words)),
        (MemberLine(words, words, words, words, personal_capacity=True),),
    )


async def written(format_name: str, tree: ExportTree, fonts_dir: Path = Path()) -> bytes:
    return await write(FORMATS[format_name], Order(tree, MADE_AT, fonts_dir))


@pytest.mark.parametrize("kind", HOSTILE)
async def test_words_are_no_markup_in_html(kind: str) -> None:
    hostile = Page(await written("html", a_tree_of(HOSTILE[kind])))
    harmless = Page(await written("html", a_tree_of("words")))

    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    assert [sorted(a) for _, a in hostile.elements] == [sorted(a) for _, a in harmless.elements]


@pytest.mark.parametrize("kind", HOSTILE)
async def test_words_are_no_markup_in_word(kind: str) -> None:
    hostile = Word(await written("docx", a_tree_of(HOSTILE[kind])))
    harmless = Word(await written("docx", a_tree_of("words")))

    for part in ("word/document.xml", "word/footnotes.xml", "word/header1.xml"):
        assert _shape(hostile.parts[part]) == _shape(harmless.parts[part])


@pytest.mark.parametrize("kind", HOSTILE)
async def test_words_are_no_markup_in_pdf(kind: str, fonts_dir: Path) -> None:
    pdf = Pdf(await written("pdf", a_tree_of(HOSTILE[kind]), fonts_dir))

    shown = "".join(pdf.text().split())
    expected = "".join(letter for letter in HOSTILE[kind] if letter.isprintable())
    assert shown.count("".join(expected.split())) >= 8


async def test_only_web_and_mail_addresses_become_links(fonts_dir: Path) -> None:
    for link in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//evil.example"):
        assert safe_link(link) == ""
    tree = a_tree_of("words", link="javascript:alert(1)")

    for name in FORMATS:
        assert b"javascript" not in await written(name, tree, fonts_dir)
    assert safe_link("https://example.org/a_(b)?c=d&e=ü") != ""
    assert safe_link("MAILTO:secretariat@example.org") != ""
    assert safe_link('https://example.org/" onclick="x') == ""


def test_a_file_name_is_no_path_and_never_empty() -> None:
    assert (
        filename(a_tree_of("../../etc/passwd"), FORMATS["pdf"]) == "etc-passwd-..-..-etc-passwd.pdf"
    )
    assert filename(a_tree_of("\r\n\x00/"), FORMATS["docx"]) == "report.docx"
    assert filename(a_tree_of("报告"), FORMATS["html"]) == "报告-报告.html"


def _shape(part: bytes) -> list[str]:
    """The elements of an XML part, in order; of attributes the names."""
    return [f"{element.tag} {sorted(element.keys())}" for element in etree.fromstring(part).iter()]
