"""Rights through one door: every route, asked by every kind of person."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.access.rights_table import PARTS, TABLE, Row
from tests.access.things import make_things
from tests.house.builders import Group
from tests.house.people import API, Person

NOWHERE = "01900000-0000-7000-8000-000000000000"
ONES_OWN = {"export_id", "token_id"}
"""Things of which nobody sees another's."""
_ID = re.compile(r"\{(\w+)\}")


def routes_of(app: FastAPI) -> list[str]:
    """Every operation of the description: "GET /reports/{report_id}"."""
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [
        f"{method.upper()} {path.removeprefix(API)}" for path in paths for method in paths[path]
    ]


@pytest.mark.engine("sqlite")
async def test_every_route_has_its_row(app: FastAPI) -> None:
    assert sorted(routes_of(app)) == sorted(TABLE)


async def test_every_route_answers_everybody_as_the_table_says(group: Group) -> None:
    seen = {}
    for route, row in TABLE.items():
        statuses = await ask_everybody(group, route, row)
        seen[route] = " ".join(str(status) for status in statuses)

    assert seen == {route: row.statuses for route, row in TABLE.items()}


async def ask_everybody(group: Group, route: str, row: Row) -> list[int]:
    """Ask with the same things, and make new ones after each request that changed them."""
    people, statuses = group.people(), []
    names = set(_ID.findall(f"{route} {row.body}"))
    things: dict[str, str] | None = None
    for part in PARTS:
        if things is None or names & ONES_OWN:
            things = await make_things(group, people[part], names, row.section)
        answer = await ask(people[part], route, row, things)
        statuses.append(answer.status_code)
        if answer.is_success and not route.startswith("GET "):
            things = None
    return statuses


async def ask(person: Person, route: str, row: Row, things: dict[str, str]) -> httpx.Response:
    method, path = route.split(" ")
    headers = {"Idempotency-Key": things["fresh"]}
    answer = await person.send(
        method, fill(path, things) + row.query, filled(row.body, things), **headers
    )
    if answer.is_error:
        assert answer.json()["detail"].endswith("."), answer.text
    return answer


def fill(text: str, things: dict[str, str]) -> str:
    return _ID.sub(lambda found: things[found[1]], text)


def filled(body: Any, things: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {key: filled(value, things) for key, value in body.items()}
    return fill(body, things) if isinstance(body, str) else body


@pytest.mark.engine("sqlite")
async def test_what_does_not_exist_is_not_found_whoever_asks(group: Group) -> None:
    for route, row in TABLE.items():
        if "{" not in route:
            continue
        nowhere = dict.fromkeys(_ID.findall(f"{route} {row.body}"), NOWHERE)
        nowhere |= {"fresh": "x", "text_hash": "0" * 64, "paragraph_id": "paaaaaaaaaaaa"}
        for person in (group.chair, group.secretariat):
            answer = await ask(person, route, row, nowhere)
            assert answer.status_code == 404, f"{route}: {answer.status_code} {answer.text}"


@pytest.mark.engine("sqlite")
async def test_an_id_that_is_none_is_refused_in_words(group: Group) -> None:
    for route, row in TABLE.items():
        method, path = route.split(" ")
        names = [name for name in _ID.findall(path) if name != "paragraph_id"]
        if not names:
            continue
        address = _ID.sub("none", path) + row.query
        answer = await group.chair.send(method, address, row.body)
        assert answer.status_code == 422, f"{route}: {answer.status_code} {answer.text}"
        assert answer.json()["error"] == "Invalid"
        assert answer.json()["detail"].endswith(".")


BROKEN = {
    "no JSON": b"{",
    "a list": b"[1]",
    "nothing": b"null",
    "no text at all": b"\xff\xfe",
    "half a letter": b'{"name": "\\ud800", "title": "\\ud800", "text": "\\ud800"}',
    "a deep nest": b"[" * 50_000,
    "a huge number": b'{"position": 1e400, "name": 1e400}',
    "an unknown field": b'{"surprise": 1}',
}


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_body_is_refused_in_words_and_changes_nothing(
    group: Group, broken: bytes
) -> None:
    person = group.secretariat
    names = {name for route in TABLE for name in _ID.findall(route)}
    things = await make_things(group, person, names, "drafting")
    for route, row in TABLE.items():
        if row.body is None:
            continue
        method, path = route.split(" ")
        answer = await person.http.request(
            method,
            API + fill(path, things),
            content=broken,
            headers={**person.headers, "Content-Type": "application/json"},
        )
        assert answer.status_code in (403, 422), f"{route}: {answer.status_code} {answer.text}"
        assert answer.json()["detail"].endswith(".")


@pytest.mark.engine("sqlite")
async def test_a_body_that_is_too_large_is_refused(group: Group) -> None:
    body = {"name": "x" * 3_000_000}

    answer = await group.secretariat.send("POST", "/working-groups", body)

    assert answer.status_code == 413
    assert answer.json()["error"] == "TooLarge"


@pytest.mark.engine("sqlite")
async def test_a_body_that_hides_its_length_is_refused_as_well(group: Group) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 100_000

    person = group.secretariat
    answer = await person.http.post(
        f"{API}/working-groups",
        content=pieces(),
        headers={**person.headers, "Content-Type": "application/json"},
    )

    assert answer.status_code == 413
    assert answer.json()["error"] == "TooLarge"
