"""What HTTP routes are given: who asks, a session to read with, a unit of work to write with."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Role
from app.access.identify import COOKIE, actor_of_api_token, actor_of_cookie
from app.db.engine import Database
from app.db.unit_of_work import Work
from app.errors import Forbidden, Invalid, NotSignedIn
from app.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def database_of(request: Request) -> Database:
    """Return the server's database."""
    database: Database = request.app.state.services.database
    return database


def settings_of(request: Request) -> Settings:
    """Return the server's settings."""
    settings: Settings = request.app.state.services.settings
    return settings


async def read_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Give the route a session for looking."""
    async with database_of(request).read() as session:
        yield session


async def write_work(request: Request) -> AsyncIterator[Work]:
    """Give the route a unit of work, committed before the answer is sent."""
    async with database_of(request).write() as work:
        yield work


async def signed_in(request: Request) -> Actor:
    """Return who asks, by API token or by cookie.

    Raises: NotSignedIn; Forbidden when a cookie comes with a write from a foreign page.
    """
    chosen = _chosen_role(request.headers.get("x-acting-role"))
    bearer = request.headers.get("authorization", "")
    async with database_of(request).read() as session:
        if bearer.lower().startswith("bearer "):
            actor = await actor_of_api_token(session, bearer[7:].strip())
        else:
            check_origin(request)
            cookie = request.cookies.get(COOKIE)
            actor = await actor_of_cookie(session, cookie) if cookie else None
    if actor is None:
        raise NotSignedIn("Please sign in.")
    request.app.state.services.key_use.note(actor.key)
    return replace(actor, acting_role=chosen)


def check_origin(request: Request) -> None:
    """Refuse a write that a page of another origin sends with the reader's cookie."""
    origin = request.headers.get("origin")
    if request.method in _SAFE or origin is None:
        return
    allowed: tuple[str, ...] = request.app.state.services.settings.origins
    if urlsplit(origin).netloc != request.headers.get("host") and origin not in allowed:
        raise Forbidden("This request came from a page of another site, so it was not carried out.")


def _chosen_role(value: str | None) -> Role | None:
    if not value:
        return None
    try:
        return Role(value.strip().lower())
    except ValueError:
        raise Invalid(f"“{value[:40]}” is not a role; choose one of {', '.join(Role)}.") from None


ActorDep = Annotated[Actor, Depends(signed_in)]
ReadDep = Annotated[AsyncSession, Depends(read_session)]
WorkDep = Annotated[Work, Depends(write_work, scope="function")]
