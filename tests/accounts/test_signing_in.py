"""Signing in and out, over HTTP."""

import asyncio
import hashlib
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app import clock
from app.access.identify import COOKIE
from app.accounts.keys import make_link
from app.accounts.passwords import hash_password
from app.accounts.tries import SignInLimit
from app.db.engine import Database
from app.db.tables import Member, SignInTry
from app.errors import TooMany
from app.settings import Settings
from tests.house.builders import Group, House
from tests.house.people import API, Person, told

PASSWORD = " a long password "


async def give_password(person: Person, house: House) -> None:
    hashed = await hash_password(PASSWORD)
    async with house.database.write() as work:
        (await work.session.get_one(Member, person.id)).password_hash = hashed


async def sign_in(http: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await http.post(f"{API}/sign-ins", json={"email": email, "password": password})


async def link_of(person: Person, house: House, hours: int = 1) -> str:
    async with house.database.write() as work:
        return await make_link(work, person.id, hours)


async def test_a_password_opens_a_sign_in_that_a_browser_keeps_to_itself(
    group: Group, client: httpx.AsyncClient
) -> None:
    await give_password(group.chair, group.house)

    answer = await sign_in(client, group.chair.email.upper(), PASSWORD)

    assert told(answer, 201)["name"] == group.chair.name
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert told(await client.get(f"{API}/me"), 200)["id"] == str(group.chair.id)


async def test_behind_https_the_cookie_is_secure(
    group: Group, app: FastAPI, settings: Settings, client: httpx.AsyncClient
) -> None:
    import dataclasses

    secure = settings.model_copy(update={"secure_cookie": True})
    app.state.services = dataclasses.replace(app.state.services, settings=secure)
    token = await link_of(group.chair, group.house)

    answer = await client.post(f"{API}/sign-ins/by-link", json={"token": token})

    assert "; Secure" in answer.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    group: Group, client: httpx.AsyncClient
) -> None:
    await give_password(group.chair, group.house)

    wrong = await sign_in(client, group.chair.email, PASSWORD.strip())
    unknown = await sign_in(client, "who@example.org", PASSWORD)
    without = await sign_in(client, group.member.email, PASSWORD)

    assert wrong.status_code == unknown.status_code == without.status_code == 401
    assert wrong.json() == unknown.json() == without.json()
    assert wrong.json()["detail"] == "The e-mail address or the password is wrong."


async def test_too_many_tries_from_one_address_are_told_to_wait(
    group: Group, client: httpx.AsyncClient
) -> None:
    answers = [await sign_in(client, "who@example.org", "guess") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert "wait" in answers[-1].json()["detail"]
    assert (await sign_in(client, "other@example.org", "guess")).status_code == 401


async def test_guessing_at_many_people_from_one_address_is_told_to_wait(
    database: Database,
) -> None:
    limit = SignInLimit(database)
    for one in range(100):
        tried = await limit.count("192.0.2.1", f"member-{one}@example.org")
        await limit.count_wrong(tried)

    with pytest.raises(TooMany):
        await limit.count("192.0.2.1", "another@example.org")
    await limit.count("192.0.2.2", "another@example.org")
    clock.set_now(clock.now() + timedelta(minutes=1, seconds=1))
    await limit.count("192.0.2.1", "another@example.org")


async def test_many_tries_at_once_count_as_many(database: Database) -> None:
    limits = [SignInLimit(database) for _ in range(15)]

    outcomes = await asyncio.gather(
        *(one.count("192.0.2.1", "member@example.org") for one in limits), return_exceptions=True
    )

    assert sum(isinstance(outcome, TooMany) for outcome in outcomes) == 5


async def test_a_try_is_kept_for_an_hour_and_tells_nobodys_address(database: Database) -> None:
    limit = SignInLimit(database)
    await limit.count("192.0.2.1", "member@example.org")
    clock.set_now(clock.now() + timedelta(hours=1, seconds=1))
    await limit.count("192.0.2.9", "other@example.org")

    async with database.read() as session:
        [kept] = await session.scalars(select(SignInTry))

    assert kept.address_hash == hashlib.sha256(b"192.0.2.9").digest()


async def test_right_passwords_do_not_count_as_tries(
    group: Group, client: httpx.AsyncClient
) -> None:
    await give_password(group.chair, group.house)

    answers = [await sign_in(client, group.chair.email, PASSWORD) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {201}


async def test_a_one_time_link_works_once(group: Group, client: httpx.AsyncClient) -> None:
    token = await link_of(group.member, group.house)

    first = await client.post(f"{API}/sign-ins/by-link", json={"token": token})
    second = await client.post(f"{API}/sign-ins/by-link", json={"token": token})

    assert told(first, 201)["id"] == str(group.member.id)
    assert "used or has expired" in told(second, 401)["detail"]


async def test_a_one_time_link_ends_with_its_hours(group: Group, client: httpx.AsyncClient) -> None:
    token = await link_of(group.member, group.house, hours=2)
    clock.set_now(clock.now() + timedelta(hours=2, seconds=1))

    answer = await client.post(f"{API}/sign-ins/by-link", json={"token": token})

    assert answer.status_code == 401


async def test_looking_at_a_link_does_not_use_it_up(
    group: Group, client: httpx.AsyncClient
) -> None:
    token = await link_of(group.member, group.house)

    await client.get(f"/sign-in/link/{token}")

    answer = await client.post(f"{API}/sign-ins/by-link", json={"token": token})
    assert answer.status_code == 201


async def test_signing_out_ends_the_sign_in_on_the_server(group: Group) -> None:
    await group.member.delete("/sign-ins/current")

    told_off = await group.member.get("/me", status=401)
    assert told_off == {"error": "NotSignedIn", "detail": "Please sign in."}


async def test_a_sign_in_ends_with_its_days(group: Group) -> None:
    clock.set_now(clock.now() + timedelta(days=2))

    await group.member.get("/me", status=401)


async def test_a_page_of_another_site_cannot_use_the_readers_cookie(group: Group) -> None:
    answer = await group.member.send("DELETE", "/sign-ins/current", Origin="https://evil.example")

    assert "another site" in told(answer, 403)["detail"]
    await group.member.get("/me")


async def test_a_page_of_another_site_cannot_sign_the_reader_in(
    group: Group, client: httpx.AsyncClient
) -> None:
    token = await link_of(group.member, group.house)
    evil = {"Origin": "https://evil.example"}

    answer = await client.post(f"{API}/sign-ins/by-link", json={"token": token}, headers=evil)

    assert answer.status_code == 403
    assert (await client.post(f"{API}/sign-ins/by-link", json={"token": token})).is_success


async def test_me_tells_roles_and_subgroups(group: Group) -> None:
    me = await group.convenor.get("/me")

    (seat,) = me["seats"]
    assert seat["roles"] == ["convenor", "member"]
    assert seat["working_group"]["id"] == str(group.id)
    assert seat["subgroups"] == [{"id": str(group.access), "name": "Access", "convenor": True}]
    assert me["is_system_administrator"] is False


async def test_an_unknown_acting_role_is_refused_in_words(group: Group) -> None:
    answer = await group.member.http.get(
        f"{API}/me", headers={**group.member.headers, "X-Acting-Role": "king"}
    )

    assert "not a role" in told(answer, 422)["detail"]
