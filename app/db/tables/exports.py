"""Tables of the final report's exports and of the files that the server keeps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db.base import Base, CreatedAt, IdColumn


class StoredFile(Base):
    """Bytes kept under their own SHA-256, so that every host sees them."""

    __tablename__ = "stored_file"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes]
    created_at: Mapped[CreatedAt]


class Export(Base):
    """A report or section being written out as a file: its stage, its count, its end."""

    __tablename__ = "export"

    id: Mapped[IdColumn]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    section_id: Mapped[UUID | None] = mapped_column(ForeignKey("section.id"))
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revision.id"))
    format: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    """`waiting`, `running`, `done`, `failed` or `cancelled`."""
    stage: Mapped[str] = mapped_column(String(40), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(1000), default="")
    filename: Mapped[str] = mapped_column(String(300), default="")
    file_hash: Mapped[str | None] = mapped_column(ForeignKey("stored_file.hash"))
    size_bytes: Mapped[int] = mapped_column(default=0)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[CreatedAt]
    beat_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When whoever writes it last said that they are still at it; silent too long means dead."""
    ended_at: Mapped[datetime | None]
