"""What the demonstration's TOML files may say: people, outline, history, meetings."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from app.access.actor import Role, StakeholderGroup
from app.plenary.rules import Verb
from app.reports.rules import SectionState


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Strict):
    """A member, named by role; the e-mail address is made of the key."""

    key: str
    name: str
    roles: tuple[Role, ...] = (Role.MEMBER,)
    stakeholder_group: StakeholderGroup | None = None
    region: str = ""
    personal_capacity: bool = True
    system_administrator: bool = False

    @property
    def email(self) -> str:
        """The address under which the person signs in."""
        return f"{self.key}@example.org"


class SubgroupPlan(_Strict):
    """A subgroup with its convenor and its other members, by key."""

    key: str
    name: str
    convenor: str
    members: tuple[str, ...]


class People(_Strict):
    """The whole of people.toml."""

    people: tuple[Person, ...]
    subgroups: tuple[SubgroupPlan, ...]


class GroupPlan(_Strict):
    """The working group."""

    name: str
    mandate: str


class ReportPlan(_Strict):
    """The report's title page."""

    title: str
    symbol: str
    zone: str


class MandatePlan(_Strict):
    """One thing that the working group was asked to do."""

    key: str
    text: str


class SectionPlan(_Strict):
    """A section's place in the outline, who drafts it and what it answers."""

    key: str
    title: str
    subgroup: str
    answers: tuple[str, ...]
    parent: str | None = None
    numbered: bool = True
    written: bool = True


class Outline(_Strict):
    """The whole of outline.toml; sections in outline order."""

    working_group: GroupPlan
    report: ReportPlan
    mandate_items: tuple[MandatePlan, ...]
    sections: tuple[SectionPlan, ...]


class EarlierWords(_Strict):
    """A wording that a paragraph once had; `after` places one that is gone from today's text."""

    key: str
    text: str
    after: str | None = None


class Step(_Strict):
    """What one member did to a section at one time.

    state: reached before anything is written. words: earlier wordings written now. today:
    paragraphs that receive the wording they have today; rest: all others too. revision: the name
    that the text gets afterwards.
    """

    at: datetime
    by: str
    words: tuple[EarlierWords, ...] = ()
    today: tuple[str, ...] = ()
    rest: bool = False
    remove: tuple[str, ...] = ()
    state: SectionState | None = None
    reason: str = ""
    revision: str | None = None


class History(_Strict):
    """The whole of one section's history file; steps in order of time."""

    steps: tuple[Step, ...]


class Event(_Strict):
    """One thing that happened in a meeting, at a minute of it: only one of the four kinds.

    decide a paragraph; today: the pen brings a paragraph to today's wording; put one on the
    floor; section takes a state.
    """

    minute: int
    decide: Verb | None = None
    paragraph: str | None = None
    reason: str = ""
    today: str | None = None
    floor: str | None = None
    section: str | None = None
    state: SectionState | None = None


class MeetingPlan(_Strict):
    """A meeting of the plenary: one that is over, or the one in progress at the start."""

    title: str
    reading: int
    planned_minutes: int
    pen: str
    opened_at: datetime | None = None
    closed_after_minutes: int | None = None
    opened_minutes_ago: int | None = None
    events: tuple[Event, ...]


class Meetings(_Strict):
    """The whole of meetings.toml, in order of time."""

    meetings: tuple[MeetingPlan, ...]
