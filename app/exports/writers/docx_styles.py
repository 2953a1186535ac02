"""Word's styles: what python-docx has no word for, set in their XML."""

from typing import Any, NamedTuple, cast

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor, Twips
from docx.styles.style import ParagraphStyle

SERIF = "Cambria"  # on every Word; LibreOffice lays out its twin, Caladea
SANS = "Calibri"
ARABIC = "Times New Roman"
CHINESE = "SimSun"
STEP = Twips(624)  # the room for a number in front of a paragraph or heading
GREY = RGBColor(0x59, 0x59, 0x59)
BLACK = RGBColor(0, 0, 0)


class Face(NamedTuple):
    """How letters look; size in points."""

    family: str
    size: float
    bold: bool = False
    italic: bool = False
    colour: RGBColor = BLACK


def paragraph_style(document: Document, name: str, base: str | None = "Normal") -> ParagraphStyle:
    """The paragraph style of this name, made if it is absent, without its template's colours."""
    names = {style.name for style in document.styles}
    if name in names:
        style = cast(ParagraphStyle, document.styles[name])
    else:
        style = cast(ParagraphStyle, document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    if base is not None:
        style.base_style = document.styles[base]
    style.quick_style = True
    return style


def built_in(style: Any) -> Any:
    """The same style, which Word knows by its name as one of its own."""
    style.element.attrib.pop(qn("w:customStyle"), None)
    return style


def set_font(style: ParagraphStyle, face: Face) -> None:
    """The style's letters look like this in every script."""
    font = style.font
    font.name, font.size, font.bold, font.italic = (
        face.family,
        Pt(face.size),
        face.bold,
        face.italic,
    )
    font.cs_bold, font.cs_italic = face.bold, False
    font.color.rgb = face.colour
    look: Any = style.element.get_or_add_rPr()
    families = look.find(qn("w:rFonts"))
    for attribute in list(families.attrib):
        del families.attrib[attribute]
    for script, name in (
        ("ascii", face.family),
        ("hAnsi", face.family),
        ("cs", ARABIC),
        ("eastAsia", CHINESE),
    ):
        families.set(qn(f"w:{script}"), name)
    for spacing in look.findall(qn("w:spacing")) + look.findall(qn("w:kern")):
        look.remove(spacing)
    size_of_arabic = OxmlElement("w:szCs")
    size_of_arabic.set(qn("w:val"), str(round(face.size * 2)))
    for old in look.findall(qn("w:szCs")):
        look.remove(old)
    look.find(qn("w:sz")).addnext(size_of_arabic)


def hang(style: ParagraphStyle, steps: int) -> None:
    """The style's text stands so many steps in, and its number hangs one step in front of it."""
    style.paragraph_format.left_indent = Length(STEP * steps)
    style.paragraph_format.first_line_indent = Length(-STEP)


def keep_with_next(style: ParagraphStyle, before: Length, after: Length) -> None:
    """The style stays on the page of what follows it, with so much room around."""
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.space_before, style.paragraph_format.space_after = before, after
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def set_outline_level(style: ParagraphStyle, level: int) -> None:
    """The style stands at this level, from 0, in Word's outline; 9 is none."""
    properties: Any = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:outlineLvl")):
        properties.remove(old)
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    properties.append(outline)


def add_border(style: ParagraphStyle, side: str, *, eighths: int, space: int) -> None:
    """The style has a line at one side; eighths: weight in eighths of a point; space: in points."""
    remove_border(style)
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", "auto")):
        line.set(qn(f"w:{name}"), str(value))
    borders = OxmlElement("w:pBdr")
    borders.append(line)
    properties: Any = style.element.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def remove_border(style: ParagraphStyle) -> None:
    """The style has no lines around it."""
    properties: Any = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
