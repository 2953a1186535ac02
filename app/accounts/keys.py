"""One-time links and API tokens: made, listed, withdrawn; their secrets are shown once."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Key, KeyKind
from app.access.identify import API_TOKEN_PREFIX
from app.access.secrets import new_token, token_hash
from app.accounts.members import touch_reports_of
from app.db.away import MAYBE_AWAY
from app.db.engine import Database
from app.db.tables import ApiToken, OneTimeLink
from app.db.unit_of_work import Work
from app.errors import NotFound, Refused
from app.logs import get_logger

MOST_API_TOKENS = 20
_WRITTEN_EVERY_S = 60.0

log = get_logger(__name__)


class KeyUse:
    """When API tokens were last used, in this process: noted at once, written once a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._used: dict[UUID, datetime] = {}

    def note(self, key: Key | None) -> None:
        """Take note that somebody was let in by a key."""
        if key is not None and key.kind is KeyKind.API_TOKEN:
            self._used[key.id] = clock.now()

    async def keep_writing(self) -> None:
        """Write what was noted, once a minute, for ever. What cannot be written is given up."""
        while True:
            await asyncio.sleep(_WRITTEN_EVERY_S)
            try:
                await self.write()
            except MAYBE_AWAY as error:
                log.warning("key_use_not_written", error=str(error) or type(error).__name__)

    async def write(self) -> None:
        """Each token that was used since the last time says when it last was."""
        used, self._used = self._used, {}
        if not used:
            return
        async with self._database.write() as work:
            # In the order of their ids: two workers that write many wait for each other in turn.
            for id_, at in sorted(used.items()):
                is_later = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at)
                await work.session.execute(
                    update(ApiToken).where(ApiToken.id == id_, is_later).values(last_used_at=at)
                )


async def make_link(work: Work, member_id: UUID, hours: int) -> str:
    """Make a one-time sign-in link of so many hours, and return its secret part."""
    token = new_token()
    expires_at = clock.now() + timedelta(hours=hours)
    work.session.add(
        OneTimeLink(member_id=member_id, token_hash=token_hash(token), expires_at=expires_at)
    )
    await work.session.flush()
    return token


def link_address(address: str, token: str) -> str:
    """Return what people open to use a one-time link; address: the server's."""
    return f"{address}/sign-in/link/{token}"


async def make_api_token(work: Work, member_id: UUID, name: str) -> tuple[ApiToken, str]:
    """Make an API token for the member, and return it with its secret.

    Raises: Refused when the member has as many as one may have.
    """
    counted = select(func.count()).where(ApiToken.member_id == member_id)
    if (await work.session.scalar(counted) or 0) >= MOST_API_TOKENS:
        raise Refused(f"You have {MOST_API_TOKENS} API tokens; withdraw one first.")
    token = new_token(API_TOKEN_PREFIX)
    row = ApiToken(member_id=member_id, name=name, token_hash=token_hash(token))
    work.session.add(row)
    await work.session.flush()
    return row, token


async def list_api_tokens(session: AsyncSession, member_id: UUID) -> list[ApiToken]:
    """Return the member's API tokens, the oldest first."""
    found = await session.scalars(
        select(ApiToken).where(ApiToken.member_id == member_id).order_by(ApiToken.id)
    )
    return list(found)


async def withdraw_api_token(work: Work, member_id: UUID, token_id: UUID) -> None:
    """Make one of the member's API tokens good for nothing.

    Effects: the live documents that were opened with it are closed.
    Raises: NotFound if it is not one of theirs.
    """
    gone = await work.session.execute(
        delete(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.member_id == member_id)
        .returning(ApiToken.id)
    )
    if gone.scalar_one_or_none() is None:
        raise NotFound
    await touch_reports_of(work, member_id)
