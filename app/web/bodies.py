"""What requests' bodies take in memory: bounded for each, for each network, and for all."""

import asyncio
from collections import Counter

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

# So long may a body take to come.
_COMES_WITHIN_S = 60.0
# What every request may have beside: less than its connection takes.
_FREE_BYTES = 16 * 1024
_MOST_BYTES, _MOST_BYTES_EACH = 64 * 1024 * 1024, 16 * 1024 * 1024


class Bodies:
    """The bodies that this process holds, until their requests are answered.

    Also of those who say that they are signed in: that is looked at when the body is here.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES, most_each: int = _MOST_BYTES_EACH) -> None:
        """most_each: of one network."""
        self._most_bytes, self._most_each = most_bytes, most_each
        self._held: Counter[str] = Counter()

    def take(self, network: str, size_bytes: int) -> bool:
        """Count what has come from a network; return False, and count nothing, if it is too much.

        What is taken is to be given back.
        """
        if self._held[network] + size_bytes > self._most_each:
            return False
        if self._held.total() + size_bytes > self._most_bytes:
            return False
        self._held[network] += size_bytes
        return True

    def give_back(self, network: str, size_bytes: int) -> None:
        """Count it no more."""
        self._held[network] -= size_bytes
        if self._held[network] <= 0:
            del self._held[network]


class Body:
    """One request's body: what the framework receives, counted on the way."""

    def __init__(self, receive: Receive, limit: int, bodies: Bodies, network: str) -> None:
        """limit: how many bytes it may have."""
        self._receive = receive
        self._limit = limit
        self._bodies = bodies
        self._network = network
        self._until = asyncio.get_running_loop().time() + _COMES_WITHIN_S
        self._size = self._taken = 0
        self._is_whole = False

    async def __call__(self) -> Message:
        """Return its next piece, or whatever comes behind it.

        Raises: HTTPException, which the framework lets pass while it reads a body, and no other
        kind: 408, 413, 429.
        """
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        self._is_whole = not message.get("more_body", False)
        self._count(len(message.get("body", b"")))
        return message

    def drop(self) -> None:
        """Count it no more: its request was answered."""
        if self._taken:
            self._bodies.give_back(self._network, self._taken)
            self._taken = 0

    def _count(self, size_bytes: int) -> None:
        self._size += size_bytes
        if self._size > self._limit:
            raise HTTPException(413)
        grown = self._size - _FREE_BYTES - self._taken
        if grown > 0:
            if not self._bodies.take(self._network, grown):
                raise HTTPException(429, headers={"Retry-After": "2"})
            self._taken += grown
