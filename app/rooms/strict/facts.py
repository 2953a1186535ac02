"""What an update says, as the guard needs it: what it writes, builds on, cuts and deletes."""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Unit: TypeAlias = tuple[int, int]
"""(client id, clock): one UTF-16 unit of text, one embed, one mark, one footnote."""
Range: TypeAlias = tuple[int, int]
"""(first clock, clock behind the last)."""
Deletes: TypeAlias = dict[int, list[Range]]
Piece: TypeAlias = tuple[int, int, int, Unit | None, Unit | None]
"""Something written in one go: client id, first clock, clock behind the last; what its first unit
was put behind, and what all of it was put before."""


class Wait(NamedTuple):
    """Something written that builds on a unit of another client."""

    client_id: int
    clock: int
    other_id: int
    other_clock: int


class Follower(NamedTuple):
    """A footnote, or what was deleted, placed by its neighbour: only the document knows where."""

    client_id: int
    clock: int
    length: int
    behind: Unit
    is_footnote: bool


class Entry(NamedTuple):
    """A footnote, or what is left of one, in the map of footnotes."""

    client_id: int
    clock: int
    length: int


class Typed(NamedTuple):
    """Words put behind something, before something, or both. size_bytes: in UTF-8."""

    piece: Piece
    size_bytes: int


@dataclass(slots=True)
class UpdateFacts:
    """What an update says. No part builds on itself or on what its own client writes later."""

    writes: list[tuple[int, int, int]] = field(default_factory=list)
    """(client id, first clock, clock behind the last), in the order of the update."""
    deletes: Deletes = field(default_factory=dict)
    names_blocks: bool = False
    """It gives a block an id."""
    embeds: bool = False
    """It embeds something: a block marker, a footnote call, a line break."""
    pieces: list[Piece] = field(default_factory=list)
    inside: list[Unit] = field(default_factory=list)
    """The footnotes whose first content it is."""
    waits: list[Wait] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    pairs: set[Unit] = field(default_factory=set)
    """The first halves of characters that are two units long."""
    typed: Typed | None = field(default=None, compare=False)
    """The only thing that it says, if that is known to be some words."""
