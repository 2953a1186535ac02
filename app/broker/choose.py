"""Chooses the broker that the settings name."""

from app.broker.base import Broker
from app.broker.memory import MemoryBroker
from app.broker.redis import RedisBroker
from app.settings import Settings


def make_broker(settings: Settings) -> Broker:
    """Return a Redis broker where an address is given, else one inside this process."""
    if settings.redis_url is None:
        return MemoryBroker()
    return RedisBroker(settings.redis_url.get_secret_value())
