"""Reads written reports back: the words of a PDF, the parts of a Word file, the tree of an HTML."""

import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from lxml import etree
from pypdf import PdfReader
from pypdf.generic import ContentStream

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Word:
    """A Word file, unzipped."""

    def __init__(self, packed: bytes) -> None:
        with zipfile.ZipFile(BytesIO(packed)) as parts:
            self.parts = {name: parts.read(name) for name in parts.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.notes = etree.fromstring(self.parts["word/footnotes.xml"])
        self.styles = etree.fromstring(self.parts["word/styles.xml"])

    def paragraphs(self) -> list[tuple[str, str]]:
        """Each paragraph of the body: its style's id, and its words with real tabs."""
        return [(style_of(p), words_of(p)) for p in self.body.iter(f"{W}p")]

    def footnotes(self) -> list[str]:
        """The words of each footnote, in order."""
        notes = [note for note in self.notes if note.get(f"{W}type") is None]
        return [words_of(note).strip() for note in notes]

    def style(self, style_id: str) -> Any:
        """The definition of a style."""
        (found,) = [s for s in self.styles.iter(f"{W}style") if s.get(f"{W}styleId") == style_id]
        return found


def style_of(paragraph: Any) -> str:
    """The id of the paragraph's style."""
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


def words_of(element: Any) -> str:
    """The words of a part of a Word file; tabs and breaks as characters."""
    written = {f"{W}tab": "\t", f"{W}br": "\n"}
    pieces = []
    for node in element.iter():
        if node.tag == f"{W}t":
            pieces.append(node.text or "")
        elif node.getparent().tag == f"{W}r":
            pieces.append(written.get(node.tag, ""))
    return "".join(pieces)


class Pdf:
    """A PDF, page by page."""

    def __init__(self, written: bytes) -> None:
        self.reader = PdfReader(BytesIO(written))
        self.pages = [page.extract_text() for page in self.reader.pages]

    def text(self) -> str:
        """All words, with single spaces."""
        return " ".join(" ".join(self.pages).split())

    def fonts(self) -> set[str]:
        """The names of the embedded typefaces, without their subset's prefix."""
        names = set()
        for page in self.reader.pages:
            resources: Any = page["/Resources"]
            for font in resources.get("/Font", {}).values():
                names.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
        return names

    def missing_glyphs(self) -> int:
        """How many places show no letter but the box of a typeface that lacks it."""
        return sum(glyph == b"\x00\x00" for page in self.reader.pages for glyph in _glyphs(page))


def _glyphs(page: Any) -> Iterator[bytes]:
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        shown: Any = operands[0] if operator == b"TJ" else operands if operator == b"Tj" else []
        for piece in shown:
            codes: bytes = getattr(piece, "original_bytes", b"")  # a number moves the pen
            yield from (codes[at : at + 2] for at in range(0, len(codes), 2))


class Page(HTMLParser):
    """An HTML file: which elements it has, with which attributes, and its words."""

    def __init__(self, written: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self._hidden = 0
        self.feed(written.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        self.words += "" if self._hidden else data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of this kind."""
        return [attributes for name, attributes in self.elements if name == tag]
