"""A line to PostgreSQL that is dead in silence is noticed by the kernel, on either event loop."""

import asyncio
import os
import socket
from collections.abc import Callable

import pytest
import uvloop
from sqlalchemy import text

from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.settings import Settings

pytestmark = pytest.mark.engine("postgresql")


async def patience_ms(settings: Settings) -> int:
    """Return how long the kernel waits for an answer on a connection that is in use."""
    database = Database(settings, MemoryBroker())
    async with database.read() as session:
        await session.execute(text("SELECT 1"))
        used = await (await session.connection()).get_raw_connection()
        assert used.driver_connection is not None
        line = used.driver_connection._transport.get_extra_info("socket")
        with socket.socket(fileno=os.dup(line.fileno())) as same:
            waits = same.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    await database.dispose()
    return waits


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_an_unanswered_line_is_given_up_after_twenty_seconds(
    settings: Settings, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(patience_ms(settings)) == 20_000
