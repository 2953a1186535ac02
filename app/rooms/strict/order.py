"""Can an update be built, part by part, on what is there? Without gaps, and without circles."""

from collections.abc import Mapping
from heapq import heappop, heappush
from typing import TypeAlias

from app.rooms.frames import Malformed
from app.rooms.strict.facts import UpdateFacts, Wait

Vector: TypeAlias = dict[int, int]


def growth(facts: UpdateFacts, vector: Mapping[int, int]) -> Vector | None:
    """Return the new clock of every client that writes something new.

    vector: the clocks that are there. None: something that the update builds on has not arrived.
    Raises: Malformed when parts of it build on each other in a circle.
    """
    grown: Vector = {}
    for client, start, end in facts.writes:
        if start > vector.get(client, 0):
            return None
        if end > vector.get(client, 0):
            grown[client] = end
    for client, ranges in facts.deletes.items():
        there = grown.get(client, vector.get(client, 0))
        if any(end > there for _, end in ranges):
            return None
    waits = [wait for wait in facts.waits if wait.other_clock >= vector.get(wait.other_id, 0)]
    if any(wait.other_clock >= grown.get(wait.other_id, 0) for wait in waits):
        return None
    if waits:
        _check_circles(waits, grown)
    return grown


def _check_circles(waits: list[Wait], grown: Vector) -> None:
    """Build the update in thought: each client goes on until it needs what is not yet built."""
    todo: dict[int, list[Wait]] = {}
    for wait in reversed(waits):
        todo.setdefault(wait.client_id, []).append(wait)
    built: Vector = {client: todo[client][-1].clock if client in todo else grown[client]
                     for client in grown}  # fmt: skip
    sleepers: dict[int, list[tuple[int, int]]] = {}
    awake = list(todo)
    while awake:
        client = awake.pop()
        own = todo[client]
        while own and own[-1].other_clock < built.get(own[-1].other_id, 0):
            own.pop()
        built[client] = own[-1].clock if own else grown.get(client, 0)
        if own:
            heappush(sleepers.setdefault(own[-1].other_id, []), (own[-1].other_clock, client))
        waiting = sleepers.get(client, [])
        while waiting and waiting[0][0] < built[client]:
            awake.append(heappop(waiting)[1])
    if any(todo.values()):
        raise Malformed("An update builds on itself.")
