"""Promises about the store of files: the same bytes once, and only those that were put."""

import hashlib

import pytest
from sqlalchemy import func, select, update

from app.db.engine import Database
from app.db.tables import StoredFile
from app.errors import NotFound, Unavailable
from app.storage.base import Files
from app.storage.database import DatabaseFiles


@pytest.fixture
def files() -> Files:
    return DatabaseFiles()


async def test_what_was_put_is_fetched_by_its_hash(database: Database, files: Files) -> None:
    content = bytes(range(256)) * 1000

    async with database.write() as work:
        content_hash = await files.put(work, content)

    async with database.read() as session:
        assert await files.get(session, content_hash) == content
    assert content_hash == hashlib.sha256(content).hexdigest()


async def test_the_same_bytes_are_kept_once(database: Database, files: Files) -> None:
    hashes = set()
    for _ in range(2):
        async with database.write() as work:
            hashes |= {await files.put(work, b"same"), await files.put(work, b"same")}

    assert len(hashes) == 1
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(StoredFile)) == 1


async def test_what_was_not_put_is_not_found(database: Database, files: Files) -> None:
    async with database.read() as session:
        with pytest.raises(NotFound):
            await files.get(session, "0" * 64)


async def test_a_damaged_file_is_not_handed_out(database: Database, files: Files) -> None:
    async with database.write() as work:
        content_hash = await files.put(work, b"true")
    async with database.write() as work:
        await work.session.execute(update(StoredFile).values(content=b"false"))

    async with database.read() as session:
        with pytest.raises(Unavailable, match="damaged"):
            await files.get(session, content_hash)


async def test_a_damaged_file_is_whole_again_when_it_is_made_again(
    database: Database, files: Files
) -> None:
    async with database.write() as work:
        content_hash = await files.put(work, b"true")
    async with database.write() as work:
        await work.session.execute(update(StoredFile).values(content=b"false"))

    async with database.write() as work:
        await files.put(work, b"true")

    async with database.read() as session:
        assert await files.get(session, content_hash) == b"true"
