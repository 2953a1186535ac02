"""What the routes of looking back take and give, as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.access.fields import Asked, Name, Shown

SeqField = Annotated[int, Field(ge=0, le=2**53)]


class PersonShown(Shown):
    """Somebody, by name."""

    id: UUID
    name: str


class RevisionShown(Shown):
    """A named revision."""

    id: UUID
    section_id: UUID
    seq: int
    name: str
    content_hash: str
    by: PersonShown | None
    acting_role: str
    created_at: datetime


class MomentShown(Shown):
    """A moment of the timeline; added and removed count characters."""

    kind: Literal["edit", "decision", "revision", "state"]
    from_seq: int
    to_seq: int
    began_at: datetime
    ended_at: datetime
    member: PersonShown | None
    acting_role: str
    subgroup: str | None
    added: int
    removed: int
    revision: dict[str, Any] | None = None
    state: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None


class TimelineShown(Shown):
    """A page of the timeline, newest first; next_before asks for the page behind it."""

    moments: list[MomentShown]
    next_before: int | None
    head_seq: int


class TextShown(Shown):
    """A section's text at a seq, with labels and the statuses of that time."""

    seq: int
    at: datetime | None
    title: str
    blocks: list[dict[str, Any]]


class ChangesShown(Shown):
    """What changed between two moments, word by word, with names."""

    from_seq: Annotated[int, Field(serialization_alias="from")]
    to_seq: Annotated[int, Field(serialization_alias="to")]
    blocks: list[dict[str, Any]]
    people: list[PersonShown]


class RevisionAsked(Asked):
    """A name for the text at a seq; without one, at the head."""

    name: Name
    seq: SeqField | None = None


class SpanAsked(Asked):
    """Two moments to compare, the earlier first."""

    from_seq: Annotated[SeqField, Field(alias="from")]
    to_seq: Annotated[SeqField, Field(alias="to")]


class RestoreAsked(Asked):
    """The seq whose text is to be restored."""

    seq: SeqField


class RestoreShown(Shown):
    """The seq at which the restored text stands, and the agreed paragraphs that were left."""

    seq: int
    left: list[dict[str, Any]]
