"""Do two units of a text stand in order? Asked of a scratch document, when nothing tells it."""

from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, Text

from app.rooms.frames import decode_vector, string, uint
from app.rooms.strict.facts import Unit
from app.text.from_crdt import body_of, notes_of

# Of all that stands behind the same unit, what has the smallest client id comes first.
_SMALLEST_ID = 0
_BEHIND, _EMBED = 0x80, 5
_KEY = "rank"


def in_order(doc: Doc[Any], pairs: Sequence[tuple[Unit, Unit]]) -> bool:
    """Return whether each first unit stands before its second, in the same text.

    What was deleted for good stands nowhere; what is put between two such units disappears too.
    Effects: spoils the document.
    """
    units = list(dict.fromkeys(unit for pair in pairs for unit in pair))
    doc.apply_update(_flags_behind(doc, units))
    places = _places(doc, len(units))
    found = {unit: places.get(rank) for rank, unit in enumerate(units)}
    for first, second in pairs:
        one, other = found[first], found[second]
        if one is None and other is None:
            continue
        # Between something and nothing the libraries disagree about the place.
        if one is None or other is None or one[0] != other[0] or one[1] >= other[1]:
            return False
    return True


def _flags_behind(doc: Doc[Any], units: list[Unit]) -> bytes:
    """An update that puts a numbered flag directly behind each unit."""
    clock = decode_vector(doc.get_state()).get(_SMALLEST_ID, 0)
    flags = [
        bytes([_BEHIND | _EMBED]) + uint(client) + uint(at) + string(f'{{"{_KEY}":{rank}}}')
        for rank, (client, at) in enumerate(units)
    ]
    return b"".join((uint(1), uint(len(flags)), uint(_SMALLEST_ID), uint(clock), *flags, uint(0)))


def _places(doc: Doc[Any], count: int) -> dict[int, tuple[int, int]]:
    """Where the flags stand: in which text, and at which place of it."""
    notes = [note for note in notes_of(doc).values() if isinstance(note, Text)]
    places: dict[int, tuple[int, int]] = {}
    for number, text in enumerate([body_of(doc), *notes]):
        for place, (value, _) in enumerate(text.diff()):
            if isinstance(value, dict) and value.keys() == {_KEY}:
                places[int(value[_KEY])] = (number, place)
    return places
