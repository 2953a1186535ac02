"""Tables of the plenary: meetings, decisions, the status of paragraphs, hall screens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, IdColumn


class Meeting(Base):
    """A plenary meeting on a report: what is on the floor and who holds the pen."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index(
            "uq_meeting_one_open",
            "report_id",
            unique=True,
            sqlite_where=text("state != 'closed'"),
            postgresql_where=text("state != 'closed'"),
        ),
    )

    id: Mapped[IdColumn]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    reading: Mapped[int] = mapped_column(default=1)
    planned_minutes: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="open")
    """`open`, `suspended` or `closed`."""
    chair_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    pen_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    floor_section_id: Mapped[UUID | None] = mapped_column(ForeignKey("section.id"))
    floor_paragraph_id: Mapped[str | None] = mapped_column(String(40))
    floor_since: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    running_since: Mapped[datetime | None]
    """When the clock last started; None while suspended or closed."""
    used_s: Mapped[int] = mapped_column(default=0)
    """Seconds used before `running_since`."""
    closed_at: Mapped[datetime | None]


class Decision(Base):
    """What the meeting decided on a paragraph, bound to its text. Never updated or deleted."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("meeting_id", "idempotency_key"),
        UniqueConstraint("section_id", "seq"),
        Index("ix_decision_report_id_paragraph_id", "report_id", "paragraph_id"),
    )

    id: Mapped[IdColumn]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    paragraph_id: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40))
    """The paragraph's number as it was shown."""
    verb: Mapped[str] = mapped_column(String(20))
    """`agree`, `bracket`, `park` or `reopen`."""
    status_before: Mapped[str] = mapped_column(String(20))
    status_after: Mapped[str] = mapped_column(String(20))
    canonical: Mapped[str] = mapped_column(Text)
    """The canonical text (app.text.hashing) that `text_hash` is the hash of."""
    text_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    acting_role: Mapped[str] = mapped_column(String(20))
    reading: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[CreatedAt]


class ParagraphStatus(Base):
    """A paragraph's present status, from its last decision; keyed by report, so it moves along."""

    __tablename__ = "paragraph_status"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    paragraph_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"), index=True)
    """Where it stood when it was decided: a hint."""
    status: Mapped[str] = mapped_column(String(20))
    """`agreed`, `bracketed`, `parked` or `tabled`."""
    text_hash: Mapped[str] = mapped_column(String(64))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))


class HallScreen(Base):
    """A projected screen of a meeting. Its token shows that screen and is good for nothing else."""

    __tablename__ = "hall_screen"

    id: Mapped[IdColumn]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    revoked_at: Mapped[datetime | None]
