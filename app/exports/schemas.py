"""What the routes of exports take and give, as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.access.fields import Asked, Shown

ExportState = Literal["waiting", "running", "done", "failed", "cancelled"]


class ExportAsked(Asked):
    """What is to be written: the report, or one section with those below it, or a revision of it.

    format: docx, pdf, html or markdown.
    """

    report_id: UUID
    section_id: UUID | None = None
    revision_id: UUID | None = None
    format: Annotated[str, Field(max_length=200)]


class ExportShown(Shown):
    """An export: its stage in words with a count (total 0: none), then its file or its error."""

    id: UUID
    report_id: UUID
    section_id: UUID | None
    revision_id: UUID | None
    format: str
    state: ExportState
    stage: str
    done: int
    total: int
    error: str | None
    filename: str | None
    size_bytes: int | None
    created_at: datetime
    ended_at: datetime | None
    kept_until: datetime | None
    """When a finished file is removed; null: never, or there is none."""
