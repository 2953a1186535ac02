"""What may be said in marks and embeds: small, shallow JSON that every library reads alike."""

import math
from typing import Any, Final, TypeAlias

import orjson

from app.errors import Refused
from app.rooms.frames import Malformed

MAX_JSON_CHARACTERS: Final = 16_384
MAX_JSON_DEPTH: Final = 16
MAX_KEY_CHARACTERS: Final = 200
MAX_SAFE_INTEGER: Final = 2**53 - 1
# In JavaScript a property of this name is the prototype of the object that it is set on.
PROTOTYPE: Final = "__proto__"

_Json: TypeAlias = Any
_PLAIN = frozenset({"null", "true", "false", "1", "0"})
_FIRST_PRINTED, _DELETE = " ", "\x7f"


class ForeignContent(Refused):
    """Well-formed, but nothing that a section's text is made of."""


def check_key(key: str) -> None:
    """Make sure that a mark or a footnote may have this name. Raises: ForeignContent."""
    if not key or len(key) > MAX_KEY_CHARACTERS or key == PROTOTYPE:
        raise ForeignContent("A name in this change is empty, too long or not allowed.")
    if min(key) < _FIRST_PRINTED or _DELETE in key:
        raise ForeignContent("A name in this change holds characters that cannot be shown.")


def check_value(text: str) -> None:
    """Make sure that the JSON of a mark may stand. Raises: Malformed, ForeignContent."""
    if text not in _PLAIN:
        _check(_parsed(text), MAX_JSON_DEPTH)


def check_embed(text: str) -> None:
    """Make sure that the JSON of an embed may stand: an object, for a text reads as text.

    Raises: Malformed, ForeignContent.
    """
    value = _parsed(text)
    if not isinstance(value, dict):
        raise ForeignContent("What is embedded in a section's text is an object.")
    _check(value, MAX_JSON_DEPTH)


def _parsed(text: str) -> _Json:
    if len(text) > MAX_JSON_CHARACTERS:
        raise ForeignContent("A mark or an embedded thing is too large.")
    try:
        # Refuses NaN, Infinity, halves of surrogate pairs and more than 1,024 levels.
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Malformed("A mark or an embedded thing is not JSON.") from None


def _check(value: _Json, depth: int) -> None:
    if isinstance(value, dict):
        if PROTOTYPE in value:
            raise ForeignContent("A mark or an embedded thing is not allowed.")
        _check_all(list(value.values()), depth)
    elif isinstance(value, list):
        _check_all(value, depth)
    elif isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise ForeignContent("A number in this change is too large to be kept exactly.")
    elif isinstance(value, float) and not (math.isfinite(value) and abs(value) < 1e300):
        raise ForeignContent("A number in this change is too large to be kept exactly.")


def _check_all(values: list[_Json], depth: int) -> None:
    if depth == 0:
        raise ForeignContent("A mark or an embedded thing is nested too deep.")
    for value in values:
        _check(value, depth - 1)
