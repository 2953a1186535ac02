"""Passwords changed, API tokens made and withdrawn, over HTTP."""

from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from app import clock
from app.access.identify import COOKIE
from app.accounts.keys import MOST_API_TOKENS
from app.errors import NotFound
from app.ids import new_id
from tests.accounts.test_signing_in import PASSWORD, give_password, link_of, sign_in
from tests.house.builders import Group
from tests.house.people import API, Person, told

NEW = "a quite different one"


async def test_a_new_password_ends_the_other_sign_ins(
    group: Group, client: httpx.AsyncClient
) -> None:
    await give_password(group.chair, group.house)
    await sign_in(client, group.chair.email, PASSWORD)
    asked = {"current": PASSWORD, "new": NEW}

    answer = await client.put(f"{API}/me/password", json=asked)

    assert answer.status_code == 204
    assert (await client.get(f"{API}/me")).is_success
    await group.chair.get("/me", status=401)
    assert (await sign_in(client, group.chair.email, PASSWORD)).status_code == 401
    assert (await sign_in(client, group.chair.email, NEW)).status_code == 201


async def test_the_present_password_must_be_given_and_right(group: Group) -> None:
    await give_password(group.chair, group.house)

    missing = await group.chair.put("/me/password", {"new": NEW}, status=422)
    wrong = await group.chair.put("/me/password", {"current": "x", "new": NEW}, status=403)

    assert missing["detail"] == "Please give your present password as well."
    assert wrong["detail"] == "The present password is wrong."


async def test_who_came_by_a_link_may_set_a_password_without_the_old_one(
    group: Group, client: httpx.AsyncClient
) -> None:
    await give_password(group.chair, group.house)
    unused = await link_of(group.chair, group.house)
    token = await link_of(group.chair, group.house)
    await client.post(f"{API}/sign-ins/by-link", json={"token": token})

    answer = await client.put(f"{API}/me/password", json={"new": NEW})

    assert answer.status_code == 204
    spent = await client.post(f"{API}/sign-ins/by-link", json={"token": unused})
    assert spent.status_code == 401


async def test_a_short_password_is_refused_in_words(group: Group) -> None:
    answer = await group.chair.put("/me/password", {"new": "short"}, status=422)

    assert "at least 10 characters" in answer["detail"]
    assert "short" not in str(answer)


async def test_an_api_token_is_shown_once_and_works(group: Group) -> None:
    made = await group.member.post("/me/api-tokens", {"name": "  my   script "})

    assert made["name"] == "my script"
    assert made["token"].startswith("rap_")
    listed = await group.member.get("/me/api-tokens")
    assert [token["name"] for token in listed] == ["test", "my script"]
    assert "token" not in listed[1]
    program = Person("Program", group.house.http)
    answer = await program.send("GET", "/me", Authorization=f"Bearer {made['token']}")
    assert told(answer, 200)["id"] == str(group.member.id)


async def test_a_withdrawn_api_token_is_good_for_nothing(group: Group) -> None:
    (listed,) = await group.member.get("/me/api-tokens")

    await group.member.delete(f"/me/api-tokens/{listed['id']}")

    bearer = {"Authorization": f"Bearer {group.member.api_token}"}
    answer = await group.member.http.get(f"{API}/me", headers=bearer)
    assert answer.status_code == 401


async def test_somebody_elses_api_token_cannot_be_withdrawn(group: Group) -> None:
    (listed,) = await group.member.get("/me/api-tokens")

    await group.chair.delete(f"/me/api-tokens/{listed['id']}", status=404)


async def test_an_api_token_cannot_make_another(group: Group) -> None:
    bearer = {"Authorization": f"Bearer {group.member.api_token}"}

    answer = await group.member.http.post(
        f"{API}/me/api-tokens", json={"name": "x"}, headers=bearer
    )

    assert "API token may not" in told(answer, 403)["detail"]


async def test_api_tokens_have_an_end(group: Group) -> None:
    for number in range(MOST_API_TOKENS - 1):
        await group.member.post("/me/api-tokens", {"name": f"token {number}"})

    refused = await group.member.post("/me/api-tokens", {"name": "one more"}, status=409)

    assert "withdraw one first" in refused["detail"]


async def test_a_cookie_that_nobody_gave_out_is_nobodys(group: Group) -> None:
    answer = await group.nobody.http.get(f"{API}/me", headers={"Cookie": f"{COOKIE}=x"})

    assert answer.status_code == 401


async def test_a_token_tells_when_it_was_last_used_over_http_or_on_a_socket(
    group: Group, app: FastAPI
) -> None:
    services, begin = app.state.services, clock.now()
    made = await group.chair.post("/me/api-tokens", {"name": "script"})
    program = Person("Script", group.chair.http, api_token=made["token"])

    async def last_use() -> datetime | None:
        await services.key_use.write()
        listed = await group.chair.get("/me/api-tokens")
        [at] = [one["last_used_at"] for one in listed if one["id"] == made["id"]]
        return datetime.fromisoformat(at) if at else None

    assert await last_use() is None
    clock.set_now(begin + timedelta(minutes=1))
    await program.send("GET", "/me", Authorization=f"Bearer {program.api_token}")
    assert await last_use() == begin + timedelta(minutes=1)

    clock.set_now(begin + timedelta(minutes=2))
    with pytest.raises(NotFound):
        await services.rooms.admissions.admit(str(new_id()), program.api_token, None)
    assert await last_use() == begin + timedelta(minutes=2)

    # Another worker, whose notes are older, comes later.
    clock.set_now(begin + timedelta(minutes=1))
    await program.send("GET", "/me", Authorization=f"Bearer {program.api_token}")
    assert await last_use() == begin + timedelta(minutes=2)
