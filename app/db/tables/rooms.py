"""Tables of live text: the update log, checkpoints, client ids, live tickets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, IdColumn


class LogEntry(Base):
    """One row of a section's UpdateLog: what one author changed in one tick, or one decision."""

    __tablename__ = "log_entry"

    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    """`update` or `decision`."""
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    """None: the server itself."""
    acting_role: Mapped[str] = mapped_column(String(20))
    at_us: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[bytes]
    """A Yjs update (v1), or the decision's id and hash as compact JSON."""
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 over the previous hash and every column of this row."""


class LogSegment(Base):
    """A run of old rows of an UpdateLog, packed whole: the rows themselves are gone."""

    __tablename__ = "log_segment"

    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"), primary_key=True)
    first_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes]
    """Every column of the rows but their hashes, compressed."""
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The hash of the row before the first, from which the others follow."""
    last_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[CreatedAt]


class Checkpoint(Base):
    """A section's whole state at a seq, so that opening need not replay every row."""

    __tablename__ = "checkpoint"

    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    state: Mapped[bytes]
    """A Yjs update (v1) of everything up to seq."""
    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 over section, seq, log_hash and state: a checkpoint that fails it is passed over."""
    content_hash: Mapped[str] = mapped_column(String(64))
    log_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The chained hash of the row at seq."""
    created_at: Mapped[CreatedAt]


class ClientBinding(Base):
    """Which member writes under a Yjs client id in a section."""

    __tablename__ = "client_binding"

    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    """None: the server itself."""
    created_at: Mapped[CreatedAt]


class LiveTicket(Base):
    """A short-lived key with which a browser opens live documents, in one acting role."""

    __tablename__ = "live_ticket"

    id: Mapped[IdColumn]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    acting_role: Mapped[str | None] = mapped_column(String(20))
    sign_in_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("sign_in.id", ondelete="CASCADE"), index=True
    )
    """The sign-in that it was made with, and with which it ends."""
    api_token_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("api_token.id", ondelete="CASCADE")
    )
    """Or the API token that it was made with."""
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
