"""What everybody in a room is shown: at once while that costs little, grouped under load."""

import asyncio
from collections.abc import Callable, Sequence
from math import exp

from app.rooms.connections.attachment import Attachment, Shown, awareness_frame, update_frame
from app.rooms.frames import AwarenessEntry, encode_awareness

_TEXT, _PEOPLE = "text", "people"
# What one frame to one receiver costs, and over how long the rate of showing is taken.
_FRAME_S = 10e-6
_MEMORY_S = 1.0
# Below the first share of a processor everything goes out at once; at the second, and above it,
# once in the longest window.
_EASY_SHARE, _HARD_SHARE = 0.1, 0.2

Written = tuple[bytes, Attachment | None]
"""An update that is in the log, and who wrote it."""


class Showing:
    """Sends what is new in a room to those who are attached, text and people together."""

    __slots__ = (
        "_asked_at",
        "_entries",
        "_everyone",
        "_is_awaited",
        "_longest_s",
        "_merge",
        "_recent",
        "_shown_at",
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
        merge: Callable[[list[bytes]], bytes],
    ) -> None:
        """Begin with nothing to show.

        to: who is attached, as it changes. longest_s: the longest window, in seconds.
        state, everyone: the whole that makes dropped frames good. merge: updates as one.
        """
        self._to = to
        self._longest_s = longest_s
        self._state = state
        self._everyone = everyone
        self._merge = merge
        self._written: list[Written] = []
        self._entries: dict[int, AwarenessEntry] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._shown_at = self._asked_at = 0.0
        self._recent = 0.0
        self._is_awaited = False

    def awaits(self) -> None:
        """Count an edit of a connection, which is to be shown once it is logged."""
        self._count()
        if not self._is_awaited:
            self._is_awaited = True
            if self._timer is not None and not self._written:
                # Who came or moved goes out with it, and does not put it off by a window.
                self._show_in(self.due_in_s + self._longest_s)

    @property
    def due_in_s(self) -> float:
        """In how many seconds what is new is due to be shown; not above zero: at once."""
        return self._shown_at + self._window_s() - asyncio.get_running_loop().time()

    def text(self, written: Sequence[Written]) -> None:
        """Show logged updates to everybody who did not write them.

        What a connection wrote has waited before it was logged; the rest waits now.
        """
        self._written.extend(written)
        others = [writer for _, writer in written if writer is None]
        for _ in others:
            self._count()
        self._is_awaited = False
        self._show_in(0.0 if len(others) < len(written) else self.due_in_s)

    def people(self, entries: Sequence[AwarenessEntry]) -> None:
        """Show everybody who came, went or moved.

        Whoever moved gets it back: it keeps a lone y-websocket client from thinking it is cut off.
        """
        self._entries |= {entry.client_id: entry for entry in entries}
        self._count()
        if self._timer is None:
            # With the edit that is being logged, if it comes; otherwise soon without it.
            self._show_in(self.due_in_s + self._longest_s * self._is_awaited)

    def everyone_to(self, attachment: Attachment) -> None:
        """Show one connection who is here, if anybody is."""
        if everyone := self._everyone():
            shown = awareness_frame(encode_awareness(everyone))
            attachment.show(_PEOPLE, shown, self._restated_people)

    def now(self) -> None:
        """Show what waits to be shown."""
        self.stop()
        self._is_awaited = False
        if self._written or self._entries:
            self._shown_at = asyncio.get_running_loop().time()
        written, self._written = self._written, []
        if written:
            self._show_text(written)
        entries, self._entries = self._entries, {}
        if entries:
            shown = awareness_frame(encode_awareness(entries.values()))
            for attachment in self._to:
                attachment.show(_PEOPLE, shown, self._restated_people)

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

    def _count(self) -> None:
        """Count a change. The count fades: a single burst in a quiet room waits for nothing."""
        now = asyncio.get_running_loop().time()
        self._recent = 1 + self._recent * exp((self._asked_at - now) / _MEMORY_S)
        self._asked_at = now

    def _window_s(self) -> float:
        """How long after the last showing the next one comes, by what doing so at once costs."""
        share = self._recent / _MEMORY_S * len(self._to) * _FRAME_S
        strain = (share - _EASY_SHARE) / (_HARD_SHARE - _EASY_SHARE)
        return self._longest_s * min(1.0, max(0.0, strain))

    def _show_text(self, written: list[Written]) -> None:
        writers = {attachment for _, attachment in written}
        everything = self._frames([update for update, _ in written])
        for attachment in self._to:
            if attachment not in writers:
                for shown in everything:
                    attachment.show(_TEXT, shown, self._restated)
                continue
            others = [update for update, writer in written if writer is not attachment]
            for shown in self._frames(others):
                attachment.show(_TEXT, shown, self._restated)

    def _frames(self, updates: list[bytes]) -> list[Shown]:
        """One frame for all of them; if they cannot be made one, which loses nothing, one each."""
        if not updates:
            return []
        try:
            return [update_frame(self._merge(updates))]
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # the CRDT library panics beside Exception
            return [update_frame(update) for update in updates]

    def _restated(self) -> Shown:
        return update_frame(self._state())

    def _restated_people(self) -> Shown:
        return awareness_frame(encode_awareness(self._everyone()))
