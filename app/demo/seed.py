"""Seed the demonstration: its whole history happens, in order of time, in one unit of work."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from app import clock
from app.db.engine import Database
from app.db.unit_of_work import Work
from app.demo.content import Demonstration, load_demonstration
from app.demo.office import is_set_up, make_links, set_up_office
from app.demo.script import MeetingPlan
from app.demo.seeding.calendar import move_to
from app.demo.seeding.drafting import Drafting
from app.demo.seeding.report import set_up_report
from app.demo.seeding.sitting import Sitting
from app.settings import Settings

_PREPARED = timedelta(days=10)
"""How long before the first word the people and the outline were there."""


class Server(Protocol):
    """The parts of a server that the demonstration needs."""

    @property
    def database(self) -> Database:
        """Where it is seeded."""

    @property
    def settings(self) -> Settings:
        """Where links lead, and for how long they are good."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """Something that happens at a time."""

    at: datetime
    act: Callable[[], Awaitable[None]]


async def sign_in_links(server: Server) -> list[tuple[str, str]]:
    """Return fresh one-time links for the demonstration's people, (name, address) each.

    Effects: seeds the demonstration unless it is there; a seeding that breaks off leaves nothing
    behind. The clock is set while it lasts, so nothing else may happen in this process meanwhile.
    """
    demo = load_demonstration()
    async with server.database.write() as work:
        if not await is_set_up(work, demo):
            now = clock.now().replace(microsecond=0)
            with clock.kept():
                await _seed(work, move_to(demo, now))
        return await make_links(work, demo, server.settings)


async def _seed(work: Work, demo: Demonstration) -> None:
    first = min(step.at for section in demo.sections for step in section.steps)
    clock.set_now(first - _PREPARED)
    office = await set_up_office(work, demo)
    report = await set_up_report(work, demo, office)
    drafting = Drafting(work, demo, office, report)
    scenes = [
        _Scene(step.at, partial(drafting.take, section.plan.key, step))
        for section in demo.sections
        for step in section.steps
    ]
    for plan in demo.meetings:
        scenes += _scenes_of(plan, Sitting(work, plan, office, drafting))
    for scene in sorted(scenes, key=lambda scene: scene.at):
        clock.set_now(scene.at)
        await scene.act()


def _scenes_of(plan: MeetingPlan, sitting: Sitting) -> Iterator[_Scene]:
    opened_at = plan.opened_at or clock.now()
    yield _Scene(opened_at, sitting.open)
    for event in plan.events:
        yield _Scene(opened_at + timedelta(minutes=event.minute), partial(sitting.take, event))
    if plan.closed_after_minutes is not None:
        yield _Scene(opened_at + timedelta(minutes=plan.closed_after_minutes), sitting.close)
