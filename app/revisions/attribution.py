"""Pure: follows rows of a log through the text and remembers whose each byte is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc

from app.text.from_crdt import body_of

Row = tuple[int, bytes]
"""A writer (an index into the caller's list of them) and the update that they wrote."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of the body that lie together and have one origin."""

    length: int
    writer: int | None
    """Who wrote it in the rows that were followed; None: it was there before."""
    origin: int
    """Where it lay in the text before the rows; -1 if it was not there."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one row did, in bytes of the body (an embed is one)."""

    added: int
    removed: int


class Attribution:
    """The text after some rows, against the text before them: who wrote and who removed what.

    Source: attribution is read from the library's own deltas, which count in UTF-8 bytes.
    """

    def __init__(self, state: bytes) -> None:
        self.doc: Doc[Any] = Doc()
        self.doc.apply_update(state)
        body = body_of(self.doc)
        self.stretches: list[Stretch] = []
        if len(body):
            self.stretches.append(Stretch(len(body), None, 0))
        self._removals: list[tuple[int, int, int]] = []
        self._delta: list[dict[str, Any]] = []
        self._subscription = body.observe(self._remember)

    def follow(self, rows: Iterable[Row]) -> list[Counted]:
        """Apply the rows in order, and return what each added and removed."""
        return [self._apply(writer, update) for writer, update in rows]

    def writers(self, start: int, end: int) -> list[tuple[int, int | None]]:
        """Return the writers of the bytes from start to end: (bytes, writer) in order."""
        found: list[tuple[int, int | None]] = []
        at = 0
        for stretch in self.stretches:
            overlap = min(end, at + stretch.length) - max(start, at)
            if overlap > 0:
                found.append((overlap, stretch.writer))
            at += stretch.length
        return found

    def removers(self, start: int, end: int) -> list[tuple[int, int | None]]:
        """Return who removed the bytes of the old text from start to end; None: they are kept."""
        cuts = sorted(one for one in self._removals if one[0] < end and one[1] > start)
        found: list[tuple[int, int | None]] = []
        at = start
        for begin, finish, writer in cuts:
            if begin > at:
                found.append((begin - at, None))
                at = begin
            found.append((min(finish, end) - at, writer))
            at = min(finish, end)
        if at < end:
            found.append((end - at, None))
        return [piece for piece in found if piece[0] > 0]

    def _remember(self, event: Any) -> None:
        # The observer only takes note: whatever it raised would surface after the change.
        self._delta.extend(event.delta)

    def _apply(self, writer: int, update: bytes) -> Counted:
        self._delta.clear()
        self.doc.apply_update(update)
        return self._weave(list(self._delta), writer)

    def _weave(self, delta: Sequence[dict[str, Any]], writer: int) -> Counted:
        rest = list(reversed(self.stretches))
        woven: list[Stretch] = []
        added = removed = 0
        for op in delta:
            if "retain" in op:
                woven.extend(_take(rest, int(op["retain"])))
            elif "delete" in op:
                taken = _take(rest, int(op["delete"]))
                removed += sum(stretch.length for stretch in taken)
                self._note_removed(taken, writer)
            else:
                size = _size(op["insert"])
                added += size
                woven.append(Stretch(size, writer, -1))
        woven.extend(reversed(rest))
        self.stretches = _joined(woven)
        return Counted(added, removed)

    def _note_removed(self, taken: Sequence[Stretch], writer: int) -> None:
        for stretch in taken:
            if stretch.origin >= 0:
                span = (stretch.origin, stretch.origin + stretch.length, writer)
                self._removals.append(span)


def latest(pieces: Sequence[tuple[int, int | None]]) -> int | None:
    """Return the writer with the highest index among the pieces; None if nobody wrote there."""
    known = [writer for _, writer in pieces if writer is not None]
    return max(known) if known else None


def _size(inserted: Any) -> int:
    return len(inserted.encode()) if isinstance(inserted, str) else 1


def _take(rest: list[Stretch], length: int) -> list[Stretch]:
    """Take so many bytes from the front; `rest` is reversed, so its end is the front."""
    taken: list[Stretch] = []
    while length > 0 and rest:
        stretch = rest.pop()
        if stretch.length > length:
            first, second = _split(stretch, length)
            rest.append(second)
            stretch = first
        taken.append(stretch)
        length -= stretch.length
    return taken


def _split(stretch: Stretch, at: int) -> tuple[Stretch, Stretch]:
    origin = stretch.origin + at if stretch.origin >= 0 else -1
    return (
        Stretch(at, stretch.writer, stretch.origin),
        Stretch(stretch.length - at, stretch.writer, origin),
    )


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in stretches:
        if not stretch.length:
            continue
        before = joined[-1] if joined else None
        if before is not None and _continues(before, stretch):
            total = before.length + stretch.length
            joined[-1] = Stretch(total, before.writer, before.origin)
        else:
            joined.append(stretch)
    return joined


def _continues(before: Stretch, after: Stretch) -> bool:
    if before.writer != after.writer:
        return False
    if before.origin < 0 or after.origin < 0:
        return before.origin == after.origin
    return before.origin + before.length == after.origin
