"""Issues live tickets: short-lived keys to a report's live addresses, in one acting role."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access.actor import Actor, KeyKind
from app.access.identify import TICKET_PREFIX
from app.access.load import access_report, access_section
from app.access.secrets import new_token, token_hash
from app.access.text import text_right
from app.db.tables import ClientBinding, LiveTicket, Section
from app.db.unit_of_work import Work
from app.errors import NotFound, NotSignedIn
from app.rooms.log import new_client_id


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket, shown once. client_id: to write under in the section; None for a reader."""

    ticket: str
    client_id: int | None
    expires_at: datetime


async def issue_ticket(
    work: Work, actor: Actor, report_id: UUID, section_id: UUID | None, ticket_s: int
) -> IssuedTicket:
    """Make a ticket for a report, and a fresh client id if the member may write the section now.

    ticket_s: seconds until it ends, unless the key that it is made with ends first.
    Effects: the member's ended tickets are removed.
    Raises: NotFound, Forbidden; NotSignedIn if that key ended meanwhile.
    """
    await access_report(work.session, actor, report_id)
    client_id = None
    if section_id is not None:
        section = (await access_section(work.session, actor, section_id)).row
        if section.report_id != report_id:
            raise NotFound
        client_id = await _bound_client_id(work, actor, section)
    now = clock.now()
    await work.session.execute(
        delete(LiveTicket).where(
            LiveTicket.member_id == actor.member_id, LiveTicket.expires_at < now
        )
    )
    ticket, expires_at = new_token(TICKET_PREFIX), now + timedelta(seconds=ticket_s)
    await _keep(work, actor, report_id, ticket, expires_at)
    return IssuedTicket(ticket, client_id, expires_at)


async def _keep(
    work: Work, actor: Actor, report_id: UUID, ticket: str, expires_at: datetime
) -> None:
    key = actor.key
    if key is None:
        raise NotSignedIn("Please sign in.")
    work.session.add(
        LiveTicket(
            member_id=actor.member_id,
            report_id=report_id,
            acting_role=actor.acting_role.value if actor.acting_role else None,
            sign_in_id=key.id if key.kind is KeyKind.SIGN_IN else None,
            api_token_id=key.id if key.kind is KeyKind.API_TOKEN else None,
            token_hash=token_hash(ticket),
            expires_at=expires_at,
        )
    )
    try:
        await work.session.flush()
    except IntegrityError:
        raise NotSignedIn("Please sign in.") from None


async def _bound_client_id(work: Work, actor: Actor, section: Section) -> int | None:
    right = await text_right(work.session, actor.member_id, section, actor.acting_role)
    if not right.may_write:
        return None
    client_id = new_client_id()
    work.session.add(
        ClientBinding(section_id=section.id, client_id=client_id, member_id=actor.member_id)
    )
    return client_id
