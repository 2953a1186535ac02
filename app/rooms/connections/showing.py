"""What everybody in a room is shown, and when: at once to few, grouped for a hall."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from math import exp

from app.rooms.connections.attachment import (
    Attachment,
    Part,
    Shown,
    awareness_frame,
    show_all,
    update_frame,
)
from app.rooms.frames import AwarenessEntry, encode_awareness

_TEXT, _PEOPLE = "text", "people"
# So many see everything at once. Beyond them, what one more receiver is worth in waiting.
_FEW, _EACH_S = 30, 0.4e-3
# When so many changes come within a window, a longer one would save next to nothing.
_ENOUGH = 4.5
# Over how long the rate of changes is taken.
_MEMORY_S = 0.5

Written = tuple[bytes, Attachment | None]
"""An update that is in the log, and who wrote it."""


def window_s(longest_s: float, receivers: int, changes_per_s: float) -> float:
    """Return how long a change waits for others to be shown with, in seconds; 0: not at all.

    longest_s: what it never exceeds. It pays more the more there are to show it to, and no more
    once a handful goes together.
    """
    worth_s = max(0, receivers - _FEW) * _EACH_S
    enough_s = _ENOUGH / changes_per_s if changes_per_s > 0 else longest_s
    return min(longest_s, worth_s, enough_s)


class Rate:
    """How many changes come in a second: a count that fades, so that a lone burst is soon over."""

    __slots__ = ("_at", "_recent")

    def __init__(self) -> None:
        self._at = self._recent = 0.0

    def count(self, now: float) -> None:
        """Count a change."""
        self._recent = 1 + self._faded(now)
        self._at = now

    def per_s(self, now: float) -> float:
        """Return how many come in a second, as of late."""
        return self._faded(now) / _MEMORY_S

    def _faded(self, now: float) -> float:
        return self._recent * exp((self._at - now) / _MEMORY_S)


class Pace:
    """When what has begun to wait is due, by the clock that it is given.

    What comes after a pause, longer than the window would be, is due at once.
    """

    __slots__ = ("_due_at", "_edits", "_ended_at", "_longest_s", "_moves")

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._edits, self._moves = Rate(), Rate()
        self._due_at: float | None = None
        self._ended_at = float("-inf")

    def edit(self, now: float, receivers: int) -> None:
        """Count an edit, which opens a window if none is open."""
        self._edits.count(now)
        self._opens(now, receivers)

    def move(self, now: float, receivers: int) -> None:
        """Count that somebody came, went or moved, which opens a window if none is open."""
        self._moves.count(now)
        self._opens(now, receivers)

    def ends(self, now: float) -> None:
        """Close the window: nothing waits in it any more."""
        self._due_at = None
        self._ended_at = now

    def due_in_s(self, now: float) -> float:
        """Return in how many seconds what waits is due; not above zero: now."""
        return 0.0 if self._due_at is None else self._due_at - now

    def _opens(self, now: float, receivers: int) -> None:
        if self._due_at is None:
            rate = max(self._edits.per_s(now), self._moves.per_s(now))
            wait_s = window_s(self._longest_s, receivers, rate)
            self._due_at = now + wait_s if now < self._ended_at + wait_s else now


class Showing:
    """Sends what is new in a room to those who are attached, text and people together."""

    __slots__ = (
        "_entries",
        "_everyone",
        "_is_logging",
        "_is_waiting",
        "_joined",
        "_longest_s",
        "_pace",
        "_state",
        "_timer",
        "_to",
        "_written",
    )

    def __init__(
        self,
        to: set[Attachment],
        longest_s: float,
        state: Callable[[], bytes],
        everyone: Callable[[], list[AwarenessEntry]],
        joined: Callable[[list[bytes]], list[bytes]],
    ) -> None:
        """Begin with nothing to show.

        to: who is attached, as it changes. longest_s: the longest window, in seconds.
        state, everyone: the whole that makes dropped frames good. joined: fewer updates, which say
        the same.
        """
        self._to = to
        self._longest_s = longest_s
        self._pace = Pace(longest_s)
        self._state = state
        self._everyone = everyone
        self._joined = joined
        self._written: list[Written] = []
        self._entries: dict[int, AwarenessEntry] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_waiting = self._is_logging = False

    def awaits(self) -> None:
        """Count an edit of a connection, which is to be shown once it is logged."""
        self._pace.edit(_now(), len(self._to))
        if not self._is_waiting:
            self._is_waiting = True
            if self._timer is not None and not self._written and not self._is_logging:
                # Who came or moved goes out with it, and does not put it off by a window: once,
                # or edits that only repeat what is there would put them off for ever.
                self._show_in(self.due_in_s + self._longest_s)

    def taken(self) -> None:
        """Take note that the edits which waited are being logged: what comes now opens a window."""
        if self._is_waiting:
            self._is_waiting, self._is_logging = False, True
            self._pace.ends(_now())

    @property
    def due_in_s(self) -> float:
        """In how many seconds what is new is due to be shown; not above zero: at once."""
        return self._pace.due_in_s(_now())

    def text(self, written: Sequence[Written]) -> None:
        """Show logged updates to everybody who did not write them.

        What a connection wrote has waited before it was logged; the rest waits now.
        """
        self._written.extend(written)
        others = [writer for _, writer in written if writer is None]
        for _ in others:
            self._pace.edit(_now(), len(self._to))
        self._is_logging = False
        self._show_in(0.0 if len(others) < len(written) else self.due_in_s)

    def people(self, entries: Sequence[AwarenessEntry]) -> None:
        """Show everybody who came, went or moved.

        Whoever moved gets it back: it keeps a lone y-websocket client from thinking it is cut off.
        """
        self._entries |= {entry.client_id: entry for entry in entries}
        self._pace.move(_now(), len(self._to))
        if self._timer is None:
            # With the edit that is being logged, if it comes; otherwise soon without it.
            is_awaited = self._is_waiting or self._is_logging
            self._show_in(self.due_in_s + self._longest_s * is_awaited)

    def everyone_to(self, attachment: Attachment) -> None:
        """Show one connection who is here, if anybody is."""
        if everyone := self._everyone():
            shown = awareness_frame(encode_awareness(everyone))
            attachment.show(_PEOPLE, shown, self._restated_people)

    def now(self) -> None:
        """Show what waits to be shown."""
        self.stop()
        self._is_logging = False
        written, self._written = self._written, []
        entries, self._entries = self._entries, {}
        if (written or entries) and not self._is_waiting:
            self._pace.ends(_now())
        people: list[Part] = []
        if entries:
            shown = awareness_frame(encode_awareness(entries.values()))
            people = [(_PEOPLE, shown, self._restated_people)]
        writers = {writer for _, writer in written if writer is not None} & self._to
        show_all(self._to - writers, self._parts(update for update, _ in written) + people)
        for writer in writers:
            others = (update for update, author in written if author is not writer)
            show_all([writer], self._parts(others) + people)

    def stop(self) -> None:
        """Wait for no window any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ---------------------------------------------------------------------- private

    def _show_in(self, wait_s: float) -> None:
        self.stop()
        if wait_s <= 0:
            self.now()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self.now)

    def _parts(self, updates: Iterable[bytes]) -> list[Part]:
        each = self._joined(list(updates))
        return [(_TEXT, update_frame(update), self._restated) for update in each]

    def _restated(self) -> Shown:
        return update_frame(self._state())

    def _restated_people(self) -> Shown:
        return awareness_frame(encode_awareness(self._everyone()))


def _now() -> float:
    return asyncio.get_running_loop().time()
