"""The pure order of an outline: who follows whom, how deep, and what a move does."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from app.errors import Refused
from app.ids import SectionId
from app.text.numbering import OutlineEntry, outline_numbers

MOST_LEVELS = 5


class Placed(Protocol):
    """A section as far as the outline is concerned; position: from 0 among its siblings."""

    id: UUID
    parent_id: UUID | None
    position: int
    numbered: bool


P = TypeVar("P", bound=Placed)


def children_of(sections: Sequence[P], parent_id: UUID | None) -> list[P]:
    """Return the sections right below a parent (None: the top), in their order."""
    below = (section for section in sections if section.parent_id == parent_id)
    return sorted(below, key=lambda section: section.position)


def in_order(sections: Sequence[P]) -> list[tuple[P, int]]:
    """Return all sections as they are read, each with its depth from 0."""
    return list(_walk(sections, None, 0))


def numbers_of(sections: Sequence[P]) -> dict[SectionId, str]:
    """Return the outline number of each section; "" for those that have none."""
    return outline_numbers(_entries(sections, None))


def depth_of(sections: Sequence[P], section_id: UUID | None) -> int:
    """Return how deep a section lies, from 0 at the top; -1 for the outline itself (None)."""
    parents = {section.id: section.parent_id for section in sections}
    depth = -1
    while section_id is not None:
        depth += 1
        section_id = parents[section_id]
    return depth


def make_room(
    sections: Sequence[P], parent_id: UUID | None, position: int | None, height: int = 1
) -> int:
    """Return the place that a new section gets below the parent, and shift what follows it.

    position: where it is to stand; None or beyond the end: last. height: levels that it brings.
    Raises: Refused if the outline became deeper than allowed.
    """
    if depth_of(sections, parent_id) + height >= MOST_LEVELS:
        raise Refused("An outline has at most five levels.")
    siblings = children_of(sections, parent_id)
    place = len(siblings) if position is None else min(position, len(siblings))
    for following in siblings[place:]:
        following.position += 1
    return place


def take_out(sections: Sequence[P], section: P) -> None:
    """Close the gap that the section leaves among its siblings."""
    for following in children_of(sections, section.parent_id):
        if following.position > section.position:
            following.position -= 1


def move(sections: Sequence[P], section: P, parent_id: UUID | None, position: int | None) -> None:
    """Put a section, with all below it, at a position below another parent or the same.

    Raises: Refused below itself, or if the outline became deeper than allowed; then nothing moved.
    """
    if parent_id in _family(sections, section.id):
        raise Refused("A section cannot be moved below itself.")
    if depth_of(sections, parent_id) + _height(sections, section.id) >= MOST_LEVELS:
        raise Refused("An outline has at most five levels.")
    others = [other for other in sections if other.id != section.id]
    take_out(others, section)
    section.position = make_room(others, parent_id, position)
    section.parent_id = parent_id


def _walk(sections: Sequence[P], parent_id: UUID | None, depth: int) -> Iterator[tuple[P, int]]:
    for section in children_of(sections, parent_id):
        yield section, depth
        yield from _walk(sections, section.id, depth + 1)


def _entries(sections: Sequence[P], parent_id: UUID | None) -> tuple[OutlineEntry, ...]:
    return tuple(
        OutlineEntry(SectionId(section.id), section.numbered, _entries(sections, section.id))
        for section in children_of(sections, parent_id)
    )


def _family(sections: Sequence[P], section_id: UUID) -> set[UUID]:
    return {section_id, *(below.id for below, _ in _walk(sections, section_id, 0))}


def _height(sections: Sequence[P], section_id: UUID) -> int:
    return 2 + max((depth for _, depth in _walk(sections, section_id, 0)), default=-1)
