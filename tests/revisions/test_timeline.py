"""Rows of a log become moments that people remember."""

from uuid import UUID

from app.revisions.timeline import PAUSE_US, LogRow, Point, moments

ANN, BEN, MARK = (UUID(int=n) for n in (1, 2, 3))
SECOND = 1_000_000


def row(seq: int, member: UUID, at_s: int, kind: str = "update", role: str = "member") -> LogRow:
    return LogRow(seq, kind, member, role, at_s * SECOND)


def ranges(rows: list[LogRow], points: list[Point]) -> list[tuple[str, int, int]]:
    return [(m.kind, m.from_seq, m.to_seq) for m in moments(rows, points)]


def test_one_person_writing_on_is_one_moment() -> None:
    rows = [row(1, ANN, 0), row(2, ANN, 60), row(3, ANN, 120)]

    assert ranges(rows, []) == [("edit", 1, 3)]


def test_another_person_another_role_or_a_long_pause_begins_a_new_one() -> None:
    pause_s = PAUSE_US // SECOND + 1
    rows = [
        row(1, ANN, 0),
        row(2, BEN, 1),
        row(3, BEN, 2, role="secretariat"),
        row(4, BEN, 2 + pause_s, role="secretariat"),
    ]

    assert ranges(rows, []) == [("edit", n, n) for n in (4, 3, 2, 1)]


def test_a_decision_stands_alone() -> None:
    rows = [row(1, ANN, 0), row(2, BEN, 1, kind="decision"), row(3, ANN, 2)]

    assert ranges(rows, []) == [("edit", 3, 3), ("decision", 2, 2), ("edit", 1, 1)]


def test_a_named_revision_ends_the_moment_and_stands_above_it() -> None:
    rows = [row(1, ANN, 0), row(2, ANN, 1), row(3, ANN, 2)]
    named = Point("revision", 2, SECOND + 1, BEN, "secretariat", MARK)

    assert ranges(rows, [named]) == [("edit", 3, 3), ("revision", 2, 2), ("edit", 1, 2)]


def test_a_change_of_state_comes_with_its_seal() -> None:
    rows = [row(1, ANN, 0)]
    state = Point("state", 1, SECOND, BEN, "convenor", MARK)
    seal = Point("revision", 1, SECOND, BEN, "convenor", MARK)

    assert [kind for kind, _, _ in ranges(rows, [state, seal])] == ["revision", "state", "edit"]
