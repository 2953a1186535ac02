"""The shapes that plenary routes take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.plenary.rules import MeetingState, Verb

Text300 = Annotated[str, Field(min_length=1, max_length=300)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NewMeeting(_Shape):
    """A meeting to open."""

    title: Text300
    reading: Annotated[int, Field(ge=1, le=9)] = 1
    planned_minutes: Annotated[int, Field(ge=1, le=10_000)]


class MeetingChange(_Shape):
    """The state that a meeting is to take."""

    to: MeetingState


class FloorCall(_Shape):
    """The paragraph to put on the floor; none clears it."""

    section_id: UUID | None = None
    paragraph_id: Annotated[str, Field(max_length=40)] | None


class FloorStep(_Shape):
    """Which way to move on."""

    direction: Literal[1, -1] = 1


class PenCall(_Shape):
    """Who is to hold the pen; nobody with null."""

    member_id: UUID | None


class DecisionCall(_Shape):
    """A decision of the meeting on a paragraph, bound to the text that was shown."""

    section_id: UUID
    paragraph_id: Annotated[str, Field(min_length=1, max_length=40)]
    verb: Verb
    seen_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seen_seq: Annotated[int, Field(ge=0)]
    reason: Annotated[str, Field(max_length=2000)] = ""


class NewScreen(_Shape):
    """A hall screen to open."""

    label: Annotated[str, Field(min_length=1, max_length=100)] = "Hall screen"


class Person(BaseModel):
    """Somebody, by name."""

    member_id: UUID
    name: str


class MeetingOut(BaseModel):
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


class DecisionOut(BaseModel):
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


class ScreenOut(BaseModel):
    """A hall screen; its token and address are told once, when it is opened."""

    id: UUID
    label: str
    created_at: datetime
    revoked_at: datetime | None
    token: str | None = None
    url: str | None = None


ReportView = dict[str, Any]
