"""Sockets that go to the rooms past ASGI: only those that are plainly welcome do."""

import asyncio
import base64
import os
from typing import Any

import pytest
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.http11 import Request

from app.access.identify import COOKIE
from app.ids import SectionId
from app.rooms import frames
from app.rooms.frames import Auth, Kind
from app.serving.doors import address_of, cookies_of, door_for
from tests.house.builders import Group
from tests.house.live import PATIENCE_S
from tests.rooms.raw import opening

HOST = ("Host", "here.example")


def behind_a_proxy(app: Any) -> ProxyHeadersMiddleware:
    """The application as the server runs it."""
    return ProxyHeadersMiddleware(app, trusted_hosts="10.0.0.1")


def asks(*headers: tuple[str, str], path: str = "/live") -> Request:
    return Request(path, Headers([HOST, *headers]))


def test_programs_and_own_pages_are_let_in(app: FastAPI) -> None:
    door = app.state.live_door

    assert door_for(app, asks()) is door
    assert door_for(behind_a_proxy(app), asks(("Origin", "https://here.example"))) is door


@pytest.mark.parametrize(
    "request_",
    [
        asks(("Origin", "https://elsewhere.example")),
        asks(("Origin", "https://here.example"), ("Origin", "https://here.example")),
        asks(("Host", "here.example")),
        asks(path="/live/y/1"),
        asks(path="/live?token=1"),
    ],
    ids=["foreign", "two origins", "two hosts", "another path", "a query"],
)
def test_the_others_go_by_asgi(app: FastAPI, request_: Request) -> None:
    assert door_for(app, request_) is None


def test_an_application_without_a_door_has_none() -> None:
    assert door_for(FastAPI(), asks()) is None


@pytest.mark.parametrize(
    ("client", "said", "address"),
    [
        ("10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["192.0.2.7", "10.0.0.1"], "192.0.2.7"),
        ("10.0.0.1", ["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("203.0.113.5", ["192.0.2.7"], "203.0.113.5"),
    ],
)
def test_a_proxy_is_believed_if_it_is_trusted(
    app: FastAPI, client: str, said: list[str], address: str
) -> None:
    behind = behind_a_proxy(app)
    headers = Headers([("X-Forwarded-For", one) for one in said])

    assert address_of(behind, (client, 5000), headers) == address
    assert address_of(app, (client, 5000), headers) == client


async def test_the_cookie_of_a_sign_in_is_found_among_others(
    group: Group, section: SectionId, host: str
) -> None:
    headers = {"Cookie": f"a=b; {COOKIE}={group.member.cookie}; c=d"}
    async with connect(f"ws://{host}/live", additional_headers=headers) as socket:
        for message in opening(section, ""):
            await socket.send(message)
        answer = frames.decode(bytes(await socket.recv(decode=False)))

    assert (answer.kind, answer.sub) == (Kind.AUTH, Auth.ACCEPTED)


def test_several_cookie_headers_are_as_one() -> None:
    assert cookies_of(Headers([("Cookie", "a=b"), ("Cookie", "c=d")])) == "a=b; c=d"
    assert cookies_of(Headers()) == ""


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("Sec-WebSocket-Version: 13\r\n", b"400"),
        ("Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 12\r\n", b"400"),
        ("Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nHost: other\r\n", b"101"),
    ],
    ids=["no key", "another version", "two hosts"],
)
async def test_odd_requests_are_answered_by_the_library(
    host: str, more: str, status: bytes
) -> None:
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"{more.format(key=key)}\r\n".encode()
    )

    async with asyncio.timeout(PATIENCE_S):
        answer = await reader.readline()

    writer.close()
    await writer.wait_closed()
    assert answer.split()[1] == status
