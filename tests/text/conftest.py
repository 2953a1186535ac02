"""How hypothesis draws: the same texts every time, and no judgement by the clock."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "text",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("text")
