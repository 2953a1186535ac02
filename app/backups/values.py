"""Turns stored values into JSON and back: the same text for the same value, on either engine."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, LargeBinary, String, Uuid
from sqlalchemy.types import TypeEngine

from app.db.base import UtcDateTime

KINDS: dict[str, TypeEngine[Any]] = {
    "id": Uuid(),
    "moment": UtcDateTime(),
    "bytes": LargeBinary(),
    "truth": Boolean(),
    "number": BigInteger(),
    "text": String(),
}
"""The kinds of value that an archive knows, and the columns that take them in."""


def kind_of(stored: TypeEngine[Any]) -> str:
    """Return the kind of a column's values.

    Raises: TypeError for a type that archives do not know yet.
    """
    if isinstance(stored, UtcDateTime | DateTime):
        return "moment"
    for kind, types in _TYPES.items():
        if isinstance(stored, types):
            return kind
    raise TypeError(f"an archive has no kind for {stored!r}")


def encode_row(kinds: Sequence[str], row: Sequence[Any]) -> bytes:
    """Return a row as one line of JSON, without the end of the line."""
    values = [
        None if value is None else _ENCODE[kind](value)
        for kind, value in zip(kinds, row, strict=True)
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def decode_row(kinds: Sequence[str], line: bytes) -> list[Any]:
    """Return the row that a line holds.

    Raises: ValueError for anything that encode_row does not write.
    """
    values = json.loads(line)
    if not isinstance(values, list):
        raise ValueError("not a row")
    try:
        return [
            None if value is None else _DECODE[kind](value)
            for kind, value in zip(kinds, values, strict=True)
        ]
    except (TypeError, AttributeError) as error:
        raise ValueError("not a value of its kind") from error


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_TYPES: dict[str, tuple[type[TypeEngine[Any]], ...]] = {
    "id": (Uuid,),
    "bytes": (LargeBinary,),
    "truth": (Boolean,),
    "number": (Integer,),
    "text": (String,),
}
_ENCODE: dict[str, Callable[[Any], Any]] = {
    "id": lambda value: value.hex,
    "moment": _moment,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "truth": bool,
    "number": int,
    "text": str,
}
_DECODE: dict[str, Callable[[Any], Any]] = {
    "id": lambda value: UUID(hex=value),
    "moment": datetime.fromisoformat,
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "truth": bool,
    "number": int,
    "text": str,
}
