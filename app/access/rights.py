"""The pure table of roles and rights."""

from collections.abc import Collection
from enum import StrEnum

from app.access.actor import Role


class Right(StrEnum):
    """Something that a role allows in a working group."""

    SEE = "see"
    """See the group, its reports, drafts and meetings."""
    MANAGE_PEOPLE = "manage_people"
    EDIT_OUTLINE = "edit_outline"
    EDIT_MANDATE = "edit_mandate"
    NAME_REVISION = "name_revision"
    RESTORE = "restore"
    OPEN_MEETING = "open_meeting"
    PUT_ON_FLOOR = "put_on_floor"
    GIVE_PEN = "give_pen"
    HOLD_PEN = "hold_pen"
    GAVEL = "gavel"
    SHOW_SCREEN = "show_screen"
    EXPORT = "export"


_ALL = frozenset(Role)
_PODIUM = frozenset({Role.CHAIR, Role.SECRETARIAT})
_DRAFTERS = frozenset({Role.SECRETARIAT, Role.CONVENOR, Role.MEMBER})

TABLE: dict[Right, frozenset[Role]] = {
    Right.SEE: _ALL,
    Right.MANAGE_PEOPLE: frozenset({Role.SECRETARIAT}),
    Right.EDIT_OUTLINE: frozenset({Role.SECRETARIAT}),
    Right.EDIT_MANDATE: frozenset({Role.SECRETARIAT}),
    Right.NAME_REVISION: frozenset({Role.CHAIR, Role.SECRETARIAT, Role.CONVENOR}),
    Right.RESTORE: _DRAFTERS,
    Right.OPEN_MEETING: frozenset({Role.CHAIR}),
    Right.PUT_ON_FLOOR: _PODIUM,
    Right.GIVE_PEN: frozenset({Role.CHAIR}),
    Right.HOLD_PEN: _ALL - {Role.OBSERVER},
    Right.GAVEL: frozenset({Role.CHAIR}),
    Right.SHOW_SCREEN: _PODIUM,
    Right.EXPORT: _ALL,
}

ORDER = (Role.CHAIR, Role.SECRETARIAT, Role.CONVENOR, Role.MEMBER, Role.OBSERVER)
"""The role that acts when several would do and none was chosen: the first here."""

SENTENCES: dict[Right, str] = {
    Right.SEE: "see this",
    Right.MANAGE_PEOPLE: "change members and subgroups",
    Right.EDIT_OUTLINE: "change the outline",
    Right.EDIT_MANDATE: "change the mandate",
    Right.NAME_REVISION: "name a revision",
    Right.RESTORE: "restore an earlier text",
    Right.OPEN_MEETING: "open, suspend or close a meeting",
    Right.PUT_ON_FLOOR: "put a paragraph on the floor",
    Right.GIVE_PEN: "hand over the pen",
    Right.HOLD_PEN: "hold the pen",
    Right.GAVEL: "record a decision of the meeting",
    Right.SHOW_SCREEN: "open or close a hall screen",
    Right.EXPORT: "export this report",
}


def acting_role(held: Collection[Role], right: Right, chosen: Role | None) -> Role | None:
    """Return the role in which the right is used, or None if no role allows it.

    chosen: the only role to consider; without it, the first held one in ORDER that allows it.
    """
    candidates = [chosen] if chosen is not None else list(ORDER)
    for role in candidates:
        if role in held and role in TABLE[right]:
            return role
    return None


def refusal(right: Right) -> str:
    """Return the sentence that tells somebody that the right is not theirs, and whose it is."""
    roles = [role.value for role in ORDER if role in TABLE[right]]
    named = roles[0] if len(roles) == 1 else ", ".join(roles[:-1]) + " or " + roles[-1]
    return f"Only the {named} may {SENTENCES[right]}."
