"""Who is asking, and in which acting role."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member, and the role in which they chose to act (None: any role they hold)."""

    member_id: MemberId
    name: str
    is_system_administrator: bool = False
    acting_role: Role | None = None
