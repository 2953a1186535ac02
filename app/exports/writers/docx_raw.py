"""Paragraphs of a Word document that pandoc has no word for: masthead, headings, contents."""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from app.exports.tree import Direction, ExportTree, Section, base_direction, text_direction

Node = dict[str, Any]

TAB = "<w:r><w:tab/></w:r>"
DEEPEST = 6


def run(text: str, *, rtl: bool = False) -> str:
    """A run of words, as WordprocessingML; no words, no run."""
    if not text:
        return ""
    look = "<w:rPr><w:rtl/></w:rPr>" if rtl else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(style_id: str, content: str, extra: str = "") -> Node:
    """A paragraph in a style, as a block for pandoc; content and extra are WordprocessingML."""
    properties = f'<w:pPr><w:pStyle w:val="{style_id}"/>{extra}</w:pPr>'
    return raw_block(f"<w:p>{properties}{content}</w:p>")


def raw_block(xml: str) -> Node:
    """A block that pandoc copies into the document as it is."""
    return {"t": "RawBlock", "c": ["openxml", xml]}


def raw_inline(xml: str) -> Node:
    """Runs that pandoc copies into the paragraph as they are."""
    return {"t": "RawInline", "c": ["openxml", xml]}


def titled(style_id: str, text: str, base: Direction) -> Node:
    """A paragraph of plain words in a style, in their own direction."""
    rtl = text_direction(text, base) == "rtl"
    return paragraph(style_id, run(text, rtl=rtl), "<w:bidi/>" if rtl else "")


def heading(section: Section, place: int, base: Direction, *, on_new_page: bool) -> Node:
    """The heading of a section, with the bookmark that the contents point to."""
    rtl = text_direction(section.title, base) == "rtl"
    break_before = "<w:pageBreakBefore/>" if on_new_page else ""
    bidi = "<w:bidi/>" if rtl else ""
    indent = "" if section.number else '<w:ind w:left="0" w:firstLine="0"/>'
    number = run(section.number, rtl=rtl) + TAB if section.number else ""
    mark = f'<w:bookmarkStart w:id="{1000 + place}" w:name="{bookmark(place)}"/>'
    end = f'<w:bookmarkEnd w:id="{1000 + place}"/>'
    return paragraph(
        f"Heading{min(section.depth, DEEPEST)}",
        mark + number + run(section.title, rtl=rtl) + end,
        break_before + bidi + indent,
    )


def bookmark(place: int) -> str:
    """The name of the bookmark of the section at this place, as Word names its own."""
    return f"_Toc{place:08d}"


def contents(tree: ExportTree, title: str, extra: Iterable[Section]) -> list[Node]:
    """A table of contents: a field that Word fills with page numbers, and its entries until then.

    extra: what follows the sections, in order.
    """
    base = base_direction(tree.language)
    sections = (*tree.sections, *extra)
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{DEEPEST}" \\h \\z '
        "</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    entries = [
        _entry(section, place, base, begin if place == 1 else "")
        for place, section in enumerate(sections, start=1)
    ]
    end = paragraph("TOC1", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    return [titled("TOCHeading", title, base), *entries, end]


def _entry(section: Section, place: int, base: Direction, begin: str) -> Node:
    rtl = text_direction(section.title, base) == "rtl"
    words = run(section.number, rtl=rtl) + TAB + run(section.title, rtl=rtl)
    link = f'<w:hyperlink w:anchor="{bookmark(place)}" w:history="1">{words}</w:hyperlink>'
    style_id = f"TOC{min(section.depth, DEEPEST)}"
    return paragraph(style_id, begin + link, "<w:bidi/>" if base == "rtl" else "")
