"""Puts text into sections as the log would have it, and reads it back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pycrdt import Doc

from app import clock
from app.db.engine import Database
from app.ids import ParagraphId, SectionId
from app.rooms import log
from app.rooms.keeping.loading import load_state
from app.text import from_crdt, hashing, into_crdt
from app.text.model import Block, Document, Run, plain_text


def block(key: str, text: str, kind: str = "para", level: int = 0) -> Block:
    """Return a plain block; key: its id without the padding."""
    return Block(paragraph_id(key), kind, level, "", (Run(text),) if text else ())


def paragraph_id(key: str) -> ParagraphId:
    """Return an id of the right shape that can be told from the key."""
    return ParagraphId("p" + key.ljust(12, "z"))


async def write_text(
    database: Database, section_id: SectionId, member_id: UUID | None, blocks: Sequence[Block]
) -> int:
    """Make these blocks the section's whole text, as one logged change; return its seq."""
    async with database.write() as work:
        head = await log.lock_head(work.session, section_id)
        state, _ = await load_state(work.session, section_id)
        doc: Doc[Any] = Doc()
        doc.apply_update(state)
        before = doc.get_state()
        into_crdt.write_document(doc, Document(tuple(blocks), {}))
        entry = log.Entry(log.UPDATE, member_id, "member", clock.now_us(), doc.get_update(before))
        return (await log.append(work.session, head, entry)).seq


async def read_text(database: Database, section_id: SectionId) -> Document:
    """Return the section's text at the head of its log."""
    async with database.read() as session:
        state, _ = await load_state(session, section_id)
        return from_crdt.read_state(state)


async def hash_of(database: Database, section_id: SectionId, key: str) -> str:
    """Return the hash of a paragraph at the head: what a podium that shows it would send."""
    document = await read_text(database, section_id)
    found = next(one for one in document.blocks if one.id == paragraph_id(key))
    return hashing.text_hash(found, document.notes)


def words_of(document: Document) -> list[str]:
    """Return the plain text of each block."""
    return [plain_text(one.inlines) for one in document.blocks]
