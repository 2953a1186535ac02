"""Carries one export out: collects, writes, stores; says how far it is; ends when it is told to."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Actor
from app.access.load import access_report
from app.access.rights import Right
from app.db.engine import Database
from app.db.tables import Export
from app.errors import AppError
from app.exports.selection import Wanted, collect
from app.exports.tree import ExportTree
from app.exports.writing import Order, filename, format_named, write
from app.ids import MemberId
from app.logs import get_logger
from app.storage.base import Files

log = get_logger(__name__)

IN_WORK = ("waiting", "running")
AT_ONCE = 2  # children of this server at a time; the others wait for their turn
BEAT_S = 2.0
SILENT_S = 20.0  # an export whose writer has not beaten for so long has none any more
_SHOW_AGAIN_S = 0.2

STOPPED = "The server stopped while this file was being made. Please ask for it again."
_BUG = "Something went wrong in the server, and its log says what. Please ask for the file again."


class NoLongerInWork(Exception):
    """The row was cancelled or ended by somebody else: nothing more is to be done."""


@dataclass(frozen=True, slots=True)
class Press:
    """What every export of this server needs."""

    database: Database
    files: Files
    fonts_dir: Path
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


async def run_export(press: Press, export_id: UUID) -> None:
    """The export is done, failed with a sentence, or cancelled; its row says which."""
    task = asyncio.current_task()
    beating = asyncio.create_task(_beat(press.database, export_id, task))
    try:
        async with press.turns:
            await _make(press, export_id)
    except NoLongerInWork:
        log.info("export_left", export_id=str(export_id))
    except AppError as error:
        await _fail(press.database, export_id, str(error))
    except asyncio.CancelledError:
        # Cancelled by somebody, and then the row says so already; or the server stops.
        await asyncio.shield(_fail(press.database, export_id, STOPPED))
        raise
    except Exception:
        log.exception("export_failed", export_id=str(export_id))
        await _fail(press.database, export_id, _BUG)
    finally:
        beating.cancel()


async def _make(press: Press, export_id: UUID) -> None:
    row = await _begin(press.database, export_id)
    format_ = format_named(row.format)
    made_at = clock.now()
    tree = await _collect(press.database, row, made_at)
    await _say(press.database, export_id, format_.stage)
    content = await write(format_, Order(tree, made_at, press.fonts_dir))
    await _say(press.database, export_id, "Storing")
    await _store(press, export_id, filename(tree, format_), content)


async def _begin(database: Database, export_id: UUID) -> Export:
    await _say(database, export_id, "Collecting text", state="running")
    async with database.read() as session:
        return await session.get_one(Export, export_id)


async def _collect(database: Database, row: Export, made_at: datetime) -> ExportTree:
    """Raises: Forbidden or NotFound if the right to export has gone since it was asked for."""
    shown_at = -_SHOW_AGAIN_S
    loop = asyncio.get_running_loop()

    async def progress(done: int, total: int) -> None:
        nonlocal shown_at
        if done == total or loop.time() - shown_at >= _SHOW_AGAIN_S:
            shown_at = loop.time()
            await _say(database, row.id, "Collecting text", done=done, total=total)

    async with database.read() as session:
        await access_report(
            session, Actor(MemberId(row.member_id), ""), row.report_id, Right.EXPORT
        )
        wanted = Wanted(row.report_id, row.section_id, row.revision_id)
        return await collect(session, wanted, made_at, progress)


async def _store(press: Press, export_id: UUID, name: str, content: bytes) -> None:
    async with press.database.write() as work:
        content_hash = await press.files.put(work, content)
        await _change(
            work.session,
            export_id,
            state="done",
            stage="",
            done=0,
            total=0,
            filename=name,
            file_hash=content_hash,
            size_bytes=len(content),
            ended_at=clock.now(),
        )


async def _say(database: Database, export_id: UUID, stage: str, **values: Any) -> None:
    counts = {"done": 0, "total": 0} | values
    async with database.write() as work:
        await _change(work.session, export_id, stage=stage, **counts)


async def _fail(database: Database, export_id: UUID, sentence: str) -> None:
    with suppress(NoLongerInWork):
        async with database.write() as work:
            ended = {"state": "failed", "stage": "", "ended_at": clock.now()}
            await _change(work.session, export_id, error=sentence, done=0, total=0, **ended)


async def _beat(database: Database, export_id: UUID, task: asyncio.Task[Any] | None) -> None:
    """Say every few seconds that the export is in work; end its task once its row says it is not.

    That is how a cancellation reaches the worker that makes it, whichever worker took it.
    """
    while True:
        await asyncio.sleep(BEAT_S)
        try:
            async with database.write() as work:
                await _change(work.session, export_id)
        except NoLongerInWork:
            if task is not None:
                task.cancel()
            return


async def _change(session: AsyncSession, export_id: UUID, **values: Any) -> None:
    """The row of an export in work has these values, and a beat.

    Raises: NoLongerInWork.
    """
    found = await session.execute(
        update(Export)
        .where(Export.id == export_id, Export.state.in_(IN_WORK))
        .values(beat_at=clock.now(), **values)
    )
    if not isinstance(found, CursorResult) or found.rowcount == 0:
        raise NoLongerInWork
