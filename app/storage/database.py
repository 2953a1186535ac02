"""Keeps files as rows of the database, where every host sees them and every back-up takes them."""

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import StoredFile
from app.db.unit_of_work import Work
from app.errors import NotFound, Unavailable

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class DatabaseFiles:
    """The store that needs nothing but the database."""

    async def put(self, work: Work, content: bytes) -> str:
        """The bytes are kept once the work is committed; return their hash in hexadecimal."""
        content_hash = hashlib.sha256(content).hexdigest()
        insert = _INSERT[work.session.get_bind().dialect.name]
        row = {"hash": content_hash, "content": content, "created_at": clock.now()}
        await work.session.execute(insert(StoredFile).values(row).on_conflict_do_nothing())
        return content_hash

    async def get(self, session: AsyncSession, content_hash: str) -> bytes:
        """Return the bytes under this hash.

        Raises: NotFound if they are not kept; Unavailable if they are no longer what was put.
        """
        content = await session.scalar(
            select(StoredFile.content).where(StoredFile.hash == content_hash)
        )
        if content is None:
            raise NotFound("This file is not kept any more. Make it again.")
        if hashlib.sha256(content).hexdigest() != content_hash:
            raise Unavailable("This file was damaged in the store. Make it again.")
        return content
