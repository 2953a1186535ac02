"""The pure machine of a paragraph in plenary: status and verb give a status, or a refusal."""

from enum import StrEnum

from app.errors import Refused


class Status(StrEnum):
    """What the meeting has decided about a paragraph so far."""

    TABLED = "tabled"
    AGREED = "agreed"
    BRACKETED = "bracketed"
    PARKED = "parked"


class Verb(StrEnum):
    """What the chair can decide about a paragraph."""

    AGREE = "agree"
    BRACKET = "bracket"
    PARK = "park"
    REOPEN = "reopen"


class MeetingState(StrEnum):
    """Whether a meeting's clock runs."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


_AFTER = {Verb.AGREE: Status.AGREED, Verb.BRACKET: Status.BRACKETED, Verb.PARK: Status.PARKED}
_MEETING_EDGES = {
    MeetingState.OPEN: {MeetingState.SUSPENDED, MeetingState.CLOSED},
    MeetingState.SUSPENDED: {MeetingState.OPEN, MeetingState.CLOSED},
    MeetingState.CLOSED: frozenset[MeetingState](),
}


def next_status(status: Status, verb: Verb, *, on_floor: bool, reason: str) -> Status:
    """Return the status after the decision.

    Raises: Refused, with the reason as a sentence, where the procedure does not allow it.
    """
    if verb is Verb.REOPEN:
        return _reopened(status, reason)
    if status is Status.AGREED:
        raise Refused("This paragraph is agreed. Reopen it, with a reason, before deciding anew.")
    if not on_floor:
        raise Refused("Put this paragraph on the floor before the meeting decides on it.")
    if _AFTER[verb] is status:
        raise Refused(f"This paragraph is already {status.value}.")
    return _AFTER[verb]


def _reopened(status: Status, reason: str) -> Status:
    if status is Status.TABLED:
        raise Refused("Nothing has been decided on this paragraph, so there is nothing to reopen.")
    if not reason.strip():
        raise Refused("Say why this paragraph is reopened: the reason goes on the record.")
    return Status.TABLED


def check_floor(status: Status, section_state: str) -> None:
    """Pass if a paragraph of this status, in a section of this state, can be put on the floor.

    Raises: Refused, with the reason as a sentence.
    """
    if section_state not in ("consolidated", "in_reading"):
        raise Refused(
            "Only a section that has been consolidated, or is being read, can be put on the floor."
        )
    if status is Status.AGREED:
        raise Refused("This paragraph is agreed. Reopen it, with a reason, to discuss it again.")


def check_meeting_edge(state: MeetingState, to: MeetingState) -> None:
    """Pass if a meeting in this state can go to the other.

    Raises: Refused, with the reason as a sentence.
    """
    if to in _MEETING_EDGES[state]:
        return
    if state is MeetingState.CLOSED:
        raise Refused("This meeting is closed; open a new one to go on.", state=state.value)
    raise Refused(f"This meeting is already {state.value}.", state=state.value)


def check_open(state: MeetingState) -> None:
    """Pass if the meeting is open.

    Raises: Refused, with the reason as a sentence.
    """
    if state is MeetingState.SUSPENDED:
        raise Refused("The meeting is suspended. Resume it first.", state=state.value)
    if state is MeetingState.CLOSED:
        raise Refused("The meeting is closed.", state=state.value)
