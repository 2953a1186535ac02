"""Exports as their owners see them: asked for, watched, cancelled, fetched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Actor
from app.access.load import access_report, access_section
from app.access.rights import Right
from app.db.away import MAYBE_AWAY
from app.db.tables import Export, Report, Revision
from app.db.unit_of_work import Work
from app.errors import Invalid, NotFound, Refused, TooMany
from app.exports.running import IN_WORK, SILENT_S, STOPPED, Press, run_export
from app.exports.schemas import ExportAsked, ExportShown
from app.exports.selection import Wanted, collect
from app.exports.writing import FORMATS, Order, format_named, write
from app.jobs import Jobs
from app.logs import get_logger
from app.storage.database import DatabaseFiles

if TYPE_CHECKING:
    from app.services import Services

MOST_IN_WORK = 3  # of one member at a time
SHOWN = 50
_LOOK_S = 600.0  # between two looks for what has been kept long enough

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A finished export's file."""

    content: bytes
    content_hash: str
    filename: str
    media_type: str


class Exports:
    """The exports of one server process."""

    def __init__(self, press: Press, jobs: Jobs, kept_days: int) -> None:
        """kept_days: how long what has ended is kept; 0: for ever."""
        self.press = press
        self._jobs = jobs
        self._files = press.files
        self._kept = timedelta(days=kept_days) if kept_days else None

    async def show(self, session: AsyncSession, actor: Actor, export_id: UUID) -> ExportShown:
        """Return one's own export. Raises: NotFound."""
        return self._shown(await _own(session, actor, export_id))

    async def list_of(
        self, session: AsyncSession, actor: Actor, report_id: UUID
    ) -> Sequence[ExportShown]:
        """Return one's own exports of a report, newest first. Raises: NotFound."""
        await access_report(session, actor, report_id, Right.EXPORT)
        rows = await session.scalars(
            select(Export)
            .where(Export.report_id == report_id, Export.member_id == actor.member_id)
            .order_by(Export.id.desc())
            .limit(SHOWN)
        )
        return [self._shown(row) for row in rows]

    async def ask(self, work: Work, actor: Actor, asked: ExportAsked) -> ExportShown:
        """An export is waiting; its making starts once the work is committed.

        Raises: Invalid for an unknown format; NotFound; Forbidden; TooMany.
        """
        format_ = format_named(asked.format)
        wanted = await _checked(work.session, actor, asked)
        await _check_turn(work.session, actor)
        row = Export(
            report_id=wanted.report_id,
            section_id=wanted.section_id,
            revision_id=wanted.revision_id,
            format=format_.name,
            stage="Waiting for its turn",
            member_id=actor.member_id,
        )
        work.session.add(row)
        await work.session.flush()
        export_id = row.id
        work.after_commit(lambda: self._start(export_id))
        return self._shown(row)

    async def cancel(self, work: Work, actor: Actor, export_id: UUID) -> ExportShown:
        """The export is cancelled, at whatever stage; its children end after the commit.

        Raises: NotFound; Refused if it has ended otherwise.
        """
        row = await _own(work.session, actor, export_id, for_update=True)
        state = self._shown(row).state
        if state in ("done", "failed"):
            raise Refused("This export has already ended.", state=state)
        row.state, row.stage, row.done, row.total = "cancelled", "", 0, 0
        row.ended_at = row.ended_at or clock.now()
        await work.session.flush()
        work.after_commit(lambda: self._stop(export_id))
        return self._shown(row)

    async def fetch(self, session: AsyncSession, actor: Actor, export_id: UUID) -> ReadyFile:
        """Return the file of a finished export. Raises: NotFound; Refused if it is not finished."""
        row = await _own(session, actor, export_id)
        if row.file_hash is None:
            raise Refused("There is no file yet.", state=self._shown(row).state)
        content = await self._files.get(session, row.file_hash)
        return ReadyFile(content, row.file_hash, row.filename, FORMATS[row.format].media_type)

    async def keep_tidy(self) -> None:
        """Remove what has been kept long enough, now and then, for ever."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.remove_old()
            except MAYBE_AWAY as error:
                # The next look removes it.
                log.warning("old_exports_not_removed", error=str(error) or type(error).__name__)

    async def remove_old(self) -> None:
        """Remove exports that ended so long ago, and the files that no other export has."""
        if self._kept is None:
            return
        before = clock.now() - self._kept
        # One whose writer fell silent never says that it has ended.
        ended = func.coalesce(Export.ended_at, Export.beat_at)
        async with self.press.database.write() as work:
            await work.session.execute(delete(Export).where(ended < before))
            used = select(Export.file_hash).where(Export.file_hash.is_not(None))
            await self._files.remove_old(work, before, used)

    def _shown(self, row: Export) -> ExportShown:
        kept_until: datetime | None = None
        if row.state == "done" and row.ended_at is not None and self._kept is not None:
            kept_until = row.ended_at + self._kept
        return shown(row, kept_until)

    def _start(self, export_id: UUID) -> None:
        self._jobs.start(_job_name(export_id), lambda: run_export(self.press, export_id))

    def _stop(self, export_id: UUID) -> None:
        self._jobs.cancel(_job_name(export_id))


def shown(row: Export, kept_until: datetime | None) -> ExportShown:
    """The export as people see it: one whose writer fell silent has failed."""
    is_lost = row.state in IN_WORK and row.beat_at < _still_alive_since()
    return ExportShown.model_validate(
        {
            "id": row.id,
            "report_id": row.report_id,
            "section_id": row.section_id,
            "revision_id": row.revision_id,
            "format": row.format,
            "state": "failed" if is_lost else row.state,
            "stage": "" if is_lost else row.stage,
            "done": row.done,
            "total": row.total,
            "error": STOPPED if is_lost else row.error or None,
            "filename": row.filename or None,
            "size_bytes": row.size_bytes or None,
            "created_at": row.created_at,
            "ended_at": row.ended_at,
            "kept_until": kept_until,
        }
    )


async def export_now(services: "Services", report_id: UUID, ending: str) -> bytes:
    """Return the whole report as it stands, in the format of this file ending; for operators.

    Raises: Invalid for an unknown ending; NotFound.
    """
    formats = {format_.suffix: format_ for format_ in FORMATS.values()}
    if ending not in formats:
        endings = ", ".join(f".{suffix}" for suffix in formats)
        raise Invalid(f"No format has the ending “.{ending[:40]}”. Choose one of: {endings}.")
    made_at = clock.now()
    async with services.database.read() as session:
        if await session.scalar(select(Report.id).where(Report.id == report_id)) is None:
            raise NotFound("There is no report with this id.")
        tree = await collect(session, Wanted(report_id), made_at, _no_progress)
    return await write(formats[ending], Order(tree, made_at, services.settings.fonts))


def make_exports(services: "Services") -> Exports:
    """Return the exports of a server, its files kept in its database."""
    settings = services.settings
    press = Press(services.database, DatabaseFiles(), settings.fonts)
    return Exports(press, services.jobs, settings.exports_kept_days)


async def _no_progress(done: int, total: int) -> None:
    """Nobody watches."""


def _job_name(export_id: UUID) -> str:
    return f"export:{export_id}"


async def _checked(session: AsyncSession, actor: Actor, asked: ExportAsked) -> Wanted:
    """What is wanted, once the actor may have it and its parts belong together."""
    await access_report(session, actor, asked.report_id, Right.EXPORT)
    section_id = asked.section_id
    if asked.revision_id is not None:
        revision = await session.get(Revision, asked.revision_id)
        if revision is None or section_id not in (None, revision.section_id):
            raise NotFound("There is no such revision of this section.")
        section_id = revision.section_id
    if section_id is not None:
        section = (await access_section(session, actor, section_id, Right.EXPORT)).row
        if section.report_id != asked.report_id:
            raise NotFound("There is no such section in this report.")
    return Wanted(asked.report_id, section_id, asked.revision_id)


async def _check_turn(session: AsyncSession, actor: Actor) -> None:
    in_work = await session.scalar(
        select(func.count())
        .select_from(Export)
        .where(
            Export.member_id == actor.member_id,
            Export.state.in_(IN_WORK),
            Export.beat_at >= _still_alive_since(),
        )
    )
    if (in_work or 0) >= MOST_IN_WORK:
        raise TooMany(
            f"You have {MOST_IN_WORK} files in work. Wait until one is ready, or cancel one."
        )


async def _own(
    session: AsyncSession, actor: Actor, export_id: UUID, *, for_update: bool = False
) -> Export:
    """The actor's own export of a report that they may still export; anything else is absent."""
    query = select(Export).where(Export.id == export_id, Export.member_id == actor.member_id)
    row = await session.scalar(query.with_for_update() if for_update else query)
    if row is None:
        raise NotFound
    await access_report(session, actor, row.report_id, Right.EXPORT)
    return row


def _still_alive_since() -> datetime:
    return clock.now() - timedelta(seconds=SILENT_S)
