"""Who is asking, and in which acting role."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.ids import MemberId


class Role(StrEnum):
    """A part that somebody plays in a working group."""

    CHAIR = "chair"
    SECRETARIAT = "secretariat"
    CONVENOR = "convenor"
    MEMBER = "member"
    OBSERVER = "observer"


SEAT_ROLES = (Role.CHAIR, Role.SECRETARIAT, Role.MEMBER, Role.OBSERVER)
"""The roles that a seat can carry; a convenor is one by leading a subgroup."""


class StakeholderGroup(StrEnum):
    """Where a member comes from. A label, not a rank."""

    GOVERNMENT = "government"
    PRIVATE_SECTOR = "private_sector"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIC_TECHNICAL = "academic_technical"
    INTERNATIONAL_ORGANISATION = "international_organisation"


class KeyKind(StrEnum):
    """What a member can show to be let in, for as long as it lasts."""

    SIGN_IN = "sign_in"
    API_TOKEN = "api_token"  # noqa: S105 - a name, not a secret


@dataclass(frozen=True, slots=True)
class Key:
    """The row by which somebody was let in. A live ticket is no key of its own: it has its maker's.

    expires_at: None for a key that lasts until it is withdrawn.
    """

    kind: KeyKind
    id: UUID
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member, and the role in which they chose to act (None: any role they hold)."""

    member_id: MemberId
    name: str
    is_system_administrator: bool = False
    acting_role: Role | None = None
    key: Key | None = None
    """None for somebody on whose behalf the server itself acts."""
