"""Who is in a room and where: rebuilt by the server from what clients show, never stored."""

import hashlib
import json
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Place:
    """A client as one worker tells another of it; state None: it is gone."""

    client_id: int
    told: int
    member_id: UUID
    name: str
    state: str | None


@dataclass(frozen=True, slots=True)
class _Guest:
    """A client of another worker. said: its clock there; told: that under which it shows here."""

    worker: str
    said: int
    told: int
    member_id: UUID
    name: str
    state: str


class Presence:
    """The people of one section: those of this worker, and those that others tell of."""

    def __init__(self) -> None:
        self._places: dict[int, _Place] = {}
        self._ids: dict[Attachment, int] = {}
        self._gone: dict[int, tuple[UUID, int]] = {}
        self._guests: dict[int, _Guest] = {}
        self._moved: set[int] = set()

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
            for places in (self._places, self._guests)
            for client_id, place in places.items()
        ]

    def people(self) -> list[dict[str, str]]:
        """Return the members who are in the room, each once, by name."""
        actors = {place.attachment.actor for place in self._places.values()}
        names = {guest.member_id: guest.name for guest in self._guests.values()}
        names |= {actor.member_id: actor.name for actor in actors}
        people = [person(member_id, name) for member_id, name in names.items()]
        return sorted(people, key=lambda one: (one["name"], one["member_id"]))

    # ------------------------------------------------- what other workers hear and tell

    @property
    def is_empty(self) -> bool:
        """Whether nobody is here, and nothing is left to tell."""
        return not (self._places or self._guests or self._moved)

    @property
    def guests(self) -> int:
        """How many clients of other workers are here."""
        return len(self._guests)

    def guests_after(self, worker: str, places: Iterable[Place], *, is_whole: bool) -> int:
        """Return how many they are at most once this is heard; who is gone is none."""
        said = {place.client_id: place.state is not None for place in places}
        staying = {
            client_id
            for client_id, guest in self._guests.items()
            if guest.worker != worker or said.get(client_id, not is_whole)
        }
        return len(staying | {client_id for client_id, is_here in said.items() if is_here})

    def own(self) -> list[Place]:
        """Return the clients of this worker."""
        return [self._place_of(client_id) for client_id in self._places]

    def take_moved(self) -> list[Place]:
        """Return those of them that have changed since it was asked last, the gone ones too."""
        moved, self._moved = self._moved, set()
        return [self._place_of(one) for one in moved if one in self._places or one in self._gone]

    def hear(self, worker: str, places: Iterable[Place], *, is_whole: bool) -> list[AwarenessEntry]:
        """Take what another worker says of its clients; return what the own ones are to be told.

        is_whole: those of its clients that are not named are gone. Raises: Malformed.
        """
        said = {place.client_id: place for place in places}
        told: list[AwarenessEntry] = []
        for client_id, guest in list(self._guests.items()):
            if is_whole and guest.worker == worker and client_id not in said:
                told += self._dismiss(client_id)
        for place in said.values():
            told += self._hear_of(worker, place)
        return told

    def dismiss(self, worker: str) -> list[AwarenessEntry]:
        """Forget the clients of a worker that has gone; return what the own ones are to be told."""
        return self.hear(worker, (), is_whole=True)

    def _hear_of(self, worker: str, place: Place) -> list[AwarenessEntry]:
        client_id, guest = place.client_id, self._guests.get(place.client_id)
        if client_id in self._places:
            # It came here since: what its old worker still says of it is no longer so.
            return []
        if place.state is None:
            is_its = guest is not None and guest.worker == worker
            return self._dismiss(client_id, place.told) if is_its else []
        if guest is not None and place.told <= guest.said:
            return []
        state = rebuilt_state(place.state, place.member_id, place.name)
        last = guest.told if guest else self._gone.pop(client_id, (None, 0))[1]
        told = max(place.told, last + 1)
        now = _Guest(worker, place.told, told, place.member_id, place.name, state)
        self._guests[client_id] = now
        return [AwarenessEntry(client_id, now.told, state)]

    def _dismiss(self, client_id: int, told: int = 0) -> list[AwarenessEntry]:
        guest = self._guests.pop(client_id)
        told = max(told, guest.told + 1)
        self._note_gone(client_id, guest.member_id, told)
        return [AwarenessEntry(client_id, told, GONE)]

    def _place_of(self, client_id: int) -> Place:
        place = self._places.get(client_id)
        if place is None:
            member_id, told = self._gone[client_id]
            return Place(client_id, told, member_id, "", None)
        actor = place.attachment.actor
        return Place(client_id, place.told, actor.member_id, actor.name, place.state)

    # --------------------------------------------------------------------- private

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
        guest = self._guests.get(entry.client_id)
        if guest is not None and guest.member_id != member_id:
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
        actor = attachment.actor
        state = rebuilt_state(entry.state, actor.member_id, actor.name)
        told = self._left(attachment, client_id)
        place = self._places.get(client_id)
        if place is not None and place.attachment is attachment and entry.clock <= place.heard:
            return told
        # Clients take no state under clock 0, which is the one that a fresh client begins with.
        last = place.told if place else self._last_told(client_id)
        now = _Place(attachment, entry.clock, max(entry.clock, last + 1), state)
        if place is not None:
            self._ids.pop(place.attachment, None)
        self._places[client_id], self._ids[attachment] = now, client_id
        self._moved.add(client_id)
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
        self._note_gone(client_id, place.attachment.actor.member_id, told)
        self._moved.add(client_id)
        return [AwarenessEntry(client_id, told, GONE)]

    def _note_gone(self, client_id: int, member_id: UUID, told: int) -> None:
        self._gone[client_id] = (member_id, told)
        if len(self._gone) > MAX_GONE:
            del self._gone[next(iter(self._gone))]

    def _last_told(self, client_id: int) -> int:
        """The clock under which a client that only comes now was shown last; it is here now."""
        guest = self._guests.pop(client_id, None)
        gone = self._gone.pop(client_id, None)
        return max(guest.told if guest else 0, gone[1] if gone else 0)


def rebuilt_state(state: str, member_id: UUID, name: str) -> str:
    """Return what others are shown: the allowed fields, and who it is by the server's knowledge."""
    if len(state) > MAX_RAW_CHARACTERS:
        raise Malformed("What you show of yourself is too large.")
    try:
        shown = json.loads(state, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed("What you show of yourself is not JSON.") from None
    if not isinstance(shown, dict):
        raise Malformed("What you show of yourself is no JSON object.")
    user = person(member_id, name)
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
