"""The HTTP route of live text: tickets with which a page opens live addresses."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.access.web import ActorDep, WorkDep, settings_of
from app.rooms.connections import tickets

router = APIRouter(tags=["live"])


class LiveTicketCall(BaseModel):
    """Which report, and which of its sections, a page is about to open."""

    report_id: UUID
    section_id: UUID | None = None


class LiveTicketMade(BaseModel):
    """A short-lived key. client_id: the Yjs client id to write under; null where one only reads."""

    ticket: str
    client_id: int | None
    expires_at: datetime


@router.post("/live-tickets", status_code=201)
async def issue_live_ticket(
    call: LiveTicketCall, request: Request, actor: ActorDep, work: WorkDep
) -> LiveTicketMade:
    """Issue a ticket for the live socket, in the caller's acting role."""
    issued = await tickets.issue_ticket(
        work, actor, call.report_id, call.section_id, settings_of(request).ticket_s
    )
    return LiveTicketMade(
        ticket=issued.ticket, client_id=issued.client_id, expires_at=issued.expires_at
    )
