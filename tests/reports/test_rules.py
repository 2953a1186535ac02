"""The machine of a section, edge by edge."""

from itertools import product

import pytest

from app.access.actor import Role
from app.errors import Forbidden, Invalid, Refused
from app.reports.rules import (
    EDGES,
    Facts,
    SectionState,
    check,
    edges_of,
    join_labels,
    permit,
    roles_towards,
    seal_name,
)

S = SectionState
ANYONE = frozenset(Role)
READY = Facts(has_subgroup=True, has_words=True, meeting_is_open=True)

TABLE: dict[tuple[SectionState, SectionState], set[Role]] = {
    (S.OUTLINED, S.DRAFTING): {Role.CONVENOR, Role.SECRETARIAT},
    (S.DRAFTING, S.SUBGROUP_REVIEW): {Role.CONVENOR, Role.SECRETARIAT},
    (S.SUBGROUP_REVIEW, S.SIGNED_OFF): {Role.CONVENOR},
    (S.SUBGROUP_REVIEW, S.DRAFTING): {Role.CONVENOR},
    (S.SIGNED_OFF, S.CONSOLIDATED): {Role.SECRETARIAT},
    (S.SIGNED_OFF, S.DRAFTING): {Role.CHAIR, Role.SECRETARIAT},
    (S.CONSOLIDATED, S.IN_READING): {Role.CHAIR, Role.SECRETARIAT},
    (S.CONSOLIDATED, S.DRAFTING): {Role.CHAIR, Role.SECRETARIAT},
    (S.IN_READING, S.READ): {Role.CHAIR},
    (S.READ, S.IN_READING): {Role.CHAIR},
}
OWING_A_REASON = {
    (S.SUBGROUP_REVIEW, S.DRAFTING),
    (S.SIGNED_OFF, S.DRAFTING),
    (S.CONSOLIDATED, S.DRAFTING),
    (S.READ, S.IN_READING),
}
SEALED = {
    (S.DRAFTING, S.SUBGROUP_REVIEW),
    (S.SUBGROUP_REVIEW, S.SIGNED_OFF),
    (S.SIGNED_OFF, S.CONSOLIDATED),
    (S.IN_READING, S.READ),
}
PAIRS = list(product(S, S))


@pytest.mark.parametrize(("state", "to"), PAIRS)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_take_exactly_its_edges(
    state: SectionState, to: SectionState, role: Role
) -> None:
    allowed = TABLE.get((state, to))

    if allowed is None:
        with pytest.raises(Refused) as refused:
            permit(state, to, {role}, "a reason")
        assert refused.value.facts["state"] == state.value
        assert str(refused.value).endswith(".")
    elif role in allowed:
        assert permit(state, to, {role}, "a reason")[1] is role
        assert to in edges_of(state, {role})
    else:
        with pytest.raises(Forbidden, match=r"^Only the .* may .*\.$"):
            permit(state, to, {role}, "a reason")
        assert to not in edges_of(state, {role})


@pytest.mark.parametrize(("state", "to"), EDGES)
def test_a_return_owes_a_reason_and_no_other_edge_does(
    state: SectionState, to: SectionState
) -> None:
    if (state, to) in OWING_A_REASON:
        with pytest.raises(Invalid, match=r"^Please say why you"):
            permit(state, to, ANYONE, "  ")
    else:
        permit(state, to, ANYONE, "")


@pytest.mark.parametrize(("state", "to"), EDGES)
def test_each_handing_in_is_sealed(state: SectionState, to: SectionState) -> None:
    assert bool(EDGES[state, to].seal) is ((state, to) in SEALED)


@pytest.mark.parametrize(("state", "to"), EDGES)
def test_nothing_stands_against_an_edge_when_all_is_ready(
    state: SectionState, to: SectionState
) -> None:
    check(state, to, ANYONE, READY)


@pytest.mark.parametrize(
    ("state", "to", "facts", "sentence"),
    [
        (S.OUTLINED, S.DRAFTING, Facts(), "Assign this section to a subgroup"),
        (S.CONSOLIDATED, S.DRAFTING, Facts(), "Assign this section to a subgroup"),
        (S.DRAFTING, S.SUBGROUP_REVIEW, Facts(has_subgroup=True), "no text yet"),
        (S.CONSOLIDATED, S.IN_READING, Facts(has_subgroup=True), "chair has to open one"),
        (S.IN_READING, S.READ, Facts(is_on_floor=True), "still on the floor"),
        (
            S.IN_READING,
            S.READ,
            Facts(remaining=("12", "13 (a)")),
            "Paragraphs 12 and 13 (a) have not been considered yet.",
        ),
        (S.IN_READING, S.READ, Facts(remaining=("12",)), "Paragraph 12 has not been considered"),
    ],
)
def test_a_guard_says_what_stands_against_it(
    state: SectionState, to: SectionState, facts: Facts, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        check(state, to, {Role.CHAIR}, facts)

    assert sentence in str(refused.value)
    assert refused.value.facts["state"] == state.value
    assert refused.value.facts["allowed"] == [one.value for one in edges_of(state, {Role.CHAIR})]


def test_reopening_needs_no_meeting() -> None:
    check(S.READ, S.IN_READING, ANYONE, Facts())


def test_a_refusal_names_what_can_follow() -> None:
    with pytest.raises(Refused) as refused:
        permit(S.SUBGROUP_REVIEW, S.CONSOLIDATED, {Role.CONVENOR}, "")

    assert str(refused.value) == (
        "This section is in subgroup review; "
        "it cannot become consolidated from there, only signed off or in drafting."
    )
    assert refused.value.facts["allowed"] == ["signed_off", "drafting"]


def test_a_section_that_is_there_already_is_told_so() -> None:
    with pytest.raises(Refused, match=r"^This section is signed off already\.$"):
        permit(S.SIGNED_OFF, S.SIGNED_OFF, ANYONE, "")


@pytest.mark.parametrize(
    ("leads", "chosen", "roles"),
    [
        (True, None, {Role.CONVENOR, Role.MEMBER}),
        (False, None, {Role.MEMBER}),
        (True, Role.CONVENOR, {Role.CONVENOR}),
        (False, Role.CONVENOR, set()),
        (True, Role.CHAIR, set()),
    ],
)
def test_a_convenor_is_one_towards_the_own_subgroups_sections_only(
    leads: bool, chosen: Role | None, roles: set[Role]
) -> None:
    assert roles_towards({Role.CONVENOR, Role.MEMBER}, leads=leads, chosen=chosen) == roles


def test_a_seal_says_who_handed_in_as_what() -> None:
    edge = EDGES[S.DRAFTING, S.SUBGROUP_REVIEW]

    assert seal_name(edge, Role.CONVENOR, "Access") == (
        "Handed in for subgroup review by Convenor, Access"
    )
    assert seal_name(edge, Role.SECRETARIAT, "Access") == (
        "Handed in for subgroup review by Secretariat"
    )
    assert len(seal_name(edge, Role.CONVENOR, "x" * 200)) == 200


def test_a_long_list_of_labels_ends_with_how_many_more() -> None:
    assert join_labels([str(number) for number in range(1, 31)]) == (
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 18 more"
    )
