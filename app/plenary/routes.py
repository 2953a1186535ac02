"""The plenary's addresses: meetings, floor, pen, decisions, screens, the view."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request

from app.access.web import ActorDep, ReadDep, WorkDep
from app.errors import Invalid
from app.plenary import floor, gavel, meetings, record
from app.plenary.hall import keys
from app.plenary.schemas import (
    DecisionCall,
    DecisionOut,
    FloorCall,
    FloorStep,
    MeetingChange,
    MeetingOut,
    NewMeeting,
    NewScreen,
    PenCall,
    ScreenOut,
)
from app.rooms.registry import RoomRegistry

router = APIRouter(tags=["plenary"])


def rooms_of(request: Request) -> RoomRegistry:
    """Return the server's rooms."""
    rooms: RoomRegistry = request.app.state.services.rooms
    return rooms


@router.get("/reports/{report_id}/meetings")
async def list_meetings(session: ReadDep, actor: ActorDep, report_id: UUID) -> list[MeetingOut]:
    """The report's meetings, newest first."""
    return await record.list_meetings(session, actor, report_id)


@router.post("/reports/{report_id}/meetings", status_code=201)
async def open_meeting(
    work: WorkDep, actor: ActorDep, report_id: UUID, new: NewMeeting
) -> MeetingOut:
    """Open a meeting on the report."""
    meeting = await meetings.open_meeting(work, actor, report_id, new)
    return await record.meeting_out(work.session, meeting)


@router.get("/meetings/{meeting_id}")
async def get_meeting(session: ReadDep, actor: ActorDep, meeting_id: UUID) -> MeetingOut:
    """One meeting."""
    return await record.get_meeting(session, actor, meeting_id)


@router.post("/meetings/{meeting_id}/state")
async def set_meeting_state(
    work: WorkDep, actor: ActorDep, meeting_id: UUID, change: MeetingChange
) -> MeetingOut:
    """Suspend, resume or close the meeting."""
    meeting = await meetings.set_meeting_state(work, actor, meeting_id, change.to)
    return await record.meeting_out(work.session, meeting)


@router.put("/meetings/{meeting_id}/floor")
async def put_on_floor(
    request: Request, work: WorkDep, actor: ActorDep, meeting_id: UUID, call: FloorCall
) -> MeetingOut:
    """Put a paragraph on the floor, or clear it."""
    meeting = await floor.put_on_floor(work, rooms_of(request), actor, meeting_id, call)
    return await record.meeting_out(work.session, meeting)


@router.post("/meetings/{meeting_id}/floor/next")
async def move_on(
    request: Request, work: WorkDep, actor: ActorDep, meeting_id: UUID, step: FloorStep
) -> MeetingOut:
    """Move on to the next paragraph that is still to be considered."""
    meeting = await floor.move_on(work, rooms_of(request), actor, meeting_id, step.direction)
    return await record.meeting_out(work.session, meeting)


@router.put("/meetings/{meeting_id}/pen")
async def hand_pen(work: WorkDep, actor: ActorDep, meeting_id: UUID, call: PenCall) -> MeetingOut:
    """Hand the pen over, or lay it down."""
    meeting = await meetings.hand_pen(work, actor, meeting_id, call.member_id)
    return await record.meeting_out(work.session, meeting)


@router.post("/meetings/{meeting_id}/decisions", status_code=201)
async def decide(  # noqa: PLR0913 - the parts of one request
    request: Request,
    work: WorkDep,
    actor: ActorDep,
    meeting_id: UUID,
    call: DecisionCall,
    idempotency_key: Annotated[str, Header(max_length=100)] = "",
) -> DecisionOut:
    """Record a decision on a paragraph, exactly as it was shown."""
    if not idempotency_key:
        raise Invalid("Send an Idempotency-Key header, so that a repeated request decides once.")
    asked = gavel.GavelCall(actor, meeting_id, call, idempotency_key)
    made = await gavel.decide(work, rooms_of(request), asked)
    return await record.decision_out(work.session, made)


@router.get("/meetings/{meeting_id}/decisions")
async def list_decisions(session: ReadDep, actor: ActorDep, meeting_id: UUID) -> list[DecisionOut]:
    """The record of a meeting, oldest first."""
    return await record.list_decisions(session, actor, meeting_id)


@router.get("/reports/{report_id}/paragraphs/{paragraph_id}/decisions")
async def list_paragraph_decisions(
    session: ReadDep, actor: ActorDep, report_id: UUID, paragraph_id: str
) -> list[DecisionOut]:
    """All that was ever decided on a paragraph, oldest first."""
    return await record.list_paragraph_decisions(session, actor, report_id, paragraph_id)


@router.get("/meetings/{meeting_id}/screens")
async def list_screens(session: ReadDep, actor: ActorDep, meeting_id: UUID) -> list[ScreenOut]:
    """The meeting's hall screens, without their tokens."""
    found = await keys.list_screens(session, actor, meeting_id)
    return [record.screen_out(screen) for screen in found]


@router.post("/meetings/{meeting_id}/screens", status_code=201)
async def open_screen(
    request: Request, work: WorkDep, actor: ActorDep, meeting_id: UUID, new: NewScreen
) -> ScreenOut:
    """Open a hall screen; its address is told once."""
    screen, token = await keys.open_screen(work, actor, meeting_id, new.label)
    address = f"{request.app.state.services.settings.address}/screen/{token}"
    return record.screen_out(screen, token, address)


@router.delete("/screens/{screen_id}", status_code=204)
async def close_screen(work: WorkDep, actor: ActorDep, screen_id: UUID) -> None:
    """Make a hall screen's token good for nothing."""
    await keys.close_screen(work, actor, screen_id)


@router.get("/reports/{report_id}/view")
async def get_view(
    request: Request, session: ReadDep, actor: ActorDep, report_id: UUID
) -> dict[str, Any]:
    """The report's view, whole: what its live channel sends."""
    return await record.get_view(session, rooms_of(request), actor, report_id)
