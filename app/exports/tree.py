"""The report as one frozen value that knows no format: what every export writer reads."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, cast

BlockKind = Literal["para", "subpara", "heading", "plain"]
Status = Literal["", "agreed", "bracketed", "parked"]
Direction = Literal["ltr", "rtl"]

WORDS_PER_PAGE = 380  # one A4 page of the PDF's body text, measured on the demonstration report
RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur"})

# What no XML part and no typesetter accepts: controls, lone surrogates, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINK = re.compile(r"(?i)(https?://|mailto:)[^\s\x00-\x1f\"<>\\^`{|}]+\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of words with one look."""

    text: str
    strong: bool = False
    em: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote at the place of its mark; numbers run through the document in order."""

    inlines: "tuple[Text | Break, ...]"


Inline = Text | Break | Footnote


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading of the text.

    label: what is printed in front of it, letter by letter ("12.", "12 bis.", "(a)", "").
    level: 1 to 3 for a heading, 1 (a) or 2 (i) for a sub-paragraph, else 0.
    """

    kind: BlockKind
    inlines: tuple[Inline, ...]
    label: str = ""
    level: int = 0
    dir: Literal["", "ltr", "rtl"] = ""
    status: Status = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the outline, in reading order; depth 1 is a chapter.

    number: as printed ("I.", "A.", "1.", "(a)"), empty where the section has none.
    """

    title: str
    depth: int
    number: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A line of the member list."""

    name: str
    stakeholder_group: str
    affiliation: str
    role: str
    personal_capacity: bool


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The title page. date: as printed; legend: sentences about the state of the text."""

    title: str
    symbol: str
    working_group: str
    date: str
    status_line: str
    subtitle: str = ""
    legend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportTree:
    """Everything that a written report holds, and nothing else. language: a BCP 47 tag."""

    front: FrontPage
    sections: tuple[Section, ...]
    members: tuple[MemberLine, ...] = ()
    language: str = "en"


def printed_inlines(block: Block) -> tuple[Inline, ...]:
    """The block's inlines as they stand on paper: in square brackets if it is bracketed."""
    if block.status != "bracketed":
        return block.inlines
    return (Text("["), *block.inlines, Text("]"))


def is_heading(block: Block) -> bool:
    """Whether the block is a heading with words in it; one without is not printed."""
    return block.kind == "heading" and plain_text(block.inlines).strip() != ""


def base_direction(language: str) -> Direction:
    """The direction of a document in this language."""
    return "rtl" if language.split("-")[0].lower() in RTL_LANGUAGES else "ltr"


def text_direction(text: str, otherwise: Direction) -> Direction:
    """The direction of the first letter that has one."""
    for letter in text:
        bidi = unicodedata.bidirectional(letter)
        if bidi == "L":
            return "ltr"
        if bidi in ("R", "AL"):
            return "rtl"
    return otherwise


def block_direction(block: Block, otherwise: Direction) -> Direction:
    """The direction chosen for the block, or else that of its first letter."""
    return block.dir or text_direction(plain_text(block.inlines), otherwise)


def plain_text(inlines: tuple[Inline, ...]) -> str:
    """The words alone, without footnotes; a line break is a space."""
    return "".join(
        inline.text if isinstance(inline, Text) else " " if isinstance(inline, Break) else ""
        for inline in inlines
    )


def safe_link(link: str) -> str:
    """The address if a reader may be led there (http, https, mailto), else nothing."""
    return link if _LINK.match(link) else ""


def page_estimate(tree: ExportTree) -> int:
    """About how many pages the report fills, at least 1; for limits, not for print."""
    letters = sum(len(text) for text in _texts(tree))
    return 1 + letters // (WORDS_PER_PAGE * 6)


def wants_contents(tree: ExportTree) -> bool:
    """Whether a contents page helps: there is more than one place to go to."""
    return len(tree.sections) + bool(tree.members) > 1


Value = TypeVar("Value")


def printable(value: Value) -> Value:
    """The same value without the characters that no document may hold."""
    if isinstance(value, str):
        return cast(Value, _UNPRINTABLE.sub("", value))
    if isinstance(value, tuple):
        return cast(Value, tuple(printable(item) for item in value))
    if is_dataclass(value):
        row = cast(Any, value)
        return cast(
            Value, replace(row, **{f.name: printable(getattr(row, f.name)) for f in fields(row)})
        )
    return value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
