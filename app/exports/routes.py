"""The addresses of exports: ask, watch, cancel, fetch the file."""

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.web import ActorDep, ReadDep, WorkDep
from app.exports.schemas import ExportAsked, ExportShown
from app.exports.service import Exports

router = APIRouter(tags=["exports"])


def exports_of(request: Request) -> Exports:
    """Return the server's exports."""
    exports: Exports = request.app.state.exports
    return exports


@router.post("/exports", status_code=202)
async def ask_for_export(
    request: Request, work: WorkDep, actor: ActorDep, asked: ExportAsked
) -> ExportShown:
    """Have a report, a section or a named revision of one written to a file."""
    return await exports_of(request).ask(work, actor, asked)


@router.get("/reports/{report_id}/exports")
async def list_exports(
    request: Request, session: ReadDep, actor: ActorDep, report_id: UUID
) -> Sequence[ExportShown]:
    """One's own exports of the report, newest first."""
    return await exports_of(request).list_of(session, actor, report_id)


@router.get("/exports/{export_id}")
async def show_export(
    request: Request, session: ReadDep, actor: ActorDep, export_id: UUID
) -> ExportShown:
    """One's own export, with its stage."""
    return await exports_of(request).show(session, actor, export_id)


@router.post("/exports/{export_id}/cancel")
async def cancel_export(
    request: Request, work: WorkDep, actor: ActorDep, export_id: UUID
) -> ExportShown:
    """Stop making a file, at whatever stage."""
    return await exports_of(request).cancel(work, actor, export_id)


@router.get("/exports/{export_id}/file", response_class=Response)
async def fetch_file(
    request: Request, session: ReadDep, actor: ActorDep, export_id: UUID
) -> Response:
    """The file of a finished export, to be saved under its name."""
    file = await exports_of(request).fetch(session, actor, export_id)
    headers = {"Content-Disposition": _attachment(file.filename), "ETag": f'"{file.content_hash}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)


def _attachment(filename: str) -> str:
    """The name in any script for those who read filename*, and in plain letters for the others."""
    plain = filename.encode("ascii", "replace").decode().replace("?", "-")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
