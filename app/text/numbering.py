"""Labels of paragraphs and numbers of sections; a label is never an id."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.ids import SectionId
from app.text import schema
from app.text.model import Document

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A section's place in the outline; annexes and glossaries are not numbered."""

    id: SectionId
    numbered: bool = True
    children: "tuple[OutlineEntry, ...]" = ()


def label_blocks(document: Document, start: int) -> tuple[tuple[str, ...], int]:
    """One label for each block ("12", "(a)", "(i)", or "" where none is due), and the next number.

    start: the number of the first numbered paragraph. Sub-paragraphs begin anew at each
    paragraph and heading, those of the second level also at each of the first.
    """
    labels = []
    number, letters, romans = start, 0, 0
    for block in document.blocks:
        label = ""
        if block.kind == schema.PARA:
            label, number = str(number), number + 1
        if block.kind in schema.RESTARTING_KINDS:
            letters = romans = 0
        elif block.kind == schema.SUBPARA and block.level == 1:
            letters, romans = letters + 1, 0
            label = f"({to_letters(letters)})"
        elif block.kind == schema.SUBPARA:
            romans += 1
            label = f"({to_roman(romans)})"
        labels.append(label)
    return tuple(labels), number


def outline_numbers(tree: Sequence[OutlineEntry]) -> dict[SectionId, str]:
    """The number of each section by its depth: I., A., 1., (a), (i); "" if it has none."""
    numbers: dict[SectionId, str] = {}
    _number_entries(tree, 0, numbers)
    return numbers


def _number_entries(
    entries: Sequence[OutlineEntry], depth: int, numbers: dict[SectionId, str]
) -> None:
    count = 0
    for entry in entries:
        count += entry.numbered
        numbers[entry.id] = _outline_number(count, depth) if entry.numbered else ""
        _number_entries(entry.children, depth + 1, numbers)


def _outline_number(count: int, depth: int) -> str:
    styles = (
        f"{to_roman(count).upper()}.",
        f"{to_letters(count).upper()}.",
        f"{count}.",
        f"({to_letters(count)})",
        f"({to_roman(count)})",
    )
    return styles[min(depth, len(styles) - 1)]


def to_letters(count: int) -> str:
    """a to z, then aa, ab and so on; count from 1."""
    letters = ""
    while count > 0:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def to_roman(count: int) -> str:
    """Small roman figures; arabic ones beyond 3,999, where roman figures end."""
    if count > _LARGEST_ROMAN:
        return str(count)
    figures = ""
    for value, figure in _ROMAN:
        times, count = divmod(count, value)
        figures += figure * times
    return figures
