"""Type the demonstration into a section's log: each author under a client id of their own."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pycrdt import Doc
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import ClientBinding
from app.ids import ParagraphId
from app.rooms import log
from app.text.into_crdt import write_document
from app.text.model import Document


@dataclass(frozen=True, slots=True)
class Author:
    """Who types, and in which acting role."""

    member_id: UUID
    acting_role: str


class Typist:
    """Writes one section's text as its authors would have: as Yjs updates, logged and chained."""

    def __init__(self, section_id: UUID) -> None:
        self._section_id = section_id
        self._docs: dict[UUID, Doc[Any]] = {}
        self._written: list[bytes] = []
        self._known: dict[UUID, int] = {}

    async def type(
        self,
        session: AsyncSession,
        head: log.Head,
        author: Author,
        text: tuple[Document, int],
        keep: Collection[ParagraphId] = (),
    ) -> log.Head:
        """Log the change that makes the section read as the text, and return the new head.

        text: the whole text and when it stood so, in microseconds since 1970.
        keep: paragraphs that may not change. Nothing is logged if nothing differs.
        """
        document, at_us = text
        doc = await self._doc_of(session, author.member_id)
        update = _change(doc, document, keep)
        if update is None:
            return head
        self._written.append(update)
        self._known[author.member_id] = len(self._written)
        entry = log.Entry(log.UPDATE, author.member_id, author.acting_role, at_us, update)
        return await log.append(session, head, entry)

    async def _doc_of(self, session: AsyncSession, member_id: UUID) -> Doc[Any]:
        doc = self._docs.get(member_id)
        if doc is None:
            client_id = secrets.randbits(31) | 1
            doc = self._docs[member_id] = Doc(client_id=client_id)
            session.add(
                ClientBinding(section_id=self._section_id, client_id=client_id, member_id=member_id)
            )
        for update in self._written[self._known.get(member_id, 0) :]:
            doc.apply_update(update)
        self._known[member_id] = len(self._written)
        return doc


def _change(doc: Doc[Any], target: Document, keep: Collection[ParagraphId]) -> bytes | None:
    """The Yjs update that makes the document read as the target; None if it does already."""
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    try:
        write_document(doc, target, keep)
    finally:
        doc.unobserve(subscription)
    return made[0] if made else None
