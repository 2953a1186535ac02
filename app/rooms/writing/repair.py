"""Gives every block an id of its own: two people who move the same block leave it there twice."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pycrdt import Doc
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import ClientBinding
from app.ids import SectionId, new_paragraph_id
from app.rooms.guard import open_document
from app.rooms.keeping.loading import load_state
from app.rooms.log import UPDATE, Entry, Head, append, new_client_id
from app.text import schema
from app.text.from_crdt import StoredBlock, body_of, cut_blocks, read_id, read_pieces
from app.text.model import Document


def needs_repair(document: Document) -> bool:
    """Return whether an id stands on two blocks, or is missing on one."""
    ids = [block.id for block in document.blocks]
    return len(set(ids)) < len(ids) or None in ids


def repair_ids(doc: Doc[Any]) -> None:
    """Every block has a marker with an id that no other has: its first holder keeps it.

    Text without a marker stands at the beginning, where the first writer began. Writers give it
    none, or two of them would give it two; only the server does.

    To be run through the room's door (Room.add of a ServerEdit), so that it is proven and logged.
    """
    body = body_of(doc)
    first = next(iter(cut_blocks(read_pieces(body))), None)
    if first is not None and first.marker is None and first.pieces:
        body.insert_embed(0, {schema.MARKER_KEY: schema.SCHEMA_VERSION}, _plain_paragraph())
    for block in _unnamed(cut_blocks(read_pieces(body))):
        fresh = {schema.ATTRIBUTE_ID: new_paragraph_id()}
        body.format(block.start_bytes, block.content_bytes, fresh)


async def repair_at_head(session: AsyncSession, head: Head, author: tuple[UUID, str]) -> Head:
    """Log the repair behind the head, in the caller's transaction, and return the new head.

    author: the member for whom it is made, and their acting role. Writes under the section's own
    client id; open rooms take the row in like any that another worker logged.
    """
    section_id = SectionId(head.section.id)
    state, _ = await load_state(session, section_id, head.seq)
    doc = open_document(state, await _own_client_id(session, section_id))
    before = doc.get_state()
    with doc.transaction():
        repair_ids(doc)
    entry = Entry(UPDATE, author[0], author[1], clock.now_us(), doc.get_update(before))
    return await append(session, head, entry)


async def _own_client_id(session: AsyncSession, section_id: SectionId) -> int:
    found = await session.scalar(
        select(ClientBinding.client_id).where(
            ClientBinding.section_id == section_id, ClientBinding.member_id.is_(None)
        )
    )
    if found is not None:
        return found
    fresh = new_client_id()
    session.add(ClientBinding(section_id=section_id, client_id=fresh, member_id=None))
    await session.flush()
    return fresh


def _plain_paragraph() -> dict[str, Any]:
    closed = dict.fromkeys(schema.SIMPLE_MARKS, False)
    named = {schema.ATTRIBUTE_ID: new_paragraph_id(), schema.ATTRIBUTE_KIND: schema.PARA}
    return {**closed, **named, schema.ATTRIBUTE_LEVEL: 0}


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
