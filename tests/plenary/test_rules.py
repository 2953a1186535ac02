"""The machine of a paragraph in plenary, edge by edge."""

import pytest

from app.errors import Refused
from app.plenary.rules import (
    MeetingState,
    Status,
    Verb,
    check_floor,
    check_meeting_edge,
    check_open,
    next_status,
)

DECISIONS = [
    (Status.TABLED, Verb.AGREE, Status.AGREED),
    (Status.TABLED, Verb.BRACKET, Status.BRACKETED),
    (Status.TABLED, Verb.PARK, Status.PARKED),
    (Status.BRACKETED, Verb.AGREE, Status.AGREED),
    (Status.BRACKETED, Verb.PARK, Status.PARKED),
    (Status.PARKED, Verb.AGREE, Status.AGREED),
    (Status.PARKED, Verb.BRACKET, Status.BRACKETED),
]


@pytest.mark.parametrize(("status", "verb", "after"), DECISIONS)
def test_a_decision_on_the_floor_gives_the_next_status(
    status: Status, verb: Verb, after: Status
) -> None:
    assert next_status(status, verb, on_floor=True, reason="") is after


@pytest.mark.parametrize(("status", "verb", "after"), DECISIONS)
def test_nothing_is_decided_off_the_floor(status: Status, verb: Verb, after: Status) -> None:
    with pytest.raises(Refused, match="on the floor"):
        next_status(status, verb, on_floor=False, reason="")


@pytest.mark.parametrize("verb", [Verb.AGREE, Verb.BRACKET, Verb.PARK])
def test_agreed_text_is_decided_anew_only_after_reopening(verb: Verb) -> None:
    with pytest.raises(Refused, match="Reopen it"):
        next_status(Status.AGREED, verb, on_floor=True, reason="")


@pytest.mark.parametrize(
    ("status", "verb"), [(Status.BRACKETED, Verb.BRACKET), (Status.PARKED, Verb.PARK)]
)
def test_the_same_decision_twice_is_refused(status: Status, verb: Verb) -> None:
    with pytest.raises(Refused, match="already"):
        next_status(status, verb, on_floor=True, reason="")


@pytest.mark.parametrize("status", [Status.AGREED, Status.BRACKETED, Status.PARKED])
@pytest.mark.parametrize("on_floor", [True, False])
def test_reopening_with_a_reason_tables_the_paragraph_again(status: Status, on_floor: bool) -> None:
    after = next_status(status, Verb.REOPEN, on_floor=on_floor, reason="New instructions.")

    assert after is Status.TABLED


def test_reopening_needs_a_reason() -> None:
    with pytest.raises(Refused, match="Say why"):
        next_status(Status.AGREED, Verb.REOPEN, on_floor=True, reason="  ")


def test_there_is_nothing_to_reopen_before_a_decision() -> None:
    with pytest.raises(Refused, match="nothing to reopen"):
        next_status(Status.TABLED, Verb.REOPEN, on_floor=True, reason="Because.")


@pytest.mark.parametrize("state", ["consolidated", "in_reading"])
def test_a_paragraph_before_the_plenary_can_be_put_on_the_floor(state: str) -> None:
    for status in (Status.TABLED, Status.BRACKETED, Status.PARKED):
        check_floor(status, state)
    with pytest.raises(Refused, match="Reopen it"):
        check_floor(Status.AGREED, state)


@pytest.mark.parametrize("state", ["outlined", "drafting", "subgroup_review", "signed_off", "read"])
def test_a_draft_cannot_be_put_on_the_floor(state: str) -> None:
    with pytest.raises(Refused, match="consolidated"):
        check_floor(Status.TABLED, state)


MEETING_EDGES = {
    (MeetingState.OPEN, MeetingState.SUSPENDED),
    (MeetingState.OPEN, MeetingState.CLOSED),
    (MeetingState.SUSPENDED, MeetingState.OPEN),
    (MeetingState.SUSPENDED, MeetingState.CLOSED),
}


@pytest.mark.parametrize("state", MeetingState)
@pytest.mark.parametrize("to", MeetingState)
def test_a_meeting_goes_only_along_its_edges(state: MeetingState, to: MeetingState) -> None:
    if (state, to) in MEETING_EDGES:
        check_meeting_edge(state, to)
        return
    with pytest.raises(Refused) as refusal:
        check_meeting_edge(state, to)
    assert refusal.value.facts == {"state": state.value}


def test_only_an_open_meeting_works() -> None:
    check_open(MeetingState.OPEN)
    with pytest.raises(Refused, match="suspended"):
        check_open(MeetingState.SUSPENDED)
    with pytest.raises(Refused, match="closed"):
        check_open(MeetingState.CLOSED)
