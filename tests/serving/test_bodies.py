"""Bodies of requests: how large, how slow and how many at once they may be."""

import asyncio
import re
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.access.identify import COOKIE
from app.web import bodies
from app.web.bodies import Bodies
from tests.house.live import PATIENCE_S, served

pytestmark = pytest.mark.engine("sqlite")

SIGN_IN = "/api/v1/sign-ins"
LARGE_BYTES = 1_900_000


@pytest.fixture
async def host(app: FastAPI) -> AsyncIterator[str]:
    """The application on a loopback port: host:port."""
    async with served(app) as address:
        yield address


async def posts(
    host: str, body: bytes, *, declared: int | None = None, key: str = ""
) -> tuple[StreamReader, StreamWriter]:
    """Send the beginning of a request. declared: how long its body is to be."""
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    length = len(body) if declared is None else declared
    head = (
        f"POST {SIGN_IN} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n"
    )
    writer.write(f"{head}{key}\r\n".encode() + body)
    return reader, writer


async def answer_of(sent: tuple[StreamReader, StreamWriter]) -> str:
    """Return the whole answer."""
    reader, writer = sent
    async with asyncio.timeout(PATIENCE_S):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        [length] = re.findall(r"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length))
    writer.close()
    return head + body.decode()


async def test_without_a_sign_in_only_a_small_body_is_taken(host: str) -> None:
    answer = await answer_of(await posts(host, b"x", declared=100_000))

    assert answer.startswith("HTTP/1.1 413 ")
    assert "more than this server takes without a sign-in (65536 bytes)." in answer


async def test_a_body_that_does_not_come_is_not_waited_for(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_COMES_WITHIN_S", 0.2)

    answer = await answer_of(await posts(host, b'{"email":', declared=1000))

    assert answer.startswith("HTTP/1.1 408 ")
    assert "did not come in time" in answer


async def test_what_one_network_has_under_way_is_bounded_and_small_requests_go_on(
    host: str,
) -> None:
    claims = f"Cookie: {COOKIE}=made-up\r\n"
    half = b"x" * (LARGE_BYTES - 1)
    sent = [await posts(host, half, declared=LARGE_BYTES, key=claims) for _ in range(9)]

    answering = [asyncio.create_task(answer_of(one)) for one in sent]
    done, under_way = await asyncio.wait(
        answering, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
    )

    [refused] = done
    assert refused.result().startswith("HTTP/1.1 429 ")
    assert "Too many large requests are under way." in refused.result()
    small = await answer_of(await posts(host, b"{}", key=claims))
    assert small.startswith("HTTP/1.1 422 ")
    for _, writer in sent:
        writer.close()
    for one in under_way:
        one.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


def test_what_is_held_is_counted_by_network_and_for_all_until_it_is_given_back() -> None:
    held = Bodies(most_bytes=100, most_each=60)

    assert held.take("a", 60)
    assert not held.take("a", 1)
    assert held.take("b", 40)
    assert not held.take("c", 1)
    held.give_back("a", 60)
    assert held.take("c", 60)
    assert not held.take("b", 1)
