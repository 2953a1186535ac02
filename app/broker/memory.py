"""A broker inside one process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# A listener that far behind needs only to know that something happened.
_QUEUE = 256


class MemoryBroker:
    """Carries hints between the tasks of one process."""

    reaches_others = False

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[bytes]]] = defaultdict(set)

    async def publish(self, topic: str, payload: bytes) -> None:
        """Hand the payload to each listener; one whose queue is full loses its oldest hint."""
        for queue in list(self._listeners.get(topic, ())):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(payload)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Listen to the topic while the block runs."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(_QUEUE)
        self._listeners[topic].add(queue)
        try:
            yield _drain(queue)
        finally:
            self._listeners[topic].discard(queue)
            if not self._listeners[topic]:
                del self._listeners[topic]

    async def wake_all(self) -> None:
        """Tell every listener that something may have been missed."""
        for topic in list(self._listeners):
            await self.publish(topic, b"")

    async def close(self) -> None:
        """Forget the listeners."""
        self._listeners.clear()


async def _drain(queue: asyncio.Queue[bytes]) -> AsyncIterator[bytes]:
    while True:
        yield await queue.get()
