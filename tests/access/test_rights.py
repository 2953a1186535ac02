"""The table of roles and rights, and the role in which a right is used."""

import pytest

from app.access.actor import Role
from app.access.rights import ORDER, SENTENCES, TABLE, Right, acting_role, refusal

R = Role
EXPECTED = {
    Right.SEE: "chair secretariat convenor member observer",
    Right.MANAGE_PEOPLE: "secretariat",
    Right.EDIT_OUTLINE: "secretariat",
    Right.EDIT_MANDATE: "secretariat",
    Right.NAME_REVISION: "chair secretariat convenor",
    Right.RESTORE: "secretariat convenor member",
    Right.OPEN_MEETING: "chair",
    Right.PUT_ON_FLOOR: "chair secretariat",
    Right.GIVE_PEN: "chair",
    Right.HOLD_PEN: "chair secretariat convenor member",
    Right.GAVEL: "chair",
    Right.SHOW_SCREEN: "chair secretariat",
    Right.EXPORT: "chair secretariat convenor member observer",
}


def test_each_right_belongs_to_exactly_its_roles() -> None:
    assert {
        right: " ".join(role for role in ORDER if role in TABLE[right]) for right in Right
    } == EXPECTED


def test_every_right_has_a_sentence_that_names_who_has_it() -> None:
    assert set(SENTENCES) == set(Right)
    assert refusal(Right.GAVEL) == "Only the chair may record a decision of the meeting."
    assert refusal(Right.RESTORE) == (
        "Only the secretariat, convenor or member may restore an earlier text."
    )


@pytest.mark.parametrize(
    ("held", "right", "chosen", "acting"),
    [
        ({R.CHAIR, R.SECRETARIAT}, Right.PUT_ON_FLOOR, None, R.CHAIR),
        ({R.CHAIR, R.SECRETARIAT}, Right.EDIT_OUTLINE, None, R.SECRETARIAT),
        ({R.CHAIR, R.SECRETARIAT}, Right.EDIT_OUTLINE, R.CHAIR, None),
        ({R.CHAIR, R.SECRETARIAT}, Right.PUT_ON_FLOOR, R.SECRETARIAT, R.SECRETARIAT),
        ({R.MEMBER}, Right.SEE, R.CHAIR, None),
        ({R.MEMBER, R.CONVENOR}, Right.SEE, None, R.CONVENOR),
        ({R.OBSERVER}, Right.GAVEL, None, None),
        (set(), Right.SEE, None, None),
    ],
)
def test_a_right_is_used_in_the_chosen_role_or_the_highest_that_has_it(
    held: set[Role], right: Right, chosen: Role | None, acting: Role | None
) -> None:
    assert acting_role(held, right, chosen) is acting
