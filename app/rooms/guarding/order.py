"""Do two units of a text stand in order? Asked of a scratch document, when nothing tells it."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from pycrdt import Doc, Text

from app.rooms.frames import decode_vector, string, uint
from app.rooms.strict.facts import Unit
from app.rooms.strict.runs import Doubt
from app.text.from_crdt import body_of, notes_of

# Of all that stands behind the same unit, what has the smallest client id comes first.
_SMALLEST_ID = 0
_BEHIND, _EMBED = 0x80, 5
_KEY = "rank"

Place: TypeAlias = tuple[int, int]
"""Which text (0: the body), and how far in it."""


def in_order(doc: Doc[Any], doubts: Sequence[Doubt]) -> bool:
    """Return whether both sides of every new place stand in order, in the same text.

    What was deleted for good stands nowhere; what is put between two such units disappears too.
    Effects: spoils the document.
    """
    units = list(dict.fromkeys(unit for doubt in doubts for unit in _units(doubt)))
    doc.apply_update(_stakes_behind(doc, units))
    places = _places(doc)
    found = {unit: places[rank] for rank, unit in enumerate(units) if rank in places}
    return all(_is_sound(doubt, found) for doubt in doubts)


def _units(doubt: Doubt) -> list[Unit]:
    return [unit for unit in (doubt.behind, doubt.before, *doubt.outer) if unit is not None]


def _is_sound(doubt: Doubt, found: dict[Unit, Place]) -> bool:
    behind, before = _place(doubt.behind, found), _place(doubt.before, found)
    if behind is None and before is None:
        # All of it is gone, and so will be what was put there.
        return True
    last, first = (_place(unit, found) for unit in doubt.outer)
    if behind is None:
        return doubt.behind is None and last is None
    if before is None:
        return doubt.before is None and first is None
    # Between something and nothing the libraries disagree about the place.
    inner = last is None or (last[0] == behind[0] and last[1] <= behind[1])
    outer = first is None or (first[0] == before[0] and first[1] >= before[1])
    return behind[0] == before[0] and behind[1] < before[1] and inner and outer


def _place(unit: Unit | None, found: dict[Unit, Place]) -> Place | None:
    return None if unit is None else found.get(unit)


def _stakes_behind(doc: Doc[Any], units: list[Unit]) -> bytes:
    """An update that puts a numbered stake directly behind each unit."""
    clock = decode_vector(doc.get_state()).get(_SMALLEST_ID, 0)
    stakes = [
        bytes([_BEHIND | _EMBED]) + uint(client) + uint(at) + string(f'{{"{_KEY}":{rank}}}')
        for rank, (client, at) in enumerate(units)
    ]
    return b"".join((uint(1), uint(len(stakes)), uint(_SMALLEST_ID), uint(clock), *stakes, uint(0)))


def _places(doc: Doc[Any]) -> dict[int, Place]:
    """Where the stakes stand, by their numbers."""
    notes = [note for note in notes_of(doc).values() if isinstance(note, Text)]
    places: dict[int, Place] = {}
    for number, text in enumerate([body_of(doc), *notes]):
        for place, (value, _) in enumerate(text.diff()):
            if isinstance(value, dict) and value.keys() == {_KEY}:
                places[int(value[_KEY])] = (number, place)
    return places
