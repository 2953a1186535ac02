"""Replay a section's history: which text stood after each step, and how it was typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.demo.content import ContentError, DemoSection
from app.demo.markup import Wording, WrittenBlock, read_wording
from app.demo.script import EarlierWords, Step
from app.text import schema
from app.text.model import FootnoteRef, Inline, Run, plain_text, tidy

Blocks = tuple[WrittenBlock, ...]
_SENTENCE = re.compile(r"(?<=[.;:?]) ")
_SECONDS_PER_WORD = 1.2  # a fast typist: 50 words a minute


@dataclass(frozen=True, slots=True)
class Burst:
    """The section's text after some uninterrupted typing, and how long that took in seconds."""

    blocks: Blocks
    typed_s: int


class Replay:
    """A section's text as it grows step by step, from nothing to what it is today."""

    def __init__(self, section: DemoSection) -> None:
        self._today = {block.key: block for block in section.blocks}
        self._order = [block.key for block in section.blocks]
        self._now: dict[str, WrittenBlock] = {}

    @property
    def blocks(self) -> Blocks:
        """The text after the steps so far."""
        return tuple(self._now[key] for key in self._order if key in self._now)

    def take(self, step: Step) -> tuple[Burst, ...]:
        """Bring the text to where a step leaves it; return the typing in order of paragraphs.

        Raises: ContentError when the step names a block that is not there.
        """
        before = self.blocks
        for earlier in step.words:
            self._now[earlier.key] = self._earlier_block(earlier)
        for key in self._order if step.rest else step.today:
            if key not in self._today:
                raise ContentError(f"No block is called {key}.")
            self._now[key] = self._today[key]
        for key in step.remove:
            if self._now.pop(key, None) is None:
                raise ContentError(f"{key} cannot be removed: it is not in the text.")
        return tuple(_type(before, self.blocks))

    def _earlier_block(self, earlier: EarlierWords) -> WrittenBlock:
        wording = read_wording(earlier.text)
        if today := self._today.get(earlier.key):
            return replace(today, wording=wording)
        if earlier.key not in self._order:
            if earlier.after not in self._order:
                raise ContentError(f"{earlier.key} is placed after nothing.")
            self._order.insert(self._order.index(earlier.after) + 1, earlier.key)
        neighbour = self._today.get(earlier.after or "")
        kind = schema.SUBPARA if neighbour and neighbour.kind == schema.SUBPARA else schema.PARA
        return WrittenBlock(earlier.key, kind, 1 if kind == schema.SUBPARA else 0, wording)


def _type(before: Blocks, after: Blocks) -> Iterator[Burst]:
    """The typing that leads from one text to another: deletions first, then in reading order."""
    kept = {block.key for block in after}
    if any(block.key not in kept for block in before):
        before = tuple(block for block in before if block.key in kept)
        yield Burst(before, 4)
    standing = {block.key: block for block in before}
    for block in after:
        old = standing.get(block.key)
        if old == block:
            continue
        known = _words(old.wording) if old else 0
        for wording in [block.wording] if old else _growth(block.wording):
            standing[block.key] = replace(block, wording=wording)
            seconds = 2 + round(_SECONDS_PER_WORD * abs(_words(wording) - known))
            known = _words(wording)
            yield Burst(tuple(standing[b.key] for b in after if b.key in standing), seconds)


def _growth(wording: Wording) -> Iterator[Wording]:
    """A new paragraph's wording after each of its sentences; the last is the whole."""
    pieces: list[Inline] = []
    for inline in wording.inlines:
        if not isinstance(inline, Run) or inline.marks:
            pieces.append(inline)
            continue
        *sentences, last = _SENTENCE.split(inline.text)
        for sentence in sentences:
            pieces.append(Run(sentence + " "))
            yield _shortened(wording, pieces)
        pieces.append(Run(last))
    yield wording


def _shortened(whole: Wording, pieces: list[Inline]) -> Wording:
    called = sum(isinstance(piece, FootnoteRef) for piece in pieces)
    return Wording(tidy(pieces), whole.notes[:called])


def _words(wording: Wording) -> int:
    return len(plain_text(wording.inlines).split())
