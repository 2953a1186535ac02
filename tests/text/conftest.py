"""How hypothesis draws: no judgement by the clock, machines differ."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "text", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("text")
