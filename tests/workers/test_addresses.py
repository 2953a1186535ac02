"""Whose address the limits count, seen by a real server: a trusted proxy's word, nobody else's."""

from contextlib import AsyncExitStack

import pytest

from tests.conftest import StartServer
from tests.house.servers import LiveServer
from tests.rooms.raw import RawSocket, masked, raw

PROXY, STRANGER = "127.0.0.2", "127.0.0.3"


@pytest.fixture
def server(start_server: StartServer) -> LiveServer:
    """A server that takes two connections of one address without a sign-in."""
    return start_server(
        RAPPORTEUR_TRUSTED_PROXIES=PROXY, RAPPORTEUR_UNSIGNED_SOCKETS_PER_ADDRESS="2"
    )


async def is_welcome(socket: RawSocket) -> bool:
    """Whether the server keeps the connection: it answers a ping, or else closes."""
    socket.sends(masked(b"here?", 0x89))
    opcode, content = await socket.hears()
    if opcode == 8:
        assert int.from_bytes(content[:2], "big") == 4429
        return False
    assert (opcode, content) == (10, b"here?")
    return True


async def welcomes(server: LiveServer, comes_from: str, *forwarded_for: str) -> list[bool]:
    """Return which of these connections, open at the same time, the server keeps."""
    async with AsyncExitStack() as open_:
        kept: list[bool] = []
        for said in forwarded_for:
            one = raw(f"127.0.0.1:{server.port}", said, comes_from)
            kept.append(await is_welcome(await open_.enter_async_context(one)))
        return kept


async def test_behind_a_trusted_proxy_each_client_counts_for_itself(server: LiveServer) -> None:
    clients = [f"192.0.2.{number}" for number in range(5)]

    assert await welcomes(server, PROXY, *clients) == [True] * 5
    assert await welcomes(server, PROXY, *["198.51.100.7"] * 3) == [True, True, False]


async def test_what_a_client_says_before_the_proxy_does_not_count(server: LiveServer) -> None:
    forged = [f"192.0.2.{number}, 198.51.100.7" for number in range(3)]

    assert await welcomes(server, PROXY, *forged) == [True, True, False]


async def test_nobody_else_is_believed(server: LiveServer) -> None:
    forged = [f"192.0.2.{number}" for number in range(3)]

    assert await welcomes(server, STRANGER, *forged) == [True, True, False]


async def test_one_ipv6_network_is_one_client(server: LiveServer) -> None:
    one = [f"2001:db8:1:2::{number}" for number in range(1, 4)]
    many = [f"2001:db8:1:{number}::1" for number in range(3, 6)]

    assert await welcomes(server, PROXY, *one) == [True, True, False]
    assert await welcomes(server, PROXY, *many) == [True] * 3
