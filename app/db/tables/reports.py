"""Tables of a report: its mandate items, its outline of sections, its change counter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db.base import Base, CreatedAt, IdColumn


class Report(Base):
    """What the working group must hand in."""

    __tablename__ = "report"

    id: Mapped[IdColumn]
    working_group_id: Mapped[UUID] = mapped_column(ForeignKey("working_group.id"), index=True)
    title: Mapped[str] = mapped_column(String(500))
    symbol: Mapped[str] = mapped_column(String(100), default="")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    """IANA time zone in which times are shown to people."""
    created_at: Mapped[CreatedAt]


class MandateItem(Base):
    """One thing that the working group was asked to do."""

    __tablename__ = "mandate_item"

    id: Mapped[IdColumn]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(2000))


class Section(Base):
    """A part of the outline with its own live text; its row orders what happens to that text."""

    __tablename__ = "section"

    id: Mapped[IdColumn]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("section.id"))
    position: Mapped[int]
    """From 0 among the children of one parent."""
    title: Mapped[str] = mapped_column(String(500))
    numbered: Mapped[bool] = mapped_column(default=True)
    """False for an annex or a glossary: no number in the outline."""
    subgroup_id: Mapped[UUID | None] = mapped_column(ForeignKey("subgroup.id"))
    state: Mapped[str] = mapped_column(String(30), default="outlined")
    head_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    head_hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    changed_at: Mapped[datetime | None]
    """When the text last changed."""
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[CreatedAt]


class SectionMandateItem(Base):
    """That a section answers a mandate item."""

    __tablename__ = "section_mandate_item"

    section_id: Mapped[UUID] = mapped_column(
        ForeignKey("section.id", ondelete="CASCADE"), primary_key=True
    )
    mandate_item_id: Mapped[UUID] = mapped_column(
        ForeignKey("mandate_item.id", ondelete="CASCADE"), primary_key=True
    )


class ChangeCounter(Base):
    """How often anything that a report's screens show has changed; polled besides the broker.

    rights_version: the version as of the last change of anything but texts. Whatever a right or a
    lock depends on counts there, in the transaction that changes it.
    """

    __tablename__ = "change_counter"

    report_id: Mapped[UUID] = mapped_column(
        ForeignKey("report.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(BigInteger, default=1)
    rights_version: Mapped[int] = mapped_column(BigInteger, default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
