"""Tables of looking back: named revisions and the record of section states."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, IdColumn


class Revision(Base):
    """A name for a section's text at a seq, sealed by its content hash. Never changed."""

    __tablename__ = "revision"
    __table_args__ = (Index("ix_revision_section_id_seq", "section_id", "seq"),)

    id: Mapped[IdColumn]
    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    acting_role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[CreatedAt]


class SectionStateChange(Base):
    """That a section went from one state to another: who, when, at which seq, why."""

    __tablename__ = "section_state_change"
    __table_args__ = (
        Index("ix_section_state_change_section_id_created_at", "section_id", "created_at"),
    )

    id: Mapped[IdColumn]
    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    from_state: Mapped[str] = mapped_column(String(30))
    to_state: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revision.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    acting_role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[CreatedAt]
