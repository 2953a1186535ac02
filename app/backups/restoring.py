"""Takes an archive into an empty database: all of it, proven, or nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.backups.archive import ArchiveReader
from app.backups.checking import check_logs
from app.backups.manifest import SectionPart, TablePart
from app.backups.snapshot import read_lines
from app.backups.taking import list_sections
from app.backups.values import decode_row
from app.db.engine import Database
from app.db.migrate import bring_to, list_revisions
from app.errors import AppError, Invalid, Refused

_ROWS_AT_ONCE = 200
_BYTES_AT_ONCE = 4 << 20


class NotRestored(AppError):
    """What was taken in is not what the archive holds: nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison: a table or a section, in the archive and as restored."""

    name: str
    archived: tuple[str, ...]
    restored: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return self.archived == self.restored

    def __str__(self) -> str:
        """Return the line, hashes shortened."""
        told = "  ".join(one[:12] for one in self.restored)
        return f"{'same' if self.is_same else 'DIFFERENT'}  {told}  {self.name}"


async def restore(database: Database, path: Path) -> list[Compared]:
    """Make the empty database hold what the archive holds, and return the comparison.

    Before anything is written the whole archive is verified. What was written is then read back:
    every table against its hash, every log row by row, the text of every section. All of it stands
    in one transaction, at the newest schema, or nothing does.
    Raises: Invalid for a file that is no whole archive of this or an earlier version; Refused if
    the database holds anything; NotRestored if anything differs; OSError.
    """
    with ArchiveReader(path) as archive:
        check_logs(archive)
        async with database.write() as work:
            connection = await work.session.connection()
            await _refuse_what_is_not_empty(connection)
            await _take_in(connection, archive)
            compared = [await _compare_table(connection, p) for p in archive.manifest.tables]
            await connection.run_sync(bring_to, "head")
            compared += await _compare_sections(connection, archive.manifest.sections)
            if differing := [one.name for one in compared if not one.is_same]:
                names = ", ".join(differing)
                raise NotRestored(f"Nothing was restored: what was read back differs in {names}.")
    return compared


async def _refuse_what_is_not_empty(connection: AsyncConnection) -> None:
    found = await connection.run_sync(_reflect)
    for one in found.sorted_tables:
        if one.name != "alembic_version" and (await connection.execute(select(one).limit(1))).all():
            raise Refused(
                f"This database is not empty: there are rows in {one.name}. "
                "A back-up is restored into an empty one only; nothing was changed."
            )


async def _take_in(connection: AsyncConnection, archive: ArchiveReader) -> None:
    manifest = archive.manifest
    if manifest.schema not in await connection.run_sync(list_revisions):
        raise Invalid(
            f"{archive.path} was made by a newer version of Rapporteur (schema {manifest.schema}). "
            "Nothing was changed."
        )
    await connection.run_sync(bring_to, manifest.schema)
    reflected = await connection.run_sync(_reflect)
    there_are = [one.name for one in reflected.sorted_tables]
    for part in manifest.tables:
        if part.name not in there_are:
            raise Invalid(f"{archive.path} has a table {part.name}, for which there is no place.")
    for part in sorted(manifest.tables, key=lambda part: there_are.index(part.name)):
        await _fill(connection, archive, part, _own_references(reflected.tables[part.name]))


async def _fill(
    connection: AsyncConnection, archive: ArchiveReader, part: TablePart, later: Sequence[str]
) -> None:
    """Take a table in. later: columns that point at rows of the same table, filled at the end."""
    target = part.clause
    without = dict.fromkeys(later)
    for batch in _batches(archive, part):
        await connection.execute(insert(target), [row | without for row in batch])
    for batch in _batches(archive, part) if later else ():
        for row in batch:
            this = [target.columns[name] == row[name] for name in part.key]
            pointing = {name: row[name] for name in later if row[name] is not None}
            if pointing:
                await connection.execute(update(target).where(*this).values(pointing))


async def _compare_table(connection: AsyncConnection, part: TablePart) -> Compared:
    hashed, rows = hashlib.sha256(), 0
    async for line in read_lines(connection, part):
        hashed.update(line + b"\n")
        rows += 1
    return Compared(
        part.name, (f"{part.rows} rows", part.sha256), (f"{rows} rows", hashed.hexdigest())
    )


async def _compare_sections(
    connection: AsyncConnection, archived: Sequence[SectionPart]
) -> list[Compared]:
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
        restored = {section.id: _told(section) for section in await list_sections(session)}
    return [
        Compared(section.title, _told(section), restored.get(section.id, ()))
        for section in archived
    ]


def _told(section: SectionPart) -> tuple[str, ...]:
    rows = f"{section.head_seq} rows"
    return (rows, section.head_hash, section.content_hash, section.damage)


def _own_references(reflected: Table) -> list[str]:
    return [key.parent.name for key in reflected.foreign_keys if key.column.table is reflected]


def _reflect(connection: Any) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata


def _batches(archive: ArchiveReader, part: TablePart) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    names = [name for name, _ in part.columns]
    size = 0
    for line in archive.lines(part):
        batch.append(dict(zip(names, decode_row(part.kinds, line), strict=True)))
        size += len(line)
        if len(batch) >= _ROWS_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
