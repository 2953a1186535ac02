"""The pure machine of a section: which state may follow which, who moves it, and what must hold."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.access.actor import Role
from app.access.rights import ORDER
from app.errors import Forbidden, Invalid, Refused


class SectionState(StrEnum):
    """How far a section has come."""

    OUTLINED = "outlined"
    DRAFTING = "drafting"
    SUBGROUP_REVIEW = "subgroup_review"
    SIGNED_OFF = "signed_off"
    CONSOLIDATED = "consolidated"
    IN_READING = "in_reading"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one state to another. seal: the beginning of the sealed revision's name."""

    act: str
    roles: frozenset[Role]
    seal: str = ""
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards of the edges ask about a section, at the moment of the change."""

    has_subgroup: bool = False
    has_words: bool = False
    meeting_is_open: bool = False
    is_on_floor: bool = False
    remaining: tuple[str, ...] = ()
    """Labels of the paragraphs on which nothing has been decided."""


_CONVENOR = frozenset({Role.CONVENOR})
_SECRETARIAT = frozenset({Role.SECRETARIAT})
_CHAIR = frozenset({Role.CHAIR})
_S = SectionState

EDGES: dict[tuple[SectionState, SectionState], Edge] = {
    (_S.OUTLINED, _S.DRAFTING): Edge("start drafting this section", _CONVENOR | _SECRETARIAT),
    (_S.DRAFTING, _S.SUBGROUP_REVIEW): Edge(
        "hand this section in for subgroup review",
        _CONVENOR | _SECRETARIAT,
        seal="Handed in for subgroup review",
    ),
    (_S.SUBGROUP_REVIEW, _S.SIGNED_OFF): Edge(
        "sign this section off", _CONVENOR, seal="Signed off"
    ),
    (_S.SIGNED_OFF, _S.CONSOLIDATED): Edge(
        "consolidate this section", _SECRETARIAT, seal="Consolidated"
    ),
    (_S.CONSOLIDATED, _S.IN_READING): Edge(
        "begin the reading of this section", _CHAIR | _SECRETARIAT
    ),
    (_S.IN_READING, _S.READ): Edge("end the reading of this section", _CHAIR, seal="Read"),
    (_S.SUBGROUP_REVIEW, _S.DRAFTING): Edge(
        "return this section to drafting", _CONVENOR, needs_reason=True
    ),
    (_S.SIGNED_OFF, _S.DRAFTING): Edge(
        "return this section to its subgroup", _CHAIR | _SECRETARIAT, needs_reason=True
    ),
    (_S.CONSOLIDATED, _S.DRAFTING): Edge(
        "return this section to its subgroup", _CHAIR | _SECRETARIAT, needs_reason=True
    ),
    (_S.READ, _S.IN_READING): Edge("reopen the reading of this section", _CHAIR, needs_reason=True),
}

WORDS: dict[SectionState, str] = {
    _S.OUTLINED: "outlined",
    _S.DRAFTING: "in drafting",
    _S.SUBGROUP_REVIEW: "in subgroup review",
    _S.SIGNED_OFF: "signed off",
    _S.CONSOLIDATED: "consolidated",
    _S.IN_READING: "in reading",
    _S.READ: "read",
}

_MOST_LABELS = 12


def roles_towards(held: Collection[Role], *, leads: bool, chosen: Role | None) -> frozenset[Role]:
    """Return the roles in which somebody meets a section.

    leads: whether they convene the section's own subgroup; chosen: the only role to act in.
    """
    roles = {role for role in held if chosen in (None, role)}
    return frozenset(roles if leads else roles - {Role.CONVENOR})


def edges_of(state: SectionState, roles: Collection[Role]) -> list[SectionState]:
    """Return the states into which these roles may bring a section, if its guards hold."""
    return [
        to
        for (start, to), edge in EDGES.items()
        if start is state and not edge.roles.isdisjoint(roles)
    ]


def permit(
    state: SectionState, to: SectionState, roles: Collection[Role], reason: str
) -> tuple[Edge, Role]:
    """Return the edge, and the role in which it is taken.

    Raises: Refused without such an edge; Forbidden when it is not theirs; Invalid without a reason
    where one is owed.
    """
    edge = EDGES.get((state, to))
    if edge is None:
        raise _refused(state, roles, _no_edge(state, to))
    role = next((role for role in ORDER if role in roles and role in edge.roles), None)
    if role is None:
        raise Forbidden(f"Only {_named(edge.roles)} may {edge.act}.")
    if edge.needs_reason and not reason.strip():
        raise Invalid(f"Please say why you {edge.act}: the reason is kept.")
    return edge, role


def check(state: SectionState, to: SectionState, roles: Collection[Role], facts: Facts) -> None:
    """Return if nothing about the section stands against the edge.

    Raises: Refused, with what stands against it.
    """
    hindrance = _hindrance(to, facts, is_reopening=state is _S.READ)
    if hindrance:
        raise _refused(state, roles, hindrance)


def seal_name(edge: Edge, role: Role, subgroup: str) -> str:
    """Return the name of the revision that seals a handing-in: who handed in, as what."""
    of = f", {subgroup}" if role is Role.CONVENOR and subgroup else ""
    return f"{edge.seal} by {role.value.capitalize()}{of}"[:200]


def join_labels(labels: Sequence[str]) -> str:
    """Return labels as part of a sentence; a long list says how many more there are."""
    shown = list(labels[:_MOST_LABELS])
    more = len(labels) - len(shown)
    return _and([*shown, f"{more} more"] if more else shown)


def _hindrance(to: SectionState, facts: Facts, *, is_reopening: bool) -> str:
    if to is _S.DRAFTING and not facts.has_subgroup:
        return "Assign this section to a subgroup before its drafting starts."
    if to is _S.SUBGROUP_REVIEW and not facts.has_words:
        return "There is no text yet that the subgroup could review."
    if to is _S.IN_READING and not facts.meeting_is_open and not is_reopening:
        return "A section is read in a meeting: the chair has to open one first."
    if to is _S.READ and facts.is_on_floor:
        return "A paragraph of this section is still on the floor."
    if to is _S.READ and facts.remaining:
        return _not_considered(facts.remaining)
    return ""


def _not_considered(labels: Sequence[str]) -> str:
    one = len(labels) == 1
    noun, verb = ("Paragraph", "has") if one else ("Paragraphs", "have")
    return f"{noun} {join_labels(labels)} {verb} not been considered yet."


def _no_edge(state: SectionState, to: SectionState) -> str:
    if state is to:
        return f"This section is {WORDS[state]} already."
    follow = _and([WORDS[end] for start, end in EDGES if start is state], "or")
    return (
        f"This section is {WORDS[state]}; it cannot become {WORDS[to]} from there, only {follow}."
    )


def _refused(state: SectionState, roles: Collection[Role], sentence: str) -> Refused:
    return Refused(sentence, state=state.value, allowed=[to.value for to in edges_of(state, roles)])


def _named(roles: Iterable[Role]) -> str:
    names = {
        Role.CHAIR: "the chair",
        Role.SECRETARIAT: "the secretariat",
        Role.CONVENOR: "the convenor of its subgroup",
    }
    held = set(roles)
    return _and([names[role] for role in ORDER if role in held], "or")


def _and(parts: Sequence[str], word: str = "and") -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
