"""Packs old rows into segments, once a replay has proven that nothing is lost by it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.engine import Database
from app.db.tables import Checkpoint, LogEntry, LogSegment, Revision
from app.errors import AppError
from app.ids import SectionId, Seq
from app.rooms.keeping.checkpoints import list_checkpoints, write_checkpoint
from app.rooms.keeping.damage import DamagedLog
from app.rooms.keeping.loading import load
from app.rooms.keeping.rows import intact_rows, read_since
from app.rooms.keeping.segments import Segment, pack, read_segments, unpack
from app.rooms.keeping.verifying import verify_log
from app.rooms.log import EMPTY_HASH, Head, Row, lock_head
from app.text.from_crdt import read_state
from app.text.hashing import content_hash


@dataclass(frozen=True, slots=True)
class Packing:
    """How rows are packed."""

    segment_rows: int = 500
    kept_rows: int = 1000
    """The newest rows stay as they are: open rooms follow them, and every opening reads them."""
    checkpoint_spacing: int = 5000
    """A moment of the past is then a replay of so many rows at most: about 50 ms."""


PACKING = Packing()


class NotTheSame(AppError):
    """What was stored is not what was to be stored: nothing was changed."""


@dataclass(slots=True)
class Compacted:
    """What came of a section's log."""

    section_id: SectionId
    rows: int = 0
    """Rows that were packed."""
    bytes_before: int = 0
    bytes_after: int = 0
    checkpoints: int = 0
    """Checkpoints that were removed as redundant."""
    is_uncovered: bool = False
    """Whether rows were left alone because the back-up does not hold them."""


async def compact(
    database: Database,
    section_id: SectionId,
    covered_upto: int | None,
    packing: Packing = PACKING,
) -> Compacted:
    """Pack a section's old rows and thin out its checkpoints.

    covered_upto: the last row that a verified back-up holds; None: no back-up is asked for.

    Every row, with who wrote it, in which role and when, stays readable: nothing of the history is
    given up. Nothing is touched before the whole log was replayed and found equal to all its
    checkpoints; a checkpoint near the head is written first; each segment stands only if what was
    stored reads back equal to the rows; rows that no back-up holds are left alone.
    Effects: one transaction for each segment; writers wait for it as for one another.
    Raises: DamagedLog, with nothing changed; NotTheSame; NotFound.
    """
    async with database.read() as session:
        found = await verify_log(session, section_id)
    if not found.is_sound:
        raise DamagedLog(f"Nothing was packed: this log is {found.sentence}.")
    done = Compacted(section_id)
    async with database.write() as work:
        head = await lock_head(work.session, section_id)
        await _seal_head(work.session, head, packing)
        done.checkpoints = await _thin(work.session, section_id, packing)
    while True:
        async with database.write() as work:
            head = await lock_head(work.session, section_id)
            if not await _pack_next(work.session, head, (covered_upto, packing), done):
                return done


async def unpack_all(database: Database, section_id: SectionId) -> int:
    """Make rows of a section's segments again, and return how many.

    Raises: DamagedLog, with nothing changed; NotFound.
    """
    async with database.write() as work:
        session = work.session
        head = await lock_head(session, section_id)
        segments = await read_segments(session, section_id, 0, head.seq)
        rows: list[Row] = []
        for segment in segments:
            unpacked = unpack(segment)
            if not unpacked:
                raise DamagedLog(f"Nothing was unpacked: row {segment.first_seq} is damaged.")
            rows += unpacked
        await session.execute(delete(LogSegment).where(LogSegment.section_id == section_id))
        if rows:
            await session.execute(insert(LogEntry), [_columns(section_id, row) for row in rows])
            await _prove(session, section_id, rows)
        return len(rows)


async def _seal_head(session: AsyncSession, head: Head, packing: Packing) -> None:
    """Keep a checkpoint at the head, unless there is a near one."""
    section_id = SectionId(head.section.id)
    loaded = await load(session, section_id)
    if loaded.damage is not None:
        raise DamagedLog(loaded.damage.sentence)
    if loaded.seq - loaded.checkpoint_seq >= packing.segment_rows:
        document = read_state(loaded.state)
        await write_checkpoint(session, head, loaded.state, content_hash(document))


async def _thin(session: AsyncSession, section_id: SectionId, packing: Packing) -> int:
    """Remove checkpoints that stand close together, but not the newest or those of revisions."""
    seqs = await list_checkpoints(session, section_id)
    revisions = await session.scalars(select(Revision.seq).where(Revision.section_id == section_id))
    kept = set(seqs[-2:])
    for seq in revisions:
        kept.add(max((one for one in seqs if one <= seq), default=Seq(0)))
    spaced = 0
    for seq in seqs:
        if seq - spaced >= packing.checkpoint_spacing:
            kept.add(seq)
            spaced = seq
    removed = [seq for seq in seqs if seq not in kept]
    for seq in removed:
        await session.execute(
            delete(Checkpoint).where(Checkpoint.section_id == section_id, Checkpoint.seq == seq)
        )
    return len(removed)


async def _pack_next(
    session: AsyncSession, head: Head, terms: tuple[int | None, Packing], done: Compacted
) -> bool:
    """Pack the oldest rows that are not packed yet; return whether there were any to pack."""
    section_id = SectionId(head.section.id)
    covered_upto, packing = terms
    first, previous = await _end_of_packed(session, section_id)
    last = first + packing.segment_rows - 1
    # A checkpoint is compared with the row at its seq: that is to be the last one of its segment.
    checkpoints = await list_checkpoints(session, section_id, first, last)
    last = checkpoints[0] if checkpoints else last
    if last > head.seq - packing.kept_rows:
        return False
    if covered_upto is not None and last > covered_upto:
        done.is_uncovered = True
        return False
    rows = await read_since(session, section_id, first - 1, last)
    if intact_rows(section_id, first - 1, previous, rows) < last - first + 1:
        raise DamagedLog("Nothing was packed: the log is damaged.")
    segment = Segment(section_id, first, last, pack(rows), previous, rows[-1].hash)
    await _replace(session, segment, rows)
    done.rows += len(rows)
    done.bytes_before += sum(len(row.entry.payload) + len(row.hash) for row in rows)
    done.bytes_after += len(segment.body)
    return True


async def _end_of_packed(session: AsyncSession, section_id: SectionId) -> tuple[int, bytes]:
    found = await session.execute(
        select(LogSegment.last_seq, LogSegment.last_hash)
        .where(LogSegment.section_id == section_id)
        .order_by(LogSegment.last_seq.desc())
        .limit(1)
    )
    last = found.first()
    return (last.last_seq + 1, last.last_hash) if last else (1, EMPTY_HASH)


async def _replace(session: AsyncSession, segment: Segment, rows: list[Row]) -> None:
    columns: dict[str, Any] = {
        "section_id": segment.section_id,
        "first_seq": segment.first_seq,
        "last_seq": segment.last_seq,
        "body": segment.body,
        "previous_hash": segment.previous_hash,
        "last_hash": segment.last_hash,
        "created_at": clock.now(),
    }
    await session.execute(insert(LogSegment).values(columns))
    await session.execute(
        delete(LogEntry).where(
            LogEntry.section_id == segment.section_id,
            LogEntry.seq.between(segment.first_seq, segment.last_seq),
        )
    )
    await _prove(session, segment.section_id, rows)


async def _prove(session: AsyncSession, section_id: SectionId, rows: list[Row]) -> None:
    """Compare what is stored now with what was stored before; if it differs, nothing stands."""
    first, last = rows[0].seq, rows[-1].seq
    if await read_since(session, section_id, first - 1, last) != rows:
        raise NotTheSame("Nothing was changed: what was packed does not read back as it was.")


def _columns(section_id: SectionId, row: Row) -> dict[str, Any]:
    return {
        "section_id": section_id,
        "seq": row.seq,
        "kind": row.entry.kind,
        "member_id": row.entry.member_id,
        "acting_role": row.entry.acting_role,
        "at_us": row.entry.at_us,
        "payload": row.entry.payload,
        "hash": row.hash,
    }
