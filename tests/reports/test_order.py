"""The order of an outline, under any sequence of moves."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.ids import SectionId, new_id
from app.reports.order import (
    MOST_LEVELS,
    children_of,
    depth_of,
    in_order,
    make_room,
    move,
    numbers_of,
    take_out,
)


@dataclass
class Place:
    """A section as far as the outline is concerned."""

    title: str
    parent_id: UUID | None = None
    position: int = 0
    numbered: bool = True
    id: UUID = field(default_factory=new_id)


def outline(*titles: str) -> list[Place]:
    """An outline from titles; each leading dot is one level."""
    sections: list[Place] = []
    above: dict[int, Place] = {}
    for title in titles:
        depth = len(title) - len(title.lstrip("."))
        parent = above[depth - 1].id if depth else None
        place = Place(title.lstrip("."), parent, make_room(sections, parent, None))
        sections.append(place)
        above[depth] = place
    return sections


def drawn(sections: list[Place]) -> list[str]:
    return ["." * depth + section.title for section, depth in in_order(sections)]


def named(sections: list[Place], title: str) -> Place:
    return next(section for section in sections if section.title == title)


def test_sections_are_read_from_top_to_bottom_and_numbered_by_depth() -> None:
    sections = outline("a", ".b", "..c", ".d", "e", "f")
    named(sections, "e").numbered = False

    numbers = numbers_of(sections)

    assert drawn(sections) == ["a", ".b", "..c", ".d", "e", "f"]
    of = {section.title: numbers[SectionId(section.id)] for section in sections}
    assert of == {"a": "I.", "b": "A.", "c": "1.", "d": "B.", "e": "", "f": "II."}


@pytest.mark.parametrize(
    ("title", "parent", "position", "after"),
    [
        ("a", None, 2, ["b", "c", "a", ".x", ".y"]),
        ("c", None, 0, ["c", "a", ".x", ".y", "b"]),
        ("c", None, 99, ["a", ".x", ".y", "b", "c"]),
        ("c", "a", 1, ["a", ".x", ".c", ".y", "b"]),
        ("y", "a", 0, ["a", ".y", ".x", "b", "c"]),
        ("y", "x", None, ["a", ".x", "..y", "b", "c"]),
        ("a", "b", None, ["b", ".a", "..x", "..y", "c"]),
        ("x", None, 1, ["a", ".y", "x", "b", "c"]),
    ],
)
def test_a_move_takes_everything_below_along(
    title: str, parent: str | None, position: int | None, after: list[str]
) -> None:
    sections = outline("a", ".x", ".y", "b", "c")
    below = named(sections, parent).id if parent else None

    move(sections, named(sections, title), below, position)

    assert drawn(sections) == after


@pytest.mark.parametrize("below", ["a", "b", "c"])
def test_a_section_cannot_be_moved_below_itself(below: str) -> None:
    sections = outline("a", ".b", "..c")

    with pytest.raises(Refused, match="below itself"):
        move(sections, named(sections, "a"), named(sections, below).id, 0)

    assert drawn(sections) == ["a", ".b", "..c"]


def test_the_outline_ends_at_its_fifth_level() -> None:
    sections = outline("a", ".b", "..c", "...d", "....e", "x", ".y")

    with pytest.raises(Refused, match="five levels"):
        make_room(sections, named(sections, "e").id, None)
    with pytest.raises(Refused, match="five levels"):
        move(sections, named(sections, "x"), named(sections, "d").id, None)
    move(sections, named(sections, "x"), named(sections, "c").id, None)

    assert drawn(sections) == ["a", ".b", "..c", "...d", "....e", "...x", "....y"]


@given(st.lists(st.tuples(st.sampled_from("cmd"), *(st.integers(0, 30),) * 3), max_size=40))
def test_no_sequence_of_changes_leaves_a_gap_a_circle_or_a_sixth_level(
    steps: list[tuple[str, int, int, int]],
) -> None:
    sections: list[Place] = []
    for verb, which, below, position in steps:
        change(sections, verb, (which, below, position))

    assert len(in_order(sections)) == len(sections)
    for parent_id in {None, *(section.id for section in sections)}:
        siblings = children_of(sections, parent_id)
        assert [section.position for section in siblings] == list(range(len(siblings)))
    assert all(depth_of(sections, section.id) < MOST_LEVELS for section in sections)


def change(sections: list[Place], verb: str, numbers: tuple[int, int, int]) -> None:
    which, below, position = numbers
    parents = [None, *(section.id for section in sections)]
    parent_id = parents[below % len(parents)]
    try:
        if verb == "c":
            place = make_room(sections, parent_id, position)
            sections.append(Place(str(len(sections)), parent_id, place))
        elif sections and verb == "m":
            move(sections, sections[which % len(sections)], parent_id, position)
        elif sections:
            chosen = sections[which % len(sections)]
            if not children_of(sections, chosen.id):
                take_out(sections, chosen)
                sections.remove(chosen)
    except Refused:
        pass
