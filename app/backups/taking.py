"""Takes a back-up of a database that is in use."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock
from app.backups.archive import ArchiveReader, ArchiveWriter
from app.backups.checking import check_logs
from app.backups.manifest import Manifest, SectionPart, TablePart
from app.backups.snapshot import describe, read_lines, snapshot
from app.db.base import Base
from app.db.engine import Database
from app.db.migrate import list_revisions, revision_of
from app.db.tables import Section
from app.errors import Refused
from app.ids import SectionId
from app.rooms.keeping.loading import load
from app.rooms.keeping.verifying import verify_chain
from app.text.from_crdt import read_state
from app.text.hashing import content_hash


async def back_up(database: Database, path: Path) -> Manifest:
    """Write everything that the database holds to a new file, and return what is in it.

    The server may run: what is written is the database as it was at one moment. The file bears its
    name only once it was read back whole: every part against its hash, every log to its head.
    Effects: until then a hidden file beside it, gone in any case afterwards.
    Raises: Invalid if the name is taken; Refused if the schema is not the newest; OSError.
    """
    with ArchiveWriter(path) as archive:
        async with snapshot(database) as connection:
            manifest = await _write(connection, archive)
        archive.seal(manifest)
        await asyncio.to_thread(check_back_up, archive.partial)
        archive.publish()
    return manifest


def check_back_up(path: Path) -> Manifest:
    """Return what is in a back-up, once all of it was read and found whole.

    Raises: Invalid, in words; OSError.
    """
    with ArchiveReader(path) as archive:
        check_logs(archive)
        return archive.manifest


async def list_sections(session: AsyncSession) -> list[SectionPart]:
    """Return where the log of every section stands, verified from its first row on."""
    found = await session.execute(
        select(Section.id, Section.title, Section.head_seq, Section.head_hash).order_by(Section.id)
    )
    return [await _section(session, *row) for row in found.all()]


async def _section(
    session: AsyncSession, section_id: Any, title: str, head_seq: int, head_hash: bytes
) -> SectionPart:
    loaded = await load(session, SectionId(section_id))
    damage = await verify_chain(session, SectionId(section_id)) or loaded.damage
    text = await asyncio.to_thread(lambda: content_hash(read_state(loaded.state)))
    return SectionPart(
        id=section_id.hex,
        title=title,
        head_seq=head_seq,
        head_hash=(head_hash or bytes(32)).hex(),
        content_hash=text,
        damage=f"damaged {damage.place}" if damage else "",
    )


async def _write(connection: AsyncConnection, archive: ArchiveWriter) -> Manifest:
    schema = await connection.run_sync(revision_of)
    newest = (await connection.run_sync(list_revisions))[0]
    if schema != newest:
        raise Refused(f"The schema is at {schema or 'nothing'}: first run `rapporteur migrate`.")
    tables: list[TablePart] = []
    for table in Base.metadata.sorted_tables:
        described = describe(table)
        with archive.part(described.path) as part:
            async for line in read_lines(connection, described):
                part.write_line(line)
        tables.append(replace(described, rows=part.rows, sha256=part.sha256))
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
        sections = await list_sections(session)
    return Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        schema=newest,
        engine=connection.dialect.name,
        tables=tuple(tables),
        sections=tuple(sections),
    )
