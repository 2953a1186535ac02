"""How frames travel: by ASGI's messages anywhere, or past them where the server offers it."""

import asyncio
from typing import Protocol, TypeAlias

from app.rooms.connections.outbox import Outbox
from app.rooms.connections.straight_socket import Hearer, StraightWire
from app.rooms.frames import PING


class Wire(Protocol):
    """One accepted websocket."""

    cookie: str | None
    """The sign-in cookie that came with the upgrade."""

    async def receive(self) -> bytes | None:
        """Return the next binary message, or None when the other end is gone."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a binary message; raises OSError when the other end is gone."""
        ...


AnyWire: TypeAlias = Wire | StraightWire


async def carry(
    wire: AnyWire, outbox: Outbox, hearer: Hearer, *, pings: bool
) -> list[BaseException]:
    """Carry frames both ways until either end is done; return what went wrong.

    pings: whether a silent line is given a Ping that the protocol knows.
    """
    if isinstance(wire, StraightWire):
        try:
            await wire.carry(outbox, hearer, pings=pings)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            return [error]
        return []
    pump = asyncio.create_task(outbox.pump(wire.send, PING if pings else None))
    reader = asyncio.create_task(_read(wire, hearer))
    try:
        await asyncio.wait({pump, reader}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (pump, reader):
            task.cancel()
        ended = await asyncio.gather(pump, reader, return_exceptions=True)
    return [one for one in ended if one is not None]


async def _read(wire: Wire, hearer: Hearer) -> None:
    while (source := await wire.receive()) is not None:
        await hearer.hears(source)
