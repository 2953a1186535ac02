"""Pure: rows of a log and named points, as the moments that people remember."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

PAUSE_US = 5 * 60 * 1_000_000
"""A writer who pauses longer than five minutes begins a new moment."""

Kind = Literal["edit", "decision", "revision", "state"]


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the log without its payload."""

    seq: int
    kind: str
    member_id: UUID | None
    acting_role: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Point:
    """Something that happened at a seq without a row of its own: a named revision, a new state."""

    kind: Kind
    seq: int
    at_us: int
    member_id: UUID | None
    acting_role: str
    subject: UUID


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of work by one person, or one decision, revision or change of state."""

    kind: Kind
    from_seq: int
    to_seq: int
    began_us: int
    ended_us: int
    member_id: UUID | None
    acting_role: str
    subject: UUID | None = None


def moments(rows: Sequence[LogRow], points: Sequence[Point]) -> list[Moment]:
    """Return the moments of these rows, the newest first.

    Rows of one person that follow each other without a long pause are one moment; a decision or a
    named point ends it. rows: in order of seq. points: any order.
    """
    ends = {point.seq for point in points}
    made = list(_edits(rows, ends))
    made += [_of_point(point) for point in points]
    order = {"edit": 0, "decision": 1, "state": 2, "revision": 3}
    return sorted(made, key=lambda m: (m.to_seq, m.ended_us, order[m.kind]), reverse=True)


def _edits(rows: Iterable[LogRow], ends: set[int]) -> Iterator[Moment]:
    run: list[LogRow] = []
    for row in rows:
        if run and not _continues(run[-1], row, ends):
            yield _of_run(run)
            run = []
        run.append(row)
    if run:
        yield _of_run(run)


def _continues(before: LogRow, row: LogRow, ends: set[int]) -> bool:
    return (
        before.kind == row.kind == "update"
        and before.member_id == row.member_id
        and before.acting_role == row.acting_role
        and row.at_us - before.at_us <= PAUSE_US
        and before.seq not in ends
    )


def _of_run(run: Sequence[LogRow]) -> Moment:
    first, last = run[0], run[-1]
    kind: Kind = "decision" if first.kind == "decision" else "edit"
    return Moment(
        kind, first.seq, last.seq, first.at_us, last.at_us, first.member_id, first.acting_role
    )


def _of_point(point: Point) -> Moment:
    return Moment(
        point.kind,
        point.seq,
        point.seq,
        point.at_us,
        point.at_us,
        point.member_id,
        point.acting_role,
        point.subject,
    )
