"""What the routes of people take and give, as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, EmailStr, Field, StringConstraints, TypeAdapter

from app.access.actor import Role, StakeholderGroup
from app.access.fields import Asked, Country, Label, LongText, Name, Shown

SeatRoleName = Literal[Role.CHAIR, Role.SECRETARIAT, Role.MEMBER, Role.OBSERVER]
MAX_PASSWORD = 200
MIN_PASSWORD = 10


def normal_email(address: str) -> str:
    """Return the form in which an e-mail address is stored and looked for."""
    return address.strip().lower()


Email = Annotated[EmailStr, AfterValidator(normal_email)]
EMAIL: TypeAdapter[str] = TypeAdapter(Email)
SeatRoles = Annotated[list[SeatRoleName], Field(min_length=1, max_length=4)]
Given = Annotated[str, StringConstraints(max_length=320)]
"""Something given to sign in with: never refused for its shape, or the answer would tell."""


class _WithPassword(Asked):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class SignInAsked(_WithPassword):
    """An e-mail address and a password."""

    email: Given
    password: Annotated[str, StringConstraints(max_length=1_000)]


class LinkRedeemed(Asked):
    """The secret part of a one-time link."""

    token: Given


class NewPassword(_WithPassword):
    """The password from now on, and the present one if there is one."""

    current: Annotated[str | None, StringConstraints(max_length=1_000)] = None
    new: Annotated[str, StringConstraints(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)]


class GroupName(Shown):
    """A working group by name."""

    id: UUID
    name: str


class SubgroupPlace(Shown):
    """A place in a subgroup."""

    id: UUID
    name: str
    convenor: bool


class SeatShown(Shown):
    """What somebody is in one working group."""

    working_group: GroupName
    stakeholder_group: StakeholderGroup
    country: str
    personal_capacity: bool
    roles: list[Role]
    subgroups: list[SubgroupPlace]


class Me(Shown):
    """Who is signed in, and what they are where."""

    id: UUID
    name: str
    email: str
    is_system_administrator: bool
    has_password: bool
    seats: list[SeatShown]


class ApiTokenAsked(Asked):
    """What the new token is for."""

    name: Label


class ApiTokenShown(Shown):
    """An API token without its secret."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    """To the minute; null: never yet."""


class ApiTokenMade(ApiTokenShown):
    """A new API token; its secret is shown this once."""

    token: str


class SeatGiven(Asked):
    """A seat in a working group and its roles."""

    stakeholder_group: StakeholderGroup = StakeholderGroup.CIVIL_SOCIETY
    country: Country = ""
    personal_capacity: bool = True
    roles: SeatRoles = Field(default=[Role.MEMBER])


class MemberInvited(SeatGiven):
    """A person who is to have a seat."""

    name: Name
    email: Email


class SeatChanged(Asked):
    """What is to change about a member; what is left out stays."""

    name: Name | None = None
    stakeholder_group: StakeholderGroup | None = None
    country: Country | None = None
    personal_capacity: bool | None = None
    roles: SeatRoles | None = None


class MemberShown(Shown):
    """A member of a working group."""

    id: UUID
    name: str
    email: str | None
    """Null for whoever may not look after people and asks about somebody else."""
    stakeholder_group: StakeholderGroup
    country: str
    personal_capacity: bool
    roles: list[Role]
    subgroups: list[SubgroupPlace]


class Invitation(Shown):
    """The member, and the one-time link to pass on; none for somebody who can sign in already."""

    member: MemberShown
    link: str | None


class LinkMade(Shown):
    """A one-time link to pass on."""

    link: str


class FirstSecretariat(Asked):
    """Who is to lead the work of a new group."""

    name: Name
    email: Email


class GroupCreated(Asked):
    """A new working group."""

    name: Name
    mandate: LongText = ""
    secretariat: FirstSecretariat | None = None


class GroupShown(Shown):
    """A working group."""

    id: UUID
    name: str
    mandate: str


class GroupMade(GroupShown):
    """A new working group, and the one-time link of its first secretariat."""

    link: str | None


class SubgroupAsked(Asked):
    """A subgroup's name."""

    name: Name


class SubgroupMemberShown(Shown):
    """Somebody in a subgroup."""

    id: UUID
    name: str
    convenor: bool


class SubgroupShown(Shown):
    """A subgroup and its people, the convenors first."""

    id: UUID
    name: str
    members: list[SubgroupMemberShown]


class PlaceGiven(Asked):
    """Whether the member leads the subgroup."""

    convenor: bool = False
