"""Lays an older text over the present one, leaving locked blocks as they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.ids import ParagraphId
from app.text.diff import block_keys
from app.text.hashing import canonical
from app.text.model import Block, Document, Inlines, note_ids
from app.text.words import rising_pairs


@dataclass(frozen=True, slots=True)
class Restored:
    """The text after a restore, and the locked blocks whose older text was not brought back."""

    document: Document
    left: tuple[Block, ...]


def restore_document(current: Document, old: Document, locked: Collection[ParagraphId]) -> Restored:
    """The old text, but locked blocks keep their present text and their order among themselves.

    A locked block stands where it stood in the old text; if it was not there, or the order of
    the locked ones has changed since, behind the neighbour that it follows now.
    """
    keys, past_keys = block_keys(current.blocks), block_keys(old.blocks)
    held = {k: b for k, b in zip(keys, current.blocks, strict=True) if b.id in locked}
    held_ids = {block.id for block in held.values()}
    at_slot: dict[int, list[Block]] = {}
    for key, slot in _slots(keys, past_keys, held).items():
        at_slot.setdefault(slot, []).append(held[key])
    blocks: list[Block] = []
    for slot, block in enumerate(old.blocks):
        blocks += at_slot.get(slot, [])
        blocks += [block] if block.id not in held_ids else []
    blocks += at_slot.get(len(old.blocks), [])
    past = {k: canonical(b, old.notes) for k, b in zip(past_keys, old.blocks, strict=True)}
    left = tuple(b for k, b in held.items() if canonical(b, current.notes) != past.get(k))
    return Restored(Document(tuple(blocks), _notes(blocks, held, (current, old))), left)


def _slots(keys: Sequence[str], past_keys: Sequence[str], held: Collection[str]) -> dict[str, int]:
    """Before which old place each held block goes; never falling, in the present order."""
    past = {key: place for place, key in enumerate(past_keys)}
    shared = [key for key in keys if key in held and key in past]
    places = [(n, past[key]) for n, key in enumerate(shared)]
    steady = [shared[n] for n, _ in rising_pairs(places)]
    slots: dict[str, int] = {}
    floor = near = 0
    for key in keys:
        if key in held:
            if key in steady:
                floor = past[steady.pop(0)]
            else:
                ceiling = past[steady[0]] if steady else len(past_keys)
                floor = min(max(floor, near), ceiling)
            slots[key] = floor
        near = past[key] + 1 if key in past else near
    return slots


def _notes(
    blocks: Sequence[Block], held: dict[str, Block], sources: tuple[Document, Document]
) -> dict[str, Inlines]:
    """Footnotes of the blocks: those of held blocks as they are now, the others as they were."""
    current, old = sources
    notes = {n: old.notes[n] for n in note_ids(blocks) if n in old.notes}
    for note_id in note_ids(held.values()):
        notes.pop(note_id, None)
        if note_id in current.notes:
            notes[note_id] = current.notes[note_id]
    return notes
