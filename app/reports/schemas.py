"""What the routes of reports take and give, as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.access.fields import Asked, Reason, Sentences, Shown, Symbol, Title, Zone
from app.reports.rules import SectionState

Position = Annotated[int, Field(ge=0, le=10_000)]


class ReportAsked(Asked):
    """A new report and what the group was asked to do."""

    title: Title
    symbol: Symbol = ""
    zone: Zone = "UTC"
    mandate_items: Annotated[list[Sentences], Field(max_length=200)] = Field(default=[])


class ReportChanged(Asked):
    """What is to change about a report; what is left out stays."""

    title: Title | None = None
    symbol: Symbol | None = None
    zone: Zone | None = None


class MandateItemAsked(Asked):
    """One thing that the group was asked to do."""

    text: Sentences


class MandateItemChanged(Asked):
    """What is to change about a mandate item; position: from 0."""

    text: Sentences | None = None
    position: Position | None = None


class SectionAsked(Asked):
    """A new section; without a position it becomes the last below its parent."""

    title: Title
    parent_id: UUID | None = None
    position: Position | None = None
    numbered: bool = True


class SectionChanged(Asked):
    """What is to change about a section; what is left out stays. subgroup_id null: nobody's."""

    title: Title | None = None
    numbered: bool | None = None
    subgroup_id: UUID | None = None
    mandate_item_ids: Annotated[list[UUID], Field(max_length=200)] | None = None


class SectionMoved(Asked):
    """Where a section is to stand; position: from 0 below its new parent, None for last."""

    parent_id: UUID | None
    position: Position | None = None


class StateAsked(Asked):
    """The state that a section is to reach, and why where that is owed."""

    to: SectionState
    reason: Reason = ""


class Named(Shown):
    """Something by its name."""

    id: UUID
    name: str


class May(Shown):
    """What the reader may do with a section now."""

    write: bool
    edges: list[SectionState]
    edit_outline: bool
    why_not_write: str


class SectionShown(Shown):
    """A section in its outline; depth: from 0, number: as printed, "" for none."""

    id: UUID
    report_id: UUID
    parent_id: UUID | None
    position: int
    depth: int
    number: str
    title: str
    numbered: bool
    state: SectionState
    subgroup: Named | None
    mandate_item_ids: list[UUID]
    may: May


class MandateItemShown(Shown):
    """One thing that the group was asked to do, and the sections that answer it."""

    id: UUID
    number: int
    text: str
    section_ids: list[UUID]


class ReportListed(Shown):
    """A report by name."""

    id: UUID
    title: str
    symbol: str
    zone: str
    working_group: Named


class MayWithReport(Shown):
    """What the reader may do with the report as a whole."""

    edit_outline: bool
    edit_mandate: bool
    open_meeting: bool


class ReportShown(ReportListed):
    """A report with its mandate and its outline, in reading order."""

    mandate_items: list[MandateItemShown]
    sections: list[SectionShown]
    may: MayWithReport


class LastChange(Shown):
    """When the text last changed, and by whom; the name is "" for the server itself."""

    at: datetime
    name: str


class DeskSection(SectionShown):
    """A section as the desk lists it."""

    words: int
    last_change: LastChange | None


class Waiting(Shown):
    """Something that waits for the reader. sentence_key and params make its sentence."""

    kind: str
    section_id: UUID | None
    sentence_key: str
    params: dict[str, str]


class Desk(Shown):
    """The reader's work place: the outline, who is where, and what waits for them."""

    report: ReportListed
    sections: list[DeskSection]
    waits_for_me: list[Waiting]
    present: dict[UUID, list[dict[str, Any]]]
