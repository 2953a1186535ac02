"""Move the demonstration's times to the day on which it is seeded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.demo.content import ContentError, Demonstration, DemoSection
from app.demo.script import MeetingPlan

_PAUSE = timedelta(hours=1)
"""The least time between the last thing that happened and the meeting in progress."""
_WEEK = timedelta(weeks=1)


def move_to(demo: Demonstration, now: datetime) -> Demonstration:
    """Return the demonstration as of now: every step and every meeting has its own time.

    The meeting in progress opened as many minutes ago as it says. All the rest is moved by whole
    weeks, so that days of the week stay, and ends within the week before that meeting.
    """
    running = [plan.opened_minutes_ago or 0 for plan in demo.meetings if plan.opened_at is None]
    end = now - timedelta(minutes=max(running, default=0)) - _PAUSE
    shift = (end - max(_ends(demo))) // _WEEK * _WEEK
    return replace(
        demo,
        sections=tuple(_moved_section(section, shift) for section in demo.sections),
        meetings=tuple(_moved_meeting(plan, shift, now) for plan in demo.meetings),
    )


def _ends(demo: Demonstration) -> Iterator[datetime]:
    for section in demo.sections:
        yield from (step.at for step in section.steps)
    for plan in demo.meetings:
        if plan.opened_at is not None:
            if plan.closed_after_minutes is None:
                raise ContentError(f"{plan.title} is over, so it has to be closed.")
            yield plan.opened_at + timedelta(minutes=plan.closed_after_minutes)


def _moved_section(section: DemoSection, shift: timedelta) -> DemoSection:
    steps = (step.model_copy(update={"at": step.at + shift}) for step in section.steps)
    return replace(section, steps=tuple(steps))


def _moved_meeting(plan: MeetingPlan, shift: timedelta, now: datetime) -> MeetingPlan:
    if plan.opened_at is not None:
        return plan.model_copy(update={"opened_at": plan.opened_at + shift})
    ago = timedelta(minutes=plan.opened_minutes_ago or 0)
    return plan.model_copy(update={"opened_at": now - ago})
