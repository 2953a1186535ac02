"""The shapes that plenary routes take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.access.fields import Asked, Label, Name, Reason, Shown
from app.plenary.rules import MeetingState, Verb

ParagraphKey = Annotated[str, Field(pattern=r"^[a-z0-9]{1,40}$")]


class NewMeeting(Asked):
    """A meeting to open."""

    title: Name
    reading: Annotated[int, Field(ge=1, le=9)] = 1
    planned_minutes: Annotated[int, Field(ge=1, le=10_000)]


class MeetingChange(Asked):
    """The state that a meeting is to take."""

    to: MeetingState


class FloorCall(Asked):
    """The paragraph to put on the floor; none clears it."""

    section_id: UUID | None = None
    paragraph_id: ParagraphKey | None


class FloorStep(Asked):
    """Which way to move on."""

    direction: Literal[1, -1] = 1


class PenCall(Asked):
    """Who is to hold the pen; nobody with null."""

    member_id: UUID | None


class DecisionCall(Asked):
    """A decision of the meeting on a paragraph, bound to the text that was shown."""

    section_id: UUID
    paragraph_id: ParagraphKey
    verb: Verb
    seen_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seen_seq: Annotated[int, Field(ge=0)]
    reason: Reason = ""


class NewScreen(Asked):
    """A hall screen to open."""

    label: Label = "Hall screen"


class Person(Shown):
    """Somebody, by name."""

    member_id: UUID
    name: str


class MeetingOut(Shown):
    """A meeting."""

    id: UUID
    report_id: UUID
    title: str
    reading: int
    planned_minutes: int
    state: MeetingState
    opened_at: datetime
    closed_at: datetime | None
    used_s: int
    chair: Person
    pen: Person | None


class DecisionOut(Shown):
    """A decision as it stands on the record."""

    id: UUID
    meeting_id: UUID
    section_id: UUID
    paragraph_id: str
    label: str
    verb: Verb
    status_before: str
    status_after: str
    text: str
    text_hash: str
    seq: int
    reason: str
    reading: int
    by: Person
    acting_role: str
    decided_at: datetime


class ScreenOut(Shown):
    """A hall screen; its token and address are told once, when it is opened."""

    id: UUID
    label: str
    created_at: datetime
    revoked_at: datetime | None
    token: str | None = None
    url: str | None = None


ReportView = dict[str, Any]
