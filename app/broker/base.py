"""What a broker is: publish to a topic, listen to a topic."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Broker(Protocol):
    """Carries hints. A lost hint costs time, never truth: listeners also poll the counter."""

    reaches_others: bool
    """Whether other processes can hear."""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Hand the payload to everyone who listens on the topic now; raises nothing."""
        ...

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Listen from the moment the block is entered; the iterator gives payloads in order.

        An empty payload says: look, for something may have been missed.
        """
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
