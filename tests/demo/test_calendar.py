from datetime import UTC, datetime, timedelta

import pytest

from app.demo.content import Demonstration, load_demonstration
from app.demo.seeding.calendar import move_to

DEMO = load_demonstration()


def _past(demo: Demonstration) -> list[datetime]:
    steps = [step.at for section in demo.sections for step in section.steps]
    over = [plan for plan in demo.meetings if plan.closed_after_minutes is not None]
    return steps + [plan.opened_at for plan in over if plan.opened_at]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        datetime(2031, 2, 28, 23, 59, 59, tzinfo=UTC),
        datetime(2019, 6, 2, 12, 0, tzinfo=UTC),
    ],
)
def test_the_past_ends_within_the_week_before_the_meeting_in_progress(now: datetime) -> None:
    moved = move_to(DEMO, now)
    running = moved.meetings[-1].opened_at

    assert running == now - timedelta(minutes=95)
    assert timedelta(0) < running - max(_past(moved)) < timedelta(days=7, hours=4)


def test_days_of_the_week_hours_and_distances_stay() -> None:
    before, after = _past(DEMO), _past(move_to(DEMO, datetime(2028, 5, 17, 15, 0, tzinfo=UTC)))
    shifts = {moved - at for at, moved in zip(before, after, strict=True)}

    assert len(shifts) == 1
    assert shifts.pop() % timedelta(weeks=1) == timedelta(0)
