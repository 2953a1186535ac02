"""What a store of files must do, whatever it keeps them in."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.unit_of_work import Work


class Files(Protocol):
    """Bytes kept under their own SHA-256; the same bytes are kept once."""

    async def put(self, work: Work, content: bytes) -> str:
        """The bytes are kept once the work is committed; return their hash in hexadecimal."""
        ...

    async def remove_old(self, work: Work, before: datetime, used: Select[str | None]) -> None:
        """Files that were last put before this, and whose hashes are not used, are kept no more."""
        ...

    async def get(self, session: AsyncSession, content_hash: str) -> bytes:
        """Return the bytes under this hash.

        Raises: NotFound if they are not kept; Unavailable if they are no longer what was put.
        """
        ...
