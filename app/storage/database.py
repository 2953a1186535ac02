"""Keeps files as rows of the database, where every host sees them and every back-up takes them."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
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
        values = {"content": content, "created_at": clock.now()}
        # Anew also where it is there: it may have been damaged, or be about to be removed as old.
        row = insert(StoredFile).values(hash=content_hash, **values)
        await work.session.execute(row.on_conflict_do_update(index_elements=["hash"], set_=values))
        return content_hash

    async def remove_old(self, work: Work, before: datetime, used: Select[str | None]) -> None:
        """Files that were last put before this, and whose hashes are not used, are kept no more."""
        await work.session.execute(
            delete(StoredFile).where(StoredFile.created_at < before, StoredFile.hash.not_in(used))
        )

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
