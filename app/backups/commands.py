"""What the operator's commands about keeping do: verify, back up, restore, pack."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.backups.manifest import Manifest
from app.backups.restoring import restore as take_in
from app.backups.taking import back_up as take
from app.backups.taking import check_back_up
from app.db.engine import Database
from app.db.tables import Section
from app.errors import Invalid
from app.ids import SectionId
from app.rooms.keeping.compaction import Compacted, compact, unpack_all
from app.rooms.keeping.damage import DamagedLog
from app.rooms.keeping.rows import read_since
from app.rooms.keeping.verifying import verify_log


async def verify_logs(database: Database) -> tuple[list[str], bool]:
    """Return a line for each section's log, and whether any is damaged."""
    lines, is_damaged = [], False
    async with database.read() as session:
        for section in await _sections(database, None):
            found = await verify_log(session, SectionId(section.id))
            is_damaged = is_damaged or not found.is_sound
            rows = f"{section.head_seq:>6} rows"
            lines.append(f"{section.id}  {rows}  {found.sentence}  {section.title}")
    return lines, is_damaged


async def back_up(database: Database, path: Path) -> list[str]:
    """Write a back-up to a new file, and return what to tell of it."""
    manifest = await take(database, path)
    size = await asyncio.to_thread(os.path.getsize, path)
    return [*_describe(manifest), f"Wrote {path} ({size} bytes), and read it back: it is whole."]


def check(path: Path) -> list[str]:
    """Return what is in a back-up, once all of it was found whole."""
    return [*_describe(check_back_up(path)), f"{path} is whole."]


async def restore(database: Database, path: Path) -> list[str]:
    """Take a back-up into the empty database, and return the comparison."""
    compared = await take_in(database, path)
    return [*(str(one) for one in compared), f"Restored {path}: everything is as it was."]


async def pack(
    database: Database, report_id: str | None, back_up_path: Path | None
) -> tuple[list[str], bool]:
    """Pack the old rows of a report's logs, or of all; return lines, and whether all was sound.

    back_up_path: only rows that this back-up holds are packed; None: all old ones.
    """
    manifest = None
    if back_up_path is not None:
        manifest = await asyncio.to_thread(check_back_up, back_up_path)
    lines, is_sound = [], True
    for section in await _sections(database, report_id):
        covered_upto = None
        if manifest is not None:
            covered_upto = await _covered_upto(database, manifest, SectionId(section.id))
        try:
            done = await compact(database, SectionId(section.id), covered_upto)
            told = _told(done)
        except DamagedLog as error:
            told, is_sound = str(error), False
        lines.append(f"{section.id}  {told}  {section.title}")
    return lines, is_sound


async def unpack(database: Database, report_id: str | None) -> list[str]:
    """Make rows of what was packed again, and return a line for each section."""
    return [
        f"{section.id}  unpacked {await unpack_all(database, SectionId(section.id))} rows"
        for section in await _sections(database, report_id)
    ]


async def _sections(database: Database, report_id: str | None) -> Sequence[Section]:
    query = select(Section).order_by(Section.id)
    if report_id is not None:
        try:
            query = query.where(Section.report_id == UUID(report_id))
        except ValueError:
            raise Invalid(
                f"“{report_id}” is not a report's id; see `rapporteur report list`."
            ) from None
    async with database.read() as session:
        return (await session.scalars(query)).all()


async def _covered_upto(database: Database, manifest: Manifest, section_id: SectionId) -> int:
    """Return up to which row the back-up holds the log as it is here; 0 for none of it."""
    held = next((one for one in manifest.sections if one.id == section_id.hex), None)
    if held is None or held.damage or held.head_seq == 0:
        return 0
    async with database.read() as session:
        rows = await read_since(session, section_id, held.head_seq - 1, held.head_seq)
    # Each hash stands for all rows before it: the same one here means the same log until there.
    is_same = len(rows) == 1 and rows[0].hash.hex() == held.head_hash
    return held.head_seq if is_same else 0


def _describe(manifest: Manifest) -> list[str]:
    rows = sum(part.rows for part in manifest.tables)
    damaged = [one for one in manifest.sections if one.damage]
    return [
        f"Made at {manifest.made_at}, schema {manifest.schema}: {len(manifest.tables)} tables, "
        f"{rows} rows, {len(manifest.sections)} sections.",
        *(f"Section {one.id} ({one.title}) was {one.damage} by then." for one in damaged),
    ]


def _told(done: Compacted) -> str:
    if done.rows == 0 and done.checkpoints == 0:
        return "not in the back-up yet" if done.is_uncovered else "nothing to pack"
    rest = "; the rest is not in the back-up yet" if done.is_uncovered else ""
    return (
        f"packed {done.rows} rows, {done.bytes_before} bytes into {done.bytes_after}; "
        f"removed {done.checkpoints} checkpoints{rest}"
    )
