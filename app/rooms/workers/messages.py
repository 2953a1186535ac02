"""What a worker tells the others of who is here, and the strict reading of it."""

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from app.ids import SectionId
from app.rooms.frames import MAX_PEOPLE, Malformed
from app.rooms.presence import MAX_CLOCK, MAX_STATE_BYTES, Place

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
MAX_NAME_CHARACTERS = 200
_MAX_CLIENT_ID = 2**53
_HEX = 32


@dataclass(frozen=True, slots=True)
class Places:
    """Where the clients of a worker are in a section; is_whole: all of them, others are gone."""

    worker: str
    section_id: SectionId
    is_whole: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A worker that has only just begun to listen asks what it has missed."""

    worker: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """A worker no longer serves the report: its clients are gone."""

    worker: str


Message: TypeAlias = Places | Asking | Leaving


def encode(message: Message) -> bytes:
    """Return the message as compact JSON."""
    if isinstance(message, Asking | Leaving):
        return orjson.dumps({"worker": message.worker, "says": _SAYS[type(message)]})
    places = [
        [place.client_id, place.told, str(place.member_id), place.name, place.state]
        for place in message.places
    ]
    return orjson.dumps(
        {
            "worker": message.worker,
            "section": str(message.section_id),
            "whole": message.is_whole,
            "places": places,
        }
    )


def decode(payload: bytes) -> Message:
    """Return what another worker says. Raises: Malformed for what no worker would say."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise Malformed("A message of another worker is too large.")
    try:
        return _read(orjson.loads(payload))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Malformed("A message of another worker cannot be read.") from error


_SAYS: dict[type[Message], str] = {Asking: "asking", Leaving: "leaving"}


def _read(said: dict[str, Any]) -> Message:
    worker = said["worker"]
    if not isinstance(worker, str) or len(worker) != _HEX:
        raise ValueError(worker)
    for kind in (Asking, Leaving):
        if said.get("says") == _SAYS[kind]:
            return kind(worker)
    if len(said["places"]) > MAX_PEOPLE:
        raise ValueError(len(said["places"]))
    places = tuple(_place(*one) for one in said["places"])
    return Places(worker, SectionId(UUID(said["section"])), said["whole"] is True, places)


def _place(client_id: Any, told: Any, member_id: Any, name: Any, state: Any) -> Place:
    is_known = (
        _is_number(client_id, _MAX_CLIENT_ID)
        and _is_number(told, 2 * MAX_CLOCK)
        and isinstance(name, str)
        and len(name) <= MAX_NAME_CHARACTERS
        and (state is None or (isinstance(state, str) and len(state.encode()) <= MAX_STATE_BYTES))
    )
    if not is_known:
        raise ValueError(client_id)
    return Place(client_id, told, UUID(member_id), name, state)


def _is_number(given: Any, limit: int) -> bool:
    return type(given) is int and 0 <= given < limit
