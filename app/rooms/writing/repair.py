"""Gives every block an id of its own: two people who move the same block leave it there twice."""

from collections.abc import Iterator
from typing import Any

from pycrdt import Doc

from app.ids import new_paragraph_id
from app.text import schema
from app.text.from_crdt import StoredBlock, body_of, cut_blocks, read_id, read_pieces
from app.text.model import Document


def needs_repair(document: Document) -> bool:
    """Return whether an id stands on two blocks, or is missing on one that is not the first."""
    ids = [block.id for block in document.blocks]
    return len(set(ids)) < len(ids) or None in ids[1:]


def repair_ids(doc: Doc[Any]) -> None:
    """Every marker has an id that no other has: its first holder in the text keeps it.

    To be run through the room's door (Room.add of a ServerEdit), so that it is proven and logged.
    """
    body = body_of(doc)
    for block in _unnamed(cut_blocks(read_pieces(body))):
        fresh = {schema.ATTRIBUTE_ID: new_paragraph_id()}
        body.format(block.start_bytes, block.content_bytes, fresh)


def _unnamed(blocks: list[StoredBlock]) -> Iterator[StoredBlock]:
    seen: set[str] = set()
    for block in blocks:
        if block.marker is None:
            continue
        name = read_id(block.marker)
        if name is None or name in seen:
            yield block
        else:
            seen.add(name)
