"""The people of the tests: each has a name, a part to play, and their own way to the server."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from app import clock
from app.access.identify import API_TOKEN_PREFIX, COOKIE
from app.access.secrets import new_token, token_hash
from app.db.engine import Database
from app.db.tables import ApiToken, Member, SignIn
from app.db.unit_of_work import Work
from app.ids import new_id

API = "/api/v1"


@dataclass
class Person:
    """Somebody who asks the server; `nobody` has neither cookie nor token."""

    name: str
    http: httpx.AsyncClient
    id: UUID = field(default_factory=new_id)
    cookie: str | None = None
    api_token: str = ""
    """For programs and sockets: `Authorization: Bearer …`, or the token of the live protocol."""

    @property
    def email(self) -> str:
        """Their address: `chair@example.org` for Chair."""
        return f"{self.name.lower().replace(' ', '.')}@example.org"

    @property
    def headers(self) -> dict[str, str]:
        """What their browser sends with every request, also when it opens a socket."""
        return {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}

    async def send(
        self, method: str, path: str, body: Any = None, *, role: str | None = None, **headers: str
    ) -> httpx.Response:
        """Ask, and return the answer as it came; path: without /api/v1."""
        sent = self.headers | headers | ({"X-Acting-Role": role} if role else {})
        return await self.http.request(method, API + path, json=body, headers=sent)

    async def get(self, path: str, *, status: int = 200) -> Any:
        """Look, and return what is told; fails unless it comes with the status."""
        return told(await self.send("GET", path), status)

    async def post(
        self, path: str, body: Any = None, *, status: int = 201, role: str | None = None
    ) -> Any:
        """Post, and return what is told; fails unless it comes with the status."""
        return told(await self.send("POST", path, body, role=role), status)

    async def patch(self, path: str, body: Any, *, status: int = 200) -> Any:
        """Change, and return what is told; fails unless it comes with the status."""
        return told(await self.send("PATCH", path, body), status)

    async def put(self, path: str, body: Any, *, status: int = 200) -> Any:
        """Put, and return what is told; fails unless it comes with the status."""
        return told(await self.send("PUT", path, body), status)

    async def delete(self, path: str, *, status: int = 204) -> Any:
        """Delete, and return what is told; fails unless it comes with the status."""
        return told(await self.send("DELETE", path), status)


def told(answer: httpx.Response, status: int) -> Any:
    """Return the JSON of an answer that has this status; its text is in the failure if not."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


async def a_person(
    database: Database, http: httpx.AsyncClient, name: str, *, is_system_administrator: bool = False
) -> Person:
    """Return somebody who is signed in and has an API token, but no seat anywhere."""
    person = a_stranger(http, name)
    async with database.write() as work:
        await make_known(work, [person], administrators=[person] if is_system_administrator else [])
    return person


def a_stranger(http: httpx.AsyncClient, name: str) -> Person:
    """Return somebody with keys that no server knows yet."""
    return Person(name, http, cookie=new_token(), api_token=new_token(API_TOKEN_PREFIX))


async def make_known(
    work: Work, people: Sequence[Person], *, administrators: Sequence[Person] = ()
) -> None:
    """Let people be known, and be signed in by their keys, once the work is committed."""
    work.session.add_all(
        Member(
            id=one.id,
            name=one.name,
            email=one.email,
            is_system_administrator=one in administrators,
        )
        for one in people
    )
    await work.session.flush()
    expires_at = clock.now() + timedelta(days=1)
    for one in people:
        key, token = token_hash(one.cookie or ""), token_hash(one.api_token)
        work.session.add(SignIn(member_id=one.id, token_hash=key, expires_at=expires_at))
        work.session.add(ApiToken(member_id=one.id, name="test", token_hash=token))
