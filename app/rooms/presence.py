"""Who is in a room and where: rebuilt by the server from what clients show, never stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from app.rooms.connections.attachment import Attachment
from app.rooms.frames import AwarenessEntry, Malformed, decode_awareness

MAX_STATE_BYTES = 2048
MAX_RAW_CHARACTERS = 16_384
MAX_CLOCK = 2**40
MAX_GONE = 1000
GONE = "null"
FIELDS = ("cursor", "selection", "focus")
"""What a client may show of itself beside who it is."""

# Strong enough on light and on dark paper; none is a colour of a status.
COLOURS = (
    "#0f766e",
    "#7c3aed",
    "#be185d",
    "#0369a1",
    "#9a3412",
    "#4338ca",
    "#a21caf",
    "#475569",
    "#b91c1c",
    "#3f6212",
)


@dataclass(slots=True)
class _Place:
    """One client in the room. heard: its own clock; told: the clock under which others see it."""

    attachment: Attachment
    heard: int
    told: int
    state: str


class Presence:
    """The people of one room."""

    def __init__(self) -> None:
        self._places: dict[int, _Place] = {}
        self._ids: dict[Attachment, int] = {}
        self._gone: dict[int, tuple[UUID, int]] = {}

    def receive(
        self, attachment: Attachment, blob: bytes, owners: Mapping[int, UUID | None]
    ) -> list[AwarenessEntry]:
        """Take what a client shows of itself, and return what everybody is to be told.

        Clients repeat what they heard of others: only the first entry of their own counts.
        owners: the members to whom client ids are bound.
        Raises: Malformed for what no honest client shows.
        """
        for entry in decode_awareness(blob):
            if self._is_own(attachment, entry, owners):
                return self._take(attachment, entry)
        return []

    def leave(self, attachment: Attachment) -> list[AwarenessEntry]:
        """Forget a client, and return what everybody is to be told."""
        client_id = self._ids.pop(attachment, None)
        return [] if client_id is None else self._remove(client_id)

    def everyone(self) -> list[AwarenessEntry]:
        """Return all that is shown now."""
        return [
            AwarenessEntry(client_id, place.told, place.state)
            for client_id, place in self._places.items()
        ]

    def people(self) -> list[dict[str, str]]:
        """Return the members who are in the room, each once, by name."""
        actors = {place.attachment.actor for place in self._places.values()}
        names = {actor.member_id: actor.name for actor in actors}
        people = [person(member_id, name) for member_id, name in names.items()]
        return sorted(people, key=lambda one: (one["name"], one["member_id"]))

    def _is_own(
        self, attachment: Attachment, entry: AwarenessEntry, owners: Mapping[int, UUID | None]
    ) -> bool:
        if self._ids.get(attachment) == entry.client_id:
            return True
        if entry.state == GONE:
            return False
        member_id = attachment.actor.member_id
        if owners.get(entry.client_id, member_id) != member_id:
            return False
        place = self._places.get(entry.client_id)
        if place is not None:
            # The same client came back before its old connection was found dead.
            older = place.attachment.number < attachment.number
            return older and place.attachment.actor.member_id == member_id
        return self._gone.get(entry.client_id, (member_id, 0))[0] == member_id

    def _take(self, attachment: Attachment, entry: AwarenessEntry) -> list[AwarenessEntry]:
        client_id = entry.client_id
        if entry.clock >= MAX_CLOCK:
            raise Malformed("A clock of presence is too large.")
        if entry.state == GONE:
            self._ids.pop(attachment, None)
            return self._remove(client_id)
        state = rebuilt_state(entry.state, attachment)
        told = self._left(attachment, client_id)
        place = self._places.get(client_id)
        if place is not None and place.attachment is attachment and entry.clock <= place.heard:
            return told
        # Clients take no state under clock 0, which is the one that a fresh client begins with.
        last = place.told if place else self._gone.pop(client_id, (None, 0))[1]
        now = _Place(attachment, entry.clock, max(entry.clock, last + 1), state)
        if place is not None:
            self._ids.pop(place.attachment, None)
        self._places[client_id], self._ids[attachment] = now, client_id
        return [*told, AwarenessEntry(client_id, now.told, state)]

    def _left(self, attachment: Attachment, client_id: int) -> list[AwarenessEntry]:
        """What is told when a connection goes on under another client id."""
        before = self._ids.get(attachment)
        if before is None or before == client_id:
            return []
        del self._ids[attachment]
        return self._remove(before)

    def _remove(self, client_id: int) -> list[AwarenessEntry]:
        place = self._places.pop(client_id, None)
        if place is None:
            return []
        told = place.told + 1
        self._gone[client_id] = (place.attachment.actor.member_id, told)
        if len(self._gone) > MAX_GONE:
            del self._gone[next(iter(self._gone))]
        return [AwarenessEntry(client_id, told, GONE)]


def rebuilt_state(state: str, attachment: Attachment) -> str:
    """Return what others are shown: the allowed fields, and who it is by the server's knowledge."""
    if len(state) > MAX_RAW_CHARACTERS:
        raise Malformed("What you show of yourself is too large.")
    try:
        shown = json.loads(state, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("What you show of yourself is not JSON.") from None
    if not isinstance(shown, dict):
        raise Malformed("What you show of yourself is no JSON object.")
    actor = attachment.actor
    user = person(actor.member_id, actor.name)
    kept: dict[str, Any] = {key: shown[key] for key in FIELDS if key in shown}
    rebuilt = _encode({**kept, "user": {**user, "color": user["colour"]}})
    if len(rebuilt) > MAX_STATE_BYTES:
        raise Malformed("What you show of yourself is too large.")
    return rebuilt.decode()


def person(member_id: UUID, name: str) -> dict[str, str]:
    """Return a member as others see them in a room; the colour is always the same."""
    return {"member_id": str(member_id), "name": name, "colour": colour_of(member_id)}


def colour_of(member_id: UUID) -> str:
    """Return the colour of a member's caret."""
    return COLOURS[hashlib.sha256(member_id.bytes).digest()[0] % len(COLOURS)]


def _encode(shown: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(shown)
    except orjson.JSONEncodeError:
        raise Malformed("What you show of yourself cannot be shown.") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
