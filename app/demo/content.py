"""Load the demonstration from its files and refuse any that do not fit together."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.demo.markup import MarkupError, Wording, WrittenBlock, read_blocks
from app.demo.script import History, MeetingPlan, Meetings, Outline, People, SectionPlan, Step
from app.text.model import Block, Document, Inlines, Run
from app.text.numbering import label_blocks

CONTENT = Path(__file__).parent / "content"
_REFERENCE = re.compile(r"\{@([a-z0-9-]+)\}")
_Model = TypeVar("_Model", bound=BaseModel)


class ContentError(ValueError):
    """The demonstration's files contradict one another or their form."""


@dataclass(frozen=True, slots=True)
class DemoSection:
    """A section with today's text and the steps by which it came about."""

    plan: SectionPlan
    blocks: tuple[WrittenBlock, ...]
    labels: Mapping[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Everything that is seeded; sections in outline order."""

    outline: Outline
    people: People
    sections: tuple[DemoSection, ...]
    meetings: tuple[MeetingPlan, ...]

    def section_of(self, block_key: str) -> DemoSection:
        """Return the section in which a block stands today. Raises: ContentError."""
        for section in self.sections:
            if block_key in section.labels:
                return section
        raise ContentError(f"No block is called {block_key}.")


def load_demonstration(folder: Path = CONTENT) -> Demonstration:
    """Return the whole demonstration with its cross-references filled in. Raises: ContentError."""
    outline = _read_toml(folder / "outline.toml", Outline)
    sections: list[DemoSection] = []
    start = 1
    for plan in outline.sections:
        section, start = _load_section(folder, plan, start)
        sections.append(section)
    return Demonstration(
        outline,
        _read_toml(folder / "people.toml", People),
        _fill_references(sections),
        _read_toml(folder / "meetings.toml", Meetings).meetings,
    )


def _load_section(folder: Path, plan: SectionPlan, start: int) -> tuple[DemoSection, int]:
    if not plan.written:
        return DemoSection(plan, (), {}, ()), start
    path = folder / "text" / f"{plan.key}.md"
    try:
        blocks = read_blocks(path.read_text(encoding="utf-8"), plan.key)
    except (OSError, MarkupError) as error:
        raise ContentError(f"{path.name}: {error}") from error
    document = Document(tuple(Block(None, block.kind, block.level) for block in blocks))
    labels, following = label_blocks(document, start)
    by_key = dict(zip((block.key for block in blocks), labels, strict=True))
    if len(by_key) < len(blocks):
        raise ContentError(f"{path.name}: two blocks have the same key.")
    history = _read_toml(folder / "history" / f"{plan.key}.toml", History)
    return DemoSection(plan, blocks, by_key, history.steps), following


def _read_toml(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ContentError(f"{path.name}: {error}") from error


def _fill_references(sections: list[DemoSection]) -> tuple[DemoSection, ...]:
    labels: dict[str, str] = {}
    for section in sections:
        if twice := labels.keys() & section.labels.keys():
            raise ContentError(f"Two sections have a block called {sorted(twice)[0]}.")
        labels |= section.labels
    return tuple(
        replace(s, blocks=tuple(_fill_block(block, labels) for block in s.blocks)) for s in sections
    )


def _fill_block(block: WrittenBlock, labels: Mapping[str, str]) -> WrittenBlock:
    wording = Wording(
        _fill_inlines(block.wording.inlines, labels),
        tuple(_fill_inlines(note, labels) for note in block.wording.notes),
    )
    return replace(block, wording=wording)


def _fill_inlines(inlines: Inlines, labels: Mapping[str, str]) -> Inlines:
    def number(found: re.Match[str]) -> str:
        if not labels.get(found[1]):
            raise ContentError(f"A reference leads nowhere: {found[0]}")
        return labels[found[1]]

    return tuple(
        replace(inline, text=_REFERENCE.sub(number, inline.text))
        if isinstance(inline, Run)
        else inline
        for inline in inlines
    )
