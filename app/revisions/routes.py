"""The addresses of looking back: timeline, text at a moment, changes, revisions, restore."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app.access.load import access_section
from app.access.web import ActorDep, ReadDep, WorkDep, database_of
from app.revisions import comparing, history, past, service
from app.revisions.people import people_of
from app.revisions.schemas import (
    ChangesShown,
    RestoreAsked,
    RestoreShown,
    RevisionAsked,
    RevisionShown,
    SpanAsked,
    TextShown,
    TimelineShown,
)
from app.rooms.registry import RoomRegistry

router = APIRouter(tags=["history"])


def rooms_of(request: Request) -> RoomRegistry:
    """Return the server's rooms."""
    rooms: RoomRegistry = request.app.state.services.rooms
    return rooms


@router.get("/sections/{section_id}/timeline")
async def timeline(
    session: ReadDep,
    actor: ActorDep,
    section_id: UUID,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TimelineShown:
    """A page of the section's timeline, newest first."""
    section = (await access_section(session, actor, section_id)).row
    return await history.show_timeline(session, section, before, limit)


@router.get("/sections/{section_id}/text")
async def text(
    request: Request,
    session: ReadDep,
    actor: ActorDep,
    section_id: UUID,
    seq: Annotated[int | None, Query(ge=0, le=2**53)] = None,
) -> TextShown:
    """The section's text at a seq; without one, at the head."""
    section = (await access_section(session, actor, section_id)).row
    at = section.head_seq if seq is None else seq
    found = await past.text_at(session, rooms_of(request), section, at)
    blocks = past.blocks_json(found)
    return TextShown(seq=at, at=found.at, title=section.title, blocks=blocks)


@router.get("/sections/{section_id}/changes")
async def changes(
    request: Request,
    session: ReadDep,
    actor: ActorDep,
    section_id: UUID,
    span: Annotated[SpanAsked, Query()],
) -> ChangesShown:
    """What changed between two seqs, word by word, with names."""
    section = (await access_section(session, actor, section_id)).row
    return await comparing.show_changes(
        session, rooms_of(request), section, span.from_seq, span.to_seq
    )


@router.get("/sections/{section_id}/revisions")
async def list_revisions(
    session: ReadDep, actor: ActorDep, section_id: UUID
) -> list[RevisionShown]:
    """The section's named revisions, newest first."""
    return await service.list_revisions(session, actor, section_id)


@router.post("/sections/{section_id}/revisions", status_code=201)
async def name_revision(
    work: WorkDep, actor: ActorDep, section_id: UUID, asked: RevisionAsked
) -> RevisionShown:
    """Give the text at a seq a name."""
    revision = await service.name_revision(work, actor, section_id, asked)
    section = (await access_section(work.session, actor, section_id)).row
    people = await people_of(work.session, section, [revision.member_id])
    return service.show_revision(revision, people)


@router.post("/sections/{section_id}/restore")
async def restore(
    request: Request, actor: ActorDep, section_id: UUID, asked: RestoreAsked
) -> RestoreShown:
    """Restore the text of an earlier seq as a new change."""
    call = service.RestoreCall(actor, section_id, asked.seq)
    return await service.restore(database_of(request), rooms_of(request), call)
