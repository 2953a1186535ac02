"""Deleted ranges of an update: read, joined, compared."""

from app.rooms.frames import Malformed
from app.rooms.strict.cursor import Cursor
from app.rooms.strict.facts import Deletes, Range


def read_deletes(cursor: Cursor, max_clock: int) -> Deletes:
    """Take the deleted ranges that end an update. Raises: Malformed, IndexError."""
    deletes: Deletes = {}
    count = cursor.count()
    for _ in range(count):
        client_id = cursor.client_id()
        ranges: list[Range] = []
        for _ in range(cursor.count()):
            start, length = cursor.uint(), cursor.uint()
            if length == 0 or start + length >= max_clock:
                raise Malformed("A deletion is empty or lies beyond every clock.")
            ranges.append((start, start + length))
        deletes[client_id] = ranges
    if len(deletes) != count:
        raise Malformed("An update deletes twice from the same client.")
    return deletes


def deletes_of(update: bytes) -> Deletes:
    """Return the deleted ranges of an update that holds no structs, sorted and joined."""
    cursor = Cursor(update)
    try:
        if cursor.uint() != 0:
            raise Malformed("An update without structs was expected.")
        deletes = read_deletes(cursor, 2**53)
    except IndexError:
        raise Malformed("The update ends too early.") from None
    return {client_id: joined(ranges) for client_id, ranges in deletes.items()}


def contains(known: Deletes, wanted: Deletes) -> bool:
    """Return whether every wanted range lies inside a known one; `known` is sorted and joined."""
    return all(
        any(low <= start and end <= high for low, high in known.get(client_id, ()))
        for client_id, ranges in wanted.items()
        for start, end in ranges
    )


def joined(ranges: list[Range]) -> list[Range]:
    """Return the ranges in order, neighbours and overlaps as one."""
    found: list[Range] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
