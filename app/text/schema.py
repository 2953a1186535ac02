"""The names in the shared text (equal to contracts/document.json) and how attributes are used."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

SCHEMA_VERSION: Final = 1

BODY: Final = "body"
NOTES: Final = "notes"

MARKER_KEY: Final = "b"
FOOTNOTE_KEY: Final = "fn"
LINE_BREAK_KEY: Final = "br"

PARA: Final = "para"
SUBPARA: Final = "subpara"
HEADING: Final = "heading"
PLAIN: Final = "plain"
KINDS: Final = (PARA, SUBPARA, HEADING, PLAIN)
NUMBERED_KINDS: Final = (PARA, SUBPARA)
RESTARTING_KINDS: Final = (PARA, HEADING)
DEFAULT_KIND: Final = PARA
LEVELS: Final = {SUBPARA: (1, 2), HEADING: (1, 2, 3)}
DEFAULT_LEVELS: Final = {PARA: 0, SUBPARA: 1, HEADING: 1, PLAIN: 0}
DIRECTIONS: Final = ("", "ltr", "rtl")

ATTRIBUTE_PREFIX: Final = "b."
ATTRIBUTE_ID: Final = "b.id"
ATTRIBUTE_KIND: Final = "b.kind"
ATTRIBUTE_LEVEL: Final = "b.level"
ATTRIBUTE_DIRECTION: Final = "b.dir"
RESERVED_ATTRIBUTES: Final = ("b.alt", "b.opt")
RESERVED_ATTRIBUTE_PREFIXES: Final = ("b.chg:",)

FLAG_MARKS: Final = ("strong", "em")
TEXT_MARKS: Final = ("link",)
SIMPLE_MARKS: Final = FLAG_MARKS + TEXT_MARKS
KEYED_PREFIXES: Final = ("ins:", "del:", "bracket:", "comment:")
PENDING_PREFIXES: Final = ("ins:", "del:")
# Text that is put between two parts of a bracketed or commented range belongs to it.
JOINING_PREFIXES: Final = ("bracket:", "comment:")

BLOCK_ID_PATTERN: Final = "^p[a-z2-7]{12}$"
NOTE_ID_PATTERN: Final = "^n[a-z2-7]{12}$"

CANONICAL_VERSION: Final = 1
ATOM: Final = "\ufffc"
LINE_BREAK: Final = "\n"
EMBED_KEY: Final = "embed"


def is_in_effect(key: str, value: Any) -> bool:
    """Whether a mark of this value shows; `false`, null and a wrong type read as absent."""
    if key in FLAG_MARKS:
        return value is True
    if key in TEXT_MARKS:
        return isinstance(value, str) and value != ""
    return value is not None and value is not False


def read_kind(value: Any) -> str:
    """The kind that a stored `b.kind` stands for: itself if known, else a paragraph."""
    return value if isinstance(value, str) and value in KINDS else DEFAULT_KIND


def read_level(kind: str, value: Any) -> int:
    """The level that a stored `b.level` stands for under this kind."""
    known = type(value) is int and value in LEVELS.get(kind, ())
    return int(value) if known else DEFAULT_LEVELS[kind]


def read_direction(value: Any) -> str:
    """The direction that a stored `b.dir` stands for."""
    return value if isinstance(value, str) and value in DIRECTIONS else ""


def is_same(one: Any, other: Any) -> bool:
    """Equality that tells `true` from 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def mark_changes(stored: Mapping[str, Any], marks: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What must be set on a character; a removed mark becomes false, so that its end survives."""
    changes = {key: value for key, value in marks if not is_same(stored.get(key), value)}
    wanted = dict(marks)
    for key in SIMPLE_MARKS:
        if key not in wanted and is_in_effect(key, stored.get(key)):
            changes[key] = False
    return changes


def inserted_attributes(
    marks: Iterable[tuple[str, Any]], left: Mapping[str, Any], right: Mapping[str, Any]
) -> dict[str, Any]:
    """All attributes of new text: explicit, so that nothing is inherited or closed and reopened.

    left, right: attributes of the units on both sides. The `false` of a marker does not spread
    over the text beside it: a mark is only stopped where the stored value changes.
    """
    attributes: dict[str, Any] = {}
    is_at_marker = any(key.startswith(ATTRIBUTE_PREFIX) for key in (*left, *right))
    for key in left.keys() | right.keys():
        one, other = left.get(key), right.get(key)
        shown = is_in_effect(key, one) + is_in_effect(key, other)
        closed = (one is False) + (other is False)
        if key.startswith(ATTRIBUTE_PREFIX):
            continue
        if key.startswith(JOINING_PREFIXES) and shown == 2 and is_same(one, other):
            attributes[key] = one
        elif shown + closed == 2 and (shown or not is_at_marker):
            attributes[key] = False
    return {**attributes, **dict(marks)}
