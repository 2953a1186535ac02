"""Connections over which requests come slowly, or never come to their end."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from app.serving import lean_http
from tests.house.live import PATIENCE_S, served

HALF_A_HEAD = b"GET /next HTTP/1.1\r\nHost: "
HEAD_S, DOWNLOAD_S = 0.3, 1.2


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server with a file that takes four times as long as a request's head may."""
    monkeypatch.setattr(lean_http, "_HEAD_S", HEAD_S)
    monkeypatch.setattr(lean_http, "_BODY_S", HEAD_S)
    app = FastAPI()

    @app.get("/file")
    async def file() -> StreamingResponse:
        return StreamingResponse(slowly())

    async with served(app) as address:
        yield address


async def slowly() -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    is_time = asyncio.Event()
    loop.call_later(DOWNLOAD_S, is_time.set)
    yield b"beginning "
    await is_time.wait()
    yield b"and end"


async def all_that_comes(host: str, asked: bytes) -> bytes:
    """Return what the server says to these bytes until it ends the connection."""
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(asked)
    async with asyncio.timeout(PATIENCE_S):
        try:
            return await reader.read()
        finally:
            writer.close()


async def test_half_a_request_behind_another_does_not_cut_its_answer(host: str) -> None:
    asked = f"GET /file HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    answer = await all_that_comes(host, asked + HALF_A_HEAD)

    assert b"beginning " in answer
    assert answer.endswith(b"7\r\nand end\r\n0\r\n\r\n")


async def test_half_a_request_alone_is_not_waited_for(host: str) -> None:
    assert await all_that_comes(host, HALF_A_HEAD) == b""


async def test_a_body_that_nobody_reads_is_not_waited_for(host: str) -> None:
    head = f"POST /nowhere HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n"

    answer = await all_that_comes(host, head.encode() + b"half of it")

    assert answer.startswith(b"HTTP/1.1 404 ")
