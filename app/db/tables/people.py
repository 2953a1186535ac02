"""Tables of people: working groups, members and their seats, subgroups, sign-ins, tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, IdColumn


class WorkingGroup(Base):
    """A group of people with a mandate, who must hand in a report."""

    __tablename__ = "working_group"

    id: Mapped[IdColumn]
    name: Mapped[str] = mapped_column(String(200))
    mandate: Mapped[str] = mapped_column(String(20_000), default="")
    created_at: Mapped[CreatedAt]


class Member(Base):
    """A person who can sign in. What they may do hangs on their seats, not on this row."""

    __tablename__ = "member"

    id: Mapped[IdColumn]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Lower case."""
    password_hash: Mapped[str | None] = mapped_column(String(300))
    is_system_administrator: Mapped[bool] = mapped_column(default=False)
    """Technical only: gives no right to any text."""
    created_at: Mapped[CreatedAt]


class Seat(Base):
    """A member's place in a working group: their stakeholder group and where they come from."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("working_group_id", "member_id"),)

    id: Mapped[IdColumn]
    working_group_id: Mapped[UUID] = mapped_column(ForeignKey("working_group.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    stakeholder_group: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(120), default="")
    """Country or region."""
    personal_capacity: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[CreatedAt]


class SeatRole(Base):
    """A role that a seat carries: secretariat, chair, member or observer."""

    __tablename__ = "seat_role"

    seat_id: Mapped[UUID] = mapped_column(
        ForeignKey("seat.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Subgroup(Base):
    """A part of the working group that drafts the sections assigned to it."""

    __tablename__ = "subgroup"
    __table_args__ = (UniqueConstraint("working_group_id", "name"),)

    id: Mapped[IdColumn]
    working_group_id: Mapped[UUID] = mapped_column(ForeignKey("working_group.id"))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[CreatedAt]


class SubgroupMember(Base):
    """A member's place in a subgroup; the convenor leads it."""

    __tablename__ = "subgroup_member"

    subgroup_id: Mapped[UUID] = mapped_column(
        ForeignKey("subgroup.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    convenor: Mapped[bool] = mapped_column(default=False)


class SignIn(Base):
    """A browser's login, held on the server; ending the row ends the login."""

    __tablename__ = "sign_in"

    id: Mapped[IdColumn]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    """SHA-256 of the cookie's value."""
    by_link: Mapped[bool] = mapped_column(default=False)
    """Whether a one-time link opened it: then a new password needs no old one."""
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link that signs a member in once, before it expires."""

    __tablename__ = "one_time_link"

    id: Mapped[IdColumn]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInTry(Base):
    """One try to sign in by password, kept for an hour: guessing is limited by all workers."""

    __tablename__ = "sign_in_try"

    id: Mapped[IdColumn]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    """SHA-256 of the network address that it came from."""
    pair_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    """SHA-256 of that address and the e-mail address; None once the right password was given."""
    is_wrong: Mapped[bool] = mapped_column(default=False)
    tried_at: Mapped[datetime]


class ApiToken(Base):
    """A member's key for programs: Bearer over HTTP, the token of the live protocol on sockets."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_member_id", "member_id"),)

    id: Mapped[IdColumn]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]
