"""The text of a section as frozen values: Document, Block and what stands in a Block."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from app.ids import ParagraphId
from app.text import schema

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
Marks: TypeAlias = tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters under the same marks."""

    text: str
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class FootnoteRef:
    """The place where a footnote is called; its text is in Document.notes."""

    id: str
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A new line inside a block."""

    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class UnknownAtom:
    """Something that a newer editor put into the text, kept as it is."""

    value: Json
    marks: Marks = ()


Inline: TypeAlias = Run | FootnoteRef | LineBreak | UnknownAtom
Inlines: TypeAlias = tuple[Inline, ...]
Notes: TypeAlias = Mapping[str, Inlines]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or heading; `extra` holds stored attributes that have no field here."""

    id: ParagraphId | None
    kind: str = schema.DEFAULT_KIND
    level: int = 0
    dir: str = ""
    inlines: Inlines = ()
    extra: Marks = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A section's text at one moment, with the footnotes that its blocks call."""

    blocks: tuple[Block, ...] = ()
    notes: Notes = field(default_factory=dict)


def make_marks(values: Mapping[str, Json]) -> Marks:
    """The marks that are in effect, sorted by key."""
    return tuple(sorted((k, v) for k, v in values.items() if schema.is_in_effect(k, v)))


def simple_marks(marks: Marks) -> Marks:
    """Only the marks that readers see: strong, em, link."""
    return tuple(mark for mark in marks if mark[0] in schema.SIMPLE_MARKS)


def tidy(inlines: Iterable[Inline]) -> Inlines:
    """The same content with equally marked neighbours joined and empty runs dropped."""
    joined: list[Inline] = []
    for inline in inlines:
        before = joined[-1] if joined else None
        if not isinstance(inline, Run):
            joined.append(inline)
        elif isinstance(before, Run) and before.marks == inline.marks:
            joined[-1] = Run(before.text + inline.text, inline.marks)
        elif inline.text:
            joined.append(inline)
    return tuple(joined)


def plain_text(inlines: Iterable[Inline], atom: str = "") -> str:
    """The bare characters; `atom` stands for every footnote call and unknown thing."""
    return "".join(_bare(inline, atom) for inline in inlines)


def _bare(inline: Inline, atom: str) -> str:
    if isinstance(inline, Run):
        return inline.text
    return schema.LINE_BREAK if isinstance(inline, LineBreak) else atom


def note_ids(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Ids of the footnotes that the blocks call, in order, each once."""
    calls = (i.id for block in blocks for i in block.inlines if isinstance(i, FootnoteRef))
    return tuple(dict.fromkeys(calls))


def is_pending(block: Block) -> bool:
    """Whether a suggested insertion, deletion or change in the block awaits an answer."""
    prefixes = (*schema.PENDING_PREFIXES, *schema.RESERVED_ATTRIBUTE_PREFIXES)
    keys = [key for inline in block.inlines for key, _ in inline.marks]
    keys += [key for key, _ in block.extra]
    return any(key.startswith(prefixes) for key in keys)
