"""From a key that somebody carries to who they are: cookie, API token or live ticket."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Actor, Key, KeyKind, Role
from app.access.secrets import token_hash
from app.db.tables import ApiToken, LiveTicket, Member, SignIn
from app.ids import MemberId

API_TOKEN_PREFIX = "rap_"  # noqa: S105 - a prefix, not a secret
TICKET_PREFIX = "live_"
COOKIE = "rapporteur_sign_in"


async def actor_of_cookie(session: AsyncSession, cookie: str) -> Actor | None:
    """Return whose unexpired sign-in the cookie is."""
    found = await session.execute(
        select(Member, SignIn.id, SignIn.expires_at)
        .join(SignIn, SignIn.member_id == Member.id)
        .where(SignIn.token_hash == token_hash(cookie), SignIn.expires_at > clock.now())
    )
    row = found.first()
    return _actor(row[0], Key(KeyKind.SIGN_IN, row[1], row[2])) if row else None


async def actor_of_api_token(session: AsyncSession, token: str) -> Actor | None:
    """Return whose API token it is."""
    found = await session.execute(
        select(Member, ApiToken.id)
        .join(ApiToken, ApiToken.member_id == Member.id)
        .where(ApiToken.token_hash == token_hash(token))
    )
    row = found.first()
    return _actor(row[0], Key(KeyKind.API_TOKEN, row[1])) if row else None


async def actor_of_ticket(session: AsyncSession, ticket: str) -> tuple[Actor, UUID] | None:
    """Return whose unexpired live ticket it is, in its acting role, and the report it opens.

    The actor's key is the one with which the ticket was made: with that, the ticket ends too.
    """
    now = clock.now()
    found = await session.execute(
        select(Member, LiveTicket, SignIn.expires_at)
        .join(LiveTicket, LiveTicket.member_id == Member.id)
        .outerjoin(SignIn, SignIn.id == LiveTicket.sign_in_id)
        .where(
            LiveTicket.token_hash == token_hash(ticket),
            LiveTicket.expires_at > now,
            or_(SignIn.id.is_(None), SignIn.expires_at > now),
        )
    )
    row = found.first()
    if row is None:
        return None
    member, live_ticket, expires_at = row
    role = Role(live_ticket.acting_role) if live_ticket.acting_role else None
    key = _key_behind(live_ticket, expires_at)
    return (_actor(member, key, role), live_ticket.report_id) if key else None


async def live_keys(session: AsyncSession, keys: Collection[Key]) -> frozenset[UUID]:
    """Return the ids of those keys that neither were ended nor have expired."""
    ids = {kind: [key.id for key in keys if key.kind is kind] for kind in KeyKind}
    sign_ins = select(SignIn.id).where(
        SignIn.id.in_(ids[KeyKind.SIGN_IN]), SignIn.expires_at > clock.now()
    )
    api_tokens = select(ApiToken.id).where(ApiToken.id.in_(ids[KeyKind.API_TOKEN]))
    found = await session.scalars(union_all(sign_ins, api_tokens))
    return frozenset(found)


def _key_behind(ticket: LiveTicket, expires_at: datetime | None) -> Key | None:
    if ticket.sign_in_id is not None:
        return Key(KeyKind.SIGN_IN, ticket.sign_in_id, expires_at)
    if ticket.api_token_id is not None:
        return Key(KeyKind.API_TOKEN, ticket.api_token_id)
    return None


def _actor(member: Member, key: Key, role: Role | None = None) -> Actor:
    return Actor(MemberId(member.id), member.name, member.is_system_administrator, role, key)
