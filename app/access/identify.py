"""From a key that somebody carries to who they are: cookie, API token or live ticket."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Actor, Role
from app.access.secrets import token_hash
from app.db.tables import ApiToken, LiveTicket, Member, SignIn
from app.ids import MemberId

API_TOKEN_PREFIX = "rap_"  # noqa: S105 - a prefix, not a secret
TICKET_PREFIX = "live_"
COOKIE = "rapporteur_sign_in"


async def actor_of_cookie(session: AsyncSession, cookie: str) -> Actor | None:
    """Return whose unexpired sign-in the cookie is."""
    member = await session.scalar(
        select(Member)
        .join(SignIn, SignIn.member_id == Member.id)
        .where(SignIn.token_hash == token_hash(cookie), SignIn.expires_at > clock.now())
    )
    return _actor(member)


async def actor_of_api_token(session: AsyncSession, token: str) -> Actor | None:
    """Return whose API token it is."""
    member = await session.scalar(
        select(Member)
        .join(ApiToken, ApiToken.member_id == Member.id)
        .where(ApiToken.token_hash == token_hash(token))
    )
    return _actor(member)


async def actor_of_ticket(session: AsyncSession, ticket: str) -> tuple[Actor, UUID] | None:
    """Return whose unexpired live ticket it is, in its acting role, and the report it opens."""
    found = await session.execute(
        select(Member, LiveTicket)
        .join(LiveTicket, LiveTicket.member_id == Member.id)
        .where(LiveTicket.token_hash == token_hash(ticket), LiveTicket.expires_at > clock.now())
    )
    row = found.first()
    if row is None:
        return None
    member, live_ticket = row
    role = Role(live_ticket.acting_role) if live_ticket.acting_role else None
    actor = _actor(member, role)
    return (actor, live_ticket.report_id) if actor else None


def _actor(member: Member | None, role: Role | None = None) -> Actor | None:
    if member is None:
        return None
    return Actor(MemberId(member.id), member.name, member.is_system_administrator, role)
