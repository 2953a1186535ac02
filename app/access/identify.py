"""From a key that somebody carries to who they are: cookie, API token or live ticket."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
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


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who carries a secret. report_id: the only report that is open to a ticket."""

    actor: Actor
    report_id: UUID | None = None


class SecretKind(Enum):
    """What a secret is, by where it came and how it begins."""

    COOKIE = "cookie"
    API_TOKEN = "api_token"  # noqa: S105 - a name, not a secret
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Secret:
    """What somebody carries, as it is stored: its hash."""

    kind: SecretKind
    hash: bytes


def secret_of(token: str, cookie: str | None) -> Secret | None:
    """Return the token as a secret, or else the cookie; None: there is neither."""
    if token.startswith(TICKET_PREFIX):
        return Secret(SecretKind.TICKET, token_hash(token))
    if token:
        return Secret(SecretKind.API_TOKEN, token_hash(token))
    return Secret(SecretKind.COOKIE, token_hash(cookie)) if cookie else None


async def read_bearers(session: AsyncSession, secrets: Collection[Secret]) -> dict[Secret, Bearer]:
    """Return who carries those that are good now; one query for each kind of secret."""
    found: dict[Secret, Bearer] = {}
    for kind, read in _READERS.items():
        if hashes := {secret.hash for secret in secrets if secret.kind is kind}:
            bearers = await read(session, hashes)
            found |= {Secret(kind, hashed): bearer for hashed, bearer in bearers.items()}
    return found


async def actor_of_cookie(session: AsyncSession, cookie: str) -> Actor | None:
    """Return whose unexpired sign-in the cookie is."""
    bearer = (await _by_cookies(session, [hashed := token_hash(cookie)])).get(hashed)
    return bearer.actor if bearer else None


async def actor_of_api_token(session: AsyncSession, token: str) -> Actor | None:
    """Return whose API token it is."""
    bearer = (await _by_api_tokens(session, [hashed := token_hash(token)])).get(hashed)
    return bearer.actor if bearer else None


async def live_keys(session: AsyncSession, keys: Collection[Key]) -> frozenset[UUID]:
    """Return the ids of those keys that neither were ended nor have expired."""
    ids = {kind: [key.id for key in keys if key.kind is kind] for kind in KeyKind}
    sign_ins = select(SignIn.id).where(
        SignIn.id.in_(ids[KeyKind.SIGN_IN]), SignIn.expires_at > clock.now()
    )
    api_tokens = select(ApiToken.id).where(ApiToken.id.in_(ids[KeyKind.API_TOKEN]))
    found = await session.scalars(union_all(sign_ins, api_tokens))
    return frozenset(found)


async def _by_cookies(session: AsyncSession, hashes: Collection[bytes]) -> dict[bytes, Bearer]:
    found = await session.execute(
        select(SignIn.token_hash, *_MEMBER, SignIn.id, SignIn.expires_at)
        .join(SignIn, SignIn.member_id == Member.id)
        .where(SignIn.token_hash.in_(hashes), SignIn.expires_at > clock.now())
    )
    return {
        hashed: Bearer(_actor(member, Key(KeyKind.SIGN_IN, id_, expires_at)))
        for hashed, *member, id_, expires_at in found
    }


async def _by_api_tokens(session: AsyncSession, hashes: Collection[bytes]) -> dict[bytes, Bearer]:
    found = await session.execute(
        select(ApiToken.token_hash, *_MEMBER, ApiToken.id)
        .join(ApiToken, ApiToken.member_id == Member.id)
        .where(ApiToken.token_hash.in_(hashes))
    )
    return {
        hashed: Bearer(_actor(member, Key(KeyKind.API_TOKEN, id_)))
        for hashed, *member, id_ in found
    }


async def _by_tickets(session: AsyncSession, hashes: Collection[bytes]) -> dict[bytes, Bearer]:
    """The actor's key is the one with which the ticket was made: with that, the ticket ends too."""
    now = clock.now()
    found = await session.execute(
        select(LiveTicket.token_hash, *_MEMBER, *_BEHIND_TICKET, SignIn.expires_at)
        .join(LiveTicket, LiveTicket.member_id == Member.id)
        .outerjoin(SignIn, SignIn.id == LiveTicket.sign_in_id)
        .where(
            LiveTicket.token_hash.in_(hashes),
            LiveTicket.expires_at > now,
            or_(SignIn.id.is_(None), SignIn.expires_at > now),
        )
    )
    bearers: dict[bytes, Bearer] = {}
    for row in found:
        key = _key_behind(row.sign_in_id, row.api_token_id, row.expires_at)
        if key is not None:
            role = Role(row.acting_role) if row.acting_role else None
            bearers[row.token_hash] = Bearer(_actor(row[1:4], key, role), row.report_id)
    return bearers


_READERS = {
    SecretKind.COOKIE: _by_cookies,
    SecretKind.API_TOKEN: _by_api_tokens,
    SecretKind.TICKET: _by_tickets,
}
_MEMBER = (Member.id, Member.name, Member.is_system_administrator)
_BEHIND_TICKET = (
    LiveTicket.report_id,
    LiveTicket.acting_role,
    LiveTicket.sign_in_id,
    LiveTicket.api_token_id,
)


def _key_behind(
    sign_in_id: UUID | None, api_token_id: UUID | None, expires_at: datetime | None
) -> Key | None:
    if sign_in_id is not None:
        return Key(KeyKind.SIGN_IN, sign_in_id, expires_at)
    if api_token_id is not None:
        return Key(KeyKind.API_TOKEN, api_token_id)
    return None


def _actor(member: Sequence[Any], key: Key, role: Role | None = None) -> Actor:
    id_, name, is_system_administrator = member
    return Actor(MemberId(id_), name, is_system_administrator, role, key)
