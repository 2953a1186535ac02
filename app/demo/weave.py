"""Give the demonstration's blocks and footnotes their lasting ids, as values of app.text."""

import secrets
from collections.abc import Iterable

from app.demo.markup import WrittenBlock
from app.ids import ParagraphId, new_paragraph_id
from app.text.model import Block, Document, FootnoteRef, Inline, Inlines

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


class Weaver:
    """The ids of one section: a block keeps its own through all its wordings."""

    def __init__(self) -> None:
        self._blocks: dict[str, ParagraphId] = {}
        self._notes: dict[tuple[str, str], str] = {}

    def id_of(self, key: str) -> ParagraphId:
        """Return the id of the block with this key; the first call decides it."""
        return self._blocks.setdefault(key, new_paragraph_id())

    def weave(self, blocks: Iterable[WrittenBlock]) -> Document:
        """Return the blocks as a section's text."""
        woven: list[Block] = []
        notes: dict[str, Inlines] = {}
        for block in blocks:
            inlines = tuple(self._named(block.key, inline) for inline in block.wording.inlines)
            woven.append(Block(self.id_of(block.key), block.kind, block.level, "", inlines))
            for at, note in enumerate(block.wording.notes):
                notes[self._note_id(block.key, str(at))] = note
        return Document(tuple(woven), notes)

    def _named(self, key: str, inline: Inline) -> Inline:
        if isinstance(inline, FootnoteRef):
            return FootnoteRef(self._note_id(key, inline.id), inline.marks)
        return inline

    def _note_id(self, key: str, local: str) -> str:
        made = "n" + "".join(secrets.choice(_BASE32) for _ in range(12))
        return self._notes.setdefault((key, local), made)
