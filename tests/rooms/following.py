"""Follows a text as the guard does, and reads it whole beside that, to compare."""

from app.rooms.guarding.blocks import Blocks
from app.rooms.guarding.characters import Characters, read_emission
from app.text.from_crdt import read_document
from app.text.hashing import canonical
from app.text.model import Document
from tests.rooms.scribbling import a_copy


def as_read(document: Document) -> list[tuple[str | None, bytes]]:
    """Return what a reader sees of each block."""
    return [(block.id, canonical(block, document.notes)) for block in document.blocks]


class Follower:
    """Follows a text as the guard does, and reads it whole beside that."""

    def __init__(self, state: bytes) -> None:
        self.doc = a_copy(state, 99)
        self.blocks = Blocks(self.doc, frozenset())
        self.told = 0
        moved: list[bool] = []
        emissions: list[bytes] = []
        self.moved, self.emissions = moved, emissions
        self.subscriptions = [
            self.doc["notes"].observe_deep(lambda _: moved.append(True)),
            self.doc.observe(lambda event: emissions.append(event.update)),
        ]

    def takes(self, update: bytes) -> None:
        """Take an edit in; if it is told to lie in one block, all the others must be as before."""
        characters = Characters()
        for stretch in read_emission(self.doc.get_update()).characters:
            characters.add(stretch)
        before = as_read(read_document(self.doc))
        self.moved.clear()
        self.emissions.clear()
        self.doc.apply_update(update)
        [emitted] = self.emissions
        emission = read_emission(emitted)
        for stretch in emission.characters:
            characters.add(stretch)
        place = None if self.moved else self.blocks.follow(self.doc, emission, characters)
        assert len(self.emissions) == 1, "looking for places must not change the text"
        fresh = Blocks(self.doc, frozenset())
        if place is not None:
            self.told += 1
            self._compare(before, place, fresh)
        else:
            self.blocks = fresh

    def _compare(self, before: list[tuple[str | None, bytes]], place: int, fresh: Blocks) -> None:
        after = as_read(read_document(self.doc))
        assert self.blocks.ids == fresh.ids
        assert self.blocks.starts == fresh.starts
        assert self.blocks.size_bytes == fresh.size_bytes
        assert before[:place] == after[:place]
        assert before[place + 1 :] == after[place + 1 :]
