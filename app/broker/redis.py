"""A broker between processes, on Redis; when Redis is away, hints stay inside the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.broker.memory import MemoryBroker
from app.ids import new_id
from app.logs import get_logger

log = get_logger(__name__)
_PREFIX = "rapporteur:"
_SENDER_BYTES = 16
_RETRY_S = 1.0
# A host that swallows packets must not hold up what has been committed.
_PATIENCE_S = 1.0
# No process of ours says more at once.
_MAX_PAYLOAD_BYTES = 4 * 1024 * 1024
# A line that was silent for so long is tried out.
_QUIET_S = 10.0


class RedisBroker:
    """Carries hints between processes. Local listeners are served at once, others by Redis.

    While Redis is away it is asked once in a while, not with every hint; when it is back, every
    listener is told to look for what it missed.
    """

    reaches_others = True

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(url)
        self._local = MemoryBroker()
        self._own = new_sender()
        self._pump: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()
        self._is_away = False
        self._ask_again_at = 0.0

    async def publish(self, topic: str, payload: bytes) -> None:
        """Hand the payload to local listeners, and to other processes if Redis answers."""
        await self._local.publish(topic, payload)
        if asyncio.get_running_loop().time() < self._ask_again_at:
            return
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._redis.publish(_PREFIX + topic, self._own + payload)
        except (RedisError, OSError) as error:
            self._note_away(error)
        else:
            self._note_back()

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Listen to the topic, from this process and the others."""
        if self._pump is None:
            self._pump = asyncio.create_task(self._pump_forever())
        return self._local.subscribe(topic)

    async def close(self) -> None:
        """Stop listening and close the connections."""
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        await self._redis.aclose()

    async def _pump_forever(self) -> None:
        while True:
            try:
                await self._pump_once()
            except (RedisError, OSError) as error:
                self._note_away(error)
            self.listening.clear()
            await asyncio.sleep(_RETRY_S)

    async def _pump_once(self) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.psubscribe(_PREFIX + "*")
            is_asked = False
            while True:
                message = await pubsub.get_message(timeout=_QUIET_S)
                if message is not None:
                    is_asked = False
                    await self._take(message)
                elif is_asked:
                    raise RedisError("Redis has fallen silent.")
                else:
                    is_asked = True
                    await pubsub.ping()

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "psubscribe":
            self.listening.set()
            self._ask_again_at = 0.0
            self._note_back()
            await self._local.wake_all()
        elif message["type"] == "pmessage":
            await self._hear(message["channel"], message["data"])

    async def _hear(self, channel: bytes, said: bytes) -> None:
        """Pass on what another process says; what none of ours would say harms nobody."""
        sender, payload = said[:_SENDER_BYTES], said[_SENDER_BYTES:]
        if sender == self._own:
            return
        if (
            len(sender) < _SENDER_BYTES
            or len(payload) > _MAX_PAYLOAD_BYTES
            or not channel.isascii()
        ):
            log.warning("hint_not_understood", channel=repr(channel[:80]), size=len(said))
            return
        await self._local.publish(channel.decode().removeprefix(_PREFIX), payload)

    def _note_away(self, error: Exception) -> None:
        self._ask_again_at = asyncio.get_running_loop().time() + _RETRY_S
        if not self._is_away:
            self._is_away = True
            log.warning("redis_away", error=str(error) or type(error).__name__)

    def _note_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("redis_back")


def new_sender() -> bytes:
    """Return 16 random bytes that name a process among the others."""
    return new_id().bytes
