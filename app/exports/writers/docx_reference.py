"""The look of the Word document: a reference.docx with every style that the report uses."""

from io import BytesIO
from typing import Any, cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import CharacterStyle

from app.exports.writers.docx_styles import (
    GREY,
    SANS,
    SERIF,
    STEP,
    Face,
    add_border,
    built_in,
    hang,
    keep_with_next,
    paragraph_style,
    remove_border,
    set_font,
    set_outline_level,
)

TEXT_WIDTH = Cm(15.4)

LINK = RGBColor(0x1F, 0x4E, 0x79)

_TABLE_LOOK = f"""<w:tblPr {nsdecls("w")}>
  <w:tblBorders>
    <w:top w:val="single" w:sz="8" w:space="0" w:color="auto"/>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="auto"/>
    <w:insideH w:val="single" w:sz="2" w:space="0" w:color="BFBFBF"/>
  </w:tblBorders>
  <w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="120" w:type="dxa"/></w:tblCellMar>
</w:tblPr>"""
_TABLE_HEAD_LOOK = f"""<w:tblStylePr {nsdecls("w")} w:type="firstRow">
  <w:tcPr><w:tcBorders>
    <w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/>
  </w:tcBorders></w:tcPr>
</w:tblStylePr>"""
_HEADING_SIZES = (16.0, 13.5, 12.0, 11.0, 11.0, 11.0)


def build(running_title: str, symbol: str, *, rtl: bool) -> bytes:
    """The bytes of the reference document; its running head carries the title and the symbol."""
    document = docx.Document()
    _clear_template(document)
    _set_page(document, rtl=rtl)
    _set_normal(document)
    _add_text_styles(document)
    _add_headings(document)
    _add_front_styles(document)
    _add_contents_styles(document)
    _add_character_styles(document)
    _add_table_style(document)
    _add_running_head(document, running_title, symbol)
    _set_word_version(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _clear_template(document: Document) -> None:
    # Of python-docx's template only the paragraph styles stay, and out of Word's gallery.
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()
        else:
            style.quick_style = False


def _set_page(document: Document, *, rtl: bool) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.8)
    page.top_margin, page.bottom_margin = Cm(3), Cm(2.8)
    page.header_distance = page.footer_distance = Cm(1.5)
    page.different_first_page_header_footer = True
    if rtl:
        properties: Any = page._sectPr
        properties.find(qn("w:docGrid")).addprevious(OxmlElement("w:bidi"))


def _set_normal(document: Document) -> None:
    normal = paragraph_style(document, "Normal", base=None)
    set_font(normal, Face(SERIF, 11))
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.15
    normal.paragraph_format.widow_control = True
    compact = paragraph_style(document, "Compact")
    compact.paragraph_format.space_before = compact.paragraph_format.space_after = Pt(3)
    set_font(compact, Face(SERIF, 10))
    note = built_in(paragraph_style(document, "Footnote Text"))
    set_font(note, Face(SERIF, 9))
    note.paragraph_format.space_after = Pt(2)
    note.paragraph_format.line_spacing = 1.0


def _add_text_styles(document: Document) -> None:
    plain = paragraph_style(document, "Plain Paragraph")
    plain.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    hang(paragraph_style(document, "Numbered Paragraph", "Plain Paragraph"), 1)
    hang(paragraph_style(document, "Sub-paragraph 1", "Plain Paragraph"), 2)
    hang(paragraph_style(document, "Sub-paragraph 2", "Plain Paragraph"), 3)


def _add_headings(document: Document) -> None:
    for level, size in enumerate(_HEADING_SIZES, start=1):
        style = paragraph_style(document, f"Heading {level}")
        set_font(style, Face(SERIF, size, bold=level < 4, italic=level >= 4))
        keep_with_next(style, before=Pt(26 - 3 * level), after=Pt(10 - level))
        hang(style, 1)
    for level, (size, italic) in enumerate(((11.5, False), (11.0, True), (11.0, True)), start=1):
        style = paragraph_style(document, f"Text Heading {level}")
        set_font(style, Face(SERIF, size, bold=level < 3, italic=italic))
        keep_with_next(style, before=Pt(14), after=Pt(6))
        style.paragraph_format.left_indent = STEP
        set_outline_level(style, 5 + level)


def _add_front_styles(document: Document) -> None:
    masthead = paragraph_style(document, "Report Masthead")
    set_font(masthead, Face(SANS, 11))
    masthead.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    add_border(masthead, "bottom", eighths=12, space=6)
    title = paragraph_style(document, "Title")
    set_font(title, Face(SERIF, 28, bold=True))
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(150), Pt(10)
    title.paragraph_format.line_spacing = 1.1
    remove_border(title)
    subtitle = paragraph_style(document, "Subtitle")
    set_font(subtitle, Face(SERIF, 16))
    status = paragraph_style(document, "Report Status")
    set_font(status, Face(SERIF, 12))
    status.paragraph_format.space_before, status.paragraph_format.space_after = Pt(20), Pt(3)
    date = paragraph_style(document, "Report Date")
    set_font(date, Face(SERIF, 12, colour=GREY))
    date.paragraph_format.space_after = Pt(60)
    legend = paragraph_style(document, "Report Legend")
    set_font(legend, Face(SANS, 9.5, colour=GREY))
    legend.paragraph_format.space_after = Pt(3)


def _add_contents_styles(document: Document) -> None:
    heading = paragraph_style(document, "TOC Heading")
    set_font(heading, Face(SERIF, _HEADING_SIZES[0], bold=True))
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(0), Pt(12)
    set_outline_level(heading, 9)
    for level in range(1, len(_HEADING_SIZES) + 1):
        entry = built_in(paragraph_style(document, f"toc {level}"))
        entry.element.set(qn("w:styleId"), f"TOC{level}")
        set_font(entry, Face(SERIF, 11, bold=level == 1))
        entry.paragraph_format.left_indent = Length(STEP * level)
        entry.paragraph_format.first_line_indent = Length(-STEP)
        entry.paragraph_format.right_indent = Cm(1)
        entry.paragraph_format.space_before = Pt(6 if level == 1 else 0)
        entry.paragraph_format.space_after = Pt(3)
        stops = entry.paragraph_format.tab_stops
        stops.add_tab_stop(Length(STEP * level))
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _add_character_styles(document: Document) -> None:
    mark = document.styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    cast(CharacterStyle, built_in(mark)).font.superscript = True
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    font = cast(CharacterStyle, built_in(link)).font
    font.color.rgb, font.underline = LINK, True


def _add_table_style(document: Document) -> None:
    """Add the style that pandoc gives to tables: lines above, below and under the head."""
    table = document.styles.add_style("Table", WD_STYLE_TYPE.TABLE)
    table.element.append(parse_xml(_TABLE_LOOK))
    table.element.append(parse_xml(_TABLE_HEAD_LOOK))


def _set_word_version(document: Document) -> None:
    settings: Any = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word opens it in its compatibility mode


def _add_running_head(document: Document, running_title: str, symbol: str) -> None:
    page = document.sections[0]
    header = paragraph_style(document, "Header")
    set_font(header, Face(SANS, 8.5, colour=GREY))
    stops = header.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    add_border(header, "bottom", eighths=4, space=4)
    page.header.paragraphs[0].add_run(f"{running_title}\t{symbol}")
    footer = paragraph_style(document, "Footer")
    set_font(footer, Face(SANS, 9, colour=GREY))
    number = page.footer.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)
