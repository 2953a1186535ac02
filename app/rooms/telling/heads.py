"""When a room tells its head: once its text rests, and now and then while it is written to."""

import asyncio
from collections.abc import Callable

REST_S, REST_MAX_S = 0.5, 2.0
# While a text does not rest its head is told so long after a change, if its turn has come, and at
# the latest so long.
LATEST_S, LONGEST_S = 3.0, 30.0
_TICK_S = 0.001
# Hashing a long section is felt: at most a twentieth of the time goes there. All the rooms of a
# process that do not rest have a hundredth of it together.
_ROOM_SHARE, _ALL_SHARE = 20, 100


class HeadTurns:
    """Gives turns to the rooms of a process whose texts do not rest."""

    __slots__ = ("_free_at",)

    def __init__(self) -> None:
        self._free_at = float("-inf")

    def next_at(self, now: float, cost_s: float) -> float:
        """Return when the next turn is, which is taken with that. cost_s: what a head costs."""
        at = max(now, self._free_at)
        # Nobody waits longer than that: a debt beyond it would only outlive its cause.
        self._free_at = min(at + _ALL_SHARE * cost_s, now + LONGEST_S)
        return at


class HeadTimer:
    """Decides when one room tells its head."""

    __slots__ = ("_cost_s", "_first_moved_at", "_moved_at", "_tell", "_timer", "_turn_at", "_turns")

    def __init__(self, turns: HeadTurns, tell: Callable[[], None]) -> None:
        self._turns = turns
        self._tell = tell
        self._timer: asyncio.TimerHandle | None = None
        self._moved_at = self._first_moved_at = 0.0
        self._turn_at: float | None = None
        self._cost_s = 0.0

    def moved(self) -> None:
        """Take note that the text is another: its head is told, soon."""
        loop = asyncio.get_running_loop()
        self._moved_at = now = loop.time()
        if self._timer is None:
            self._first_moved_at, self._turn_at = now, None
            self._timer = loop.call_at(now + self._rest_s, self._look)

    def cost(self, seconds: float) -> None:
        """Take note of what it cost to make a head."""
        self._cost_s = max(seconds, self._cost_s / 2)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def _rest_s(self) -> float:
        return max(REST_S, min(REST_MAX_S, _ROOM_SHARE * self._cost_s))

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        due_at = min(self._moved_at + self._rest_s, self._latest_at(loop.time()))
        # A timer may come a hair early by the clock: waiting for the rest could go on for ever.
        if due_at - loop.time() > _TICK_S:
            self._timer = loop.call_at(due_at, self._look)
            return
        self._timer = None
        self._tell()

    def _latest_at(self, now: float) -> float:
        first = self._first_moved_at
        if self._turn_at is None and now < first + LATEST_S - _TICK_S:
            return first + LATEST_S
        if self._turn_at is None:
            self._turn_at = min(self._turns.next_at(now, self._cost_s), first + LONGEST_S)
        return self._turn_at
