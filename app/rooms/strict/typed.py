"""Reads at a glance what nearly every update is: one client types on in a text, and no more."""

import re
from functools import lru_cache

from app.rooms.strict.cursor import MAX_CLIENT_ID
from app.rooms.strict.facts import Deletes, Entry, Follower, Piece, Typed, Unit, UpdateFacts, Wait

_MAX_CLOCK = 2**31
_LAST_OF_ONE_UNIT = "\uffff"

# A varuint of at most 8 bytes, as short as it can be.
_UINT = rb"([\x80-\xff]{0,7}[\x01-\x7f]|\x00)"
_PLACE = _UINT + _UINT
# One client, one struct, a string behind something, before something, or both; nothing deleted.
_TYPED = re.compile(
    rb"\x01\x01" + _PLACE + rb"(?:\x84" + _PLACE + rb"|\x44" + _PLACE + rb"|\xc4" + _PLACE + _PLACE
    + rb")([\x01-\x7f])(.*)\x00",
    re.DOTALL,
).fullmatch  # fmt: skip

# Shared by all: what was read is never changed.
_NO_DELETES: Deletes = {}
_NONE_INSIDE: list[Unit] = []
_NO_WAITS: list[Wait] = []
_NO_ENTRIES: list[Entry] = []
_NO_FOLLOWERS: list[Follower] = []
_NO_PAIRS: set[Unit] = set()


def read_typed(update: bytes) -> UpdateFacts | None:
    """Return what the update says, if it only types on; None: read it with care.

    What it returns is what careful reading gives, which never refuses such an update.
    """
    found = _TYPED(update)
    if found is None:
        return None
    client, clock, *places, size, words = found.groups()
    length = _length(words, size[0])
    who, start = _uint(client), _uint(clock)
    end = start + length
    if not length or who >= MAX_CLIENT_ID or end >= _MAX_CLOCK:
        return None
    behind = _unit(places[0] or places[4], places[1] or places[5])
    before = _unit(places[2] or places[6], places[3] or places[7])
    waits = _NO_WAITS
    for unit in (behind, before):
        if unit is None:
            continue
        if unit[0] != who and unit[0] < MAX_CLIENT_ID:
            waits = [*waits, Wait(who, start, *unit)]
        elif unit[0] != who or unit[1] >= start:
            return None
    piece: Piece = (who, start, end, behind, before)
    return UpdateFacts(
        [(who, start, end)],
        _NO_DELETES,
        False,
        False,
        [piece],
        _NONE_INSIDE,
        waits,
        _NO_ENTRIES,
        _NO_FOLLOWERS,
        _NO_PAIRS,
        Typed(piece, len(words)),
    )


def _length(words: bytes, size: int) -> int:
    """How many units these bytes are; 0 if a glance does not tell."""
    if len(words) != size:
        return 0
    if words.isascii():
        return size
    try:
        text = words.decode()
    except UnicodeDecodeError:
        return 0
    return len(text) if max(text) <= _LAST_OF_ONE_UNIT else 0


def _unit(client: bytes | None, clock: bytes | None) -> Unit | None:
    return None if client is None or clock is None else (_uint(client), _uint(clock))


@lru_cache(maxsize=8192)
def _uint(source: bytes) -> int:
    value = 0
    for byte in reversed(source):
        value = value << 7 | byte & 0x7F
    return value
