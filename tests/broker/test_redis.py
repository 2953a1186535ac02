"""Hints between two processes through a real Redis, and inside one when it is away."""

import asyncio
from collections.abc import AsyncIterator, Callable

from redis.asyncio import Redis as RedisClient

from app.broker.redis import _MAX_PAYLOAD_BYTES, RedisBroker
from tests.house.servers import Redis


async def heard_again_and_again(
    hints: AsyncIterator[bytes], send: Callable[[], asyncio.Future[None]]
) -> bytes:
    """Send until something is heard: a listener that comes back may miss the first hints."""
    waiting = asyncio.ensure_future(anext(hints))
    while not waiting.done():
        await send()
        await asyncio.wait({waiting}, timeout=0.1)
    return waiting.result()


async def look_again(broker: RedisBroker, hints: AsyncIterator[bytes]) -> None:
    """Return once the broker listens and has said so to the listener."""
    await broker.listening.wait()
    assert await anext(hints) == b""


async def test_a_hint_reaches_another_process_and_only_its_topic(own_redis: Redis) -> None:
    here, there = RedisBroker(own_redis.url), RedisBroker(own_redis.url)
    async with there.subscribe("report:1") as hints:
        await look_again(there, hints)
        await here.publish("report:2", b"another")
        await here.publish("report:1", b"first")
        await here.publish("report:1", b"second")

        assert [await anext(hints), await anext(hints)] == [b"first", b"second"]
    await here.close()
    await there.close()


async def test_ones_own_hint_is_heard_once(own_redis: Redis) -> None:
    broker, other = RedisBroker(own_redis.url), RedisBroker(own_redis.url)
    async with broker.subscribe("report:1") as hints:
        await look_again(broker, hints)
        await broker.publish("report:1", b"mine")
        await other.publish("report:1", b"theirs")

        assert [await anext(hints), await anext(hints)] == [b"mine", b"theirs"]
    await broker.close()
    await other.close()


async def test_without_redis_hints_stay_inside_and_come_through_again_when_it_is_back(
    own_redis: Redis,
) -> None:
    here, there = RedisBroker(own_redis.url), RedisBroker(own_redis.url)
    async with there.subscribe("report:1") as hints:
        await look_again(there, hints)
        own_redis.process.kill()
        await there.publish("report:1", b"inside")
        assert await anext(hints) == b"inside"

        own_redis.start()
        assert await anext(hints) == b"", "what was missed is to be looked for"
        sent = heard_again_and_again(
            hints, lambda: asyncio.ensure_future(here.publish("report:1", b"back"))
        )
        assert await sent == b"back"
    await here.close()
    await there.close()


async def test_what_none_of_ours_would_publish_does_not_end_the_listening(own_redis: Redis) -> None:
    here, there = RedisBroker(own_redis.url), RedisBroker(own_redis.url)
    async with (
        RedisClient.from_url(own_redis.url) as stranger,
        there.subscribe("report:1") as hints,
    ):
        await look_again(there, hints)
        await stranger.publish(b"rapporteur:\xff\xfe", b"x" * 40)
        await stranger.publish("rapporteur:report:1", b"short")
        await stranger.publish("rapporteur:report:1", b"")
        await stranger.publish("rapporteur:report:1", b"x" * (_MAX_PAYLOAD_BYTES + 17))
        await here.publish("report:1", b"ours")

        assert await anext(hints) == b"ours"
    await here.close()
    await there.close()
