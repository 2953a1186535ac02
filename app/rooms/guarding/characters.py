"""Which units of a text are plain characters, read from what the CRDT library itself emitted."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.rooms.frames import Malformed, Reader
from app.rooms.strict.facts import Typed

Stretch = tuple[int, int, int]
"""Units of one client: client id, first clock, clock behind the last."""
Unit = tuple[int, int]
"""Client id and clock."""

_GC, _DELETED, _STRING, _EMBED, _FORMAT, _TYPE, _SKIP = 0, 1, 4, 5, 6, 7, 10
_HAS_ORIGIN, _HAS_RIGHT, _HAS_KEY = 0x80, 0x40, 0x20


@dataclass(slots=True)
class Emission:
    """What an emitted update writes and deletes."""

    characters: list[Stretch] = field(default_factory=list)
    """Stretches of characters, as they were written."""
    behind: Unit | None = None
    """What the last of them was put behind; None for the beginning."""
    before: Unit | None = None
    """What the last of them was put before; None for the end."""
    size_bytes: int = 0
    """Length of all of them in UTF-8."""
    has_more: bool = False
    """It writes something else too: a marker, a mark, a call, a footnote's text."""
    deletes: list[Stretch] = field(default_factory=list)

    @property
    def deleted_units(self) -> int:
        """How many units it deletes."""
        return sum(end - start for _, start, end in self.deletes)


def read_emission(update: bytes) -> Emission:
    """Return what an update says that the library wrote; no check of anything from outside.

    Raises: Malformed for a kind of content that no section holds.
    """
    reader, emission = Reader(update), Emission()
    for _ in range(reader.uint()):
        count, client, clock = reader.uint(), reader.uint(), reader.uint()
        for _ in range(count):
            clock += _read_struct(reader, emission, client, clock)
    emission.deletes = list(_read_deletes(reader))
    return emission


def emission_of(typed: Typed) -> Emission:
    """Return the same for an update that came out of the library as it went in, and types on."""
    client, start, end, behind, before = typed.piece
    return Emission([(client, start, end)], behind, before, typed.size_bytes)


class Characters:
    """The units that are known to be plain characters. What is not known may be anything."""

    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}

    def add(self, stretch: Stretch) -> None:
        """Note that these units are characters."""
        client, start, end = stretch
        starts, ends = self._starts.setdefault(client, []), self._ends.setdefault(client, [])
        first, last = bisect_left(ends, start), bisect_right(starts, end)
        if first < last:
            start, end = min(start, starts[first]), max(end, ends[last - 1])
        starts[first:last], ends[first:last] = [start], [end]

    def holds(self, stretch: Stretch) -> bool:
        """Return whether every one of these units is known to be a character."""
        client, start, end = stretch
        starts = self._starts.get(client, [])
        at = bisect_right(starts, start) - 1
        return at >= 0 and end <= self._ends[client][at]


def _read_struct(reader: Reader, emission: Emission, client: int, clock: int) -> int:
    """Take one struct and return how many units it has."""
    info = reader.byte()
    kind = info & 0x1F
    if kind in (_GC, _SKIP):
        emission.has_more = True
        return reader.uint()
    behind, before = _read_place(reader, info)
    if kind != _STRING:
        emission.has_more = True
        return _skip_content(reader, kind)
    text = reader.string()
    size_bytes = len(text.encode())
    units = size_bytes if size_bytes == len(text) else len(text.encode("utf-16-le")) // 2
    emission.characters.append((client, clock, clock + units))
    emission.behind, emission.before = behind, before
    emission.size_bytes += size_bytes
    return units


def _read_place(reader: Reader, info: int) -> tuple[Unit | None, Unit | None]:
    behind = _read_unit(reader) if info & _HAS_ORIGIN else None
    before = _read_unit(reader) if info & _HAS_RIGHT else None
    if behind is None and before is None:
        if reader.uint():
            reader.bytes()
        else:
            _read_unit(reader)
        if info & _HAS_KEY:
            reader.bytes()
    return behind, before


def _read_unit(reader: Reader) -> Unit:
    return reader.uint(), reader.uint()


def _skip_content(reader: Reader, kind: int) -> int:
    if kind == _DELETED:
        return reader.uint()
    if kind == _FORMAT:
        reader.bytes()
        reader.bytes()
    elif kind == _EMBED:
        reader.bytes()
    elif kind == _TYPE:
        reader.uint()
    else:
        raise Malformed("An update holds a part of an unknown kind.")
    return 1


def _read_deletes(reader: Reader) -> Iterator[Stretch]:
    for _ in range(reader.uint()):
        client = reader.uint()
        for _ in range(reader.uint()):
            start = reader.uint()
            yield client, start, start + reader.uint()
