"""When a room shows what is new: a function of what came, who is there, and the clock."""

from collections.abc import Iterable

import pytest

from app.rooms.connections.showing import Pace, Rate, Showing, window_s
from app.rooms.frames import AwarenessEntry
from tests.house.wound import WoundLoop

LONGEST_S = 0.11
HALL, TABLE = 400, 5


def shown_at(changes: Iterable[float], receivers: int, pace: Pace) -> list[tuple[float, float]]:
    """Play edits that come at these times; return each with the moment of its showing."""
    waiting: list[float] = []
    played: list[tuple[float, float]] = []

    def show(now: float) -> None:
        pace.ends(now)
        played.extend((came, now) for came in waiting)
        waiting.clear()

    due_at = float("inf")
    for now in changes:
        if waiting and due_at <= now:
            show(due_at)
        pace.edit(now, receivers)
        waiting.append(now)
        due_at = now + pace.due_in_s(now)
    show(due_at)
    return played


def every(gap_s: float, times: int) -> list[float]:
    return [100 + number * gap_s for number in range(times)]


def longest_wait(played: list[tuple[float, float]]) -> float:
    return max(at - came for came, at in played)


def frames(played: list[tuple[float, float]]) -> int:
    return len({at for _, at in played})


@pytest.mark.parametrize("gap_s", [0.5, 0.05, 0.01, 0.001])
def test_round_a_table_nothing_waits(gap_s: float) -> None:
    played = shown_at(every(gap_s, 200), TABLE, Pace(LONGEST_S))

    assert longest_wait(played) == 0


def test_in_a_hall_whoever_types_alone_and_unhurried_is_shown_at_once() -> None:
    played = shown_at(every(0.125, 100), HALL, Pace(LONGEST_S))

    assert longest_wait(played) == 0


def test_after_a_pause_the_first_change_is_shown_at_once_and_the_next_waits() -> None:
    pace = Pace(LONGEST_S)
    pace.edit(100.0, HALL)
    assert pace.due_in_s(100.0) == 0
    pace.ends(100.001)

    pace.edit(100.01, HALL)
    assert pace.due_in_s(100.01) == pytest.approx(LONGEST_S)
    pace.ends(100.07)

    pace.edit(107.0, HALL)
    assert pace.due_in_s(107.0) == 0


def test_a_window_is_as_long_as_when_it_was_opened_whoever_changes_what() -> None:
    pace = Pace(LONGEST_S)
    pace.edit(100.0, HALL)
    pace.ends(100.0)

    pace.move(100.01, HALL)
    pace.edit(100.05, HALL)

    assert pace.due_in_s(100.05) == pytest.approx(LONGEST_S - 0.04)


@pytest.mark.parametrize("gap_s", [0.05, 0.02, 0.01, 0.002])
def test_in_a_hall_edits_go_together_and_none_waits_longer_than_the_longest(gap_s: float) -> None:
    played = shown_at(every(gap_s, 400), HALL, Pace(LONGEST_S))

    assert longest_wait(played) <= LONGEST_S + 1e-9
    assert len(played) == 400
    assert frames(played) <= 135


def test_the_more_often_changes_come_the_shorter_is_the_window() -> None:
    windows = [window_s(LONGEST_S, HALL, rate) for rate in (1, 20, 40, 100, 200, 1000)]

    assert windows == sorted(windows, reverse=True)
    assert windows[:3] == [LONGEST_S] * 3
    assert windows[3] == pytest.approx(0.045)
    assert windows[-1] == pytest.approx(0.0045)


def test_the_window_grows_with_the_receivers_up_to_the_longest() -> None:
    windows = [window_s(LONGEST_S, receivers, 20) for receivers in (0, 1, 30, 50, 100, 300, 1000)]

    assert windows == [0, 0, 0, *(pytest.approx(one) for one in (0.008, 0.028, 0.108, 0.11))]


@pytest.mark.parametrize("receivers", [0, 30, 300, 5000])
@pytest.mark.parametrize("rate", [0.0, 1.0, 1e6])
def test_no_window_at_all_can_be_wished_for(receivers: int, rate: float) -> None:
    assert window_s(0.0, receivers, rate) == 0


def test_a_rate_fades_within_seconds() -> None:
    rate = Rate()
    for number in range(500):
        rate.count(100 + number / 100)

    assert rate.per_s(105) == pytest.approx(100, rel=0.05)
    assert rate.per_s(107) < 6
    assert rate.per_s(200) < 1e-9


def test_a_hall_that_begins_to_write_is_soon_known_to_be_many() -> None:
    """Ten people who begin together wait no longer for each other than they will later."""
    played = shown_at(every(0.01, 400), HALL, Pace(LONGEST_S))
    later = [(came, at) for came, at in played if came > 101.5]

    assert longest_wait(later) < 0.05


def test_edits_that_only_repeat_what_is_there_put_nobody_off_for_ever() -> None:
    loop = WoundLoop()
    shown: list[float] = []

    async def play() -> None:
        showing = Showing(set(), 0.06, bytes, list, lambda updates: updates)
        for number in range(100):
            # Each is answered without a commit, so that nothing is ever shown of it.
            showing.awaits()
            showing.taken()
            if not showing._entries:
                shown.append(loop.time())
                showing.people([AwarenessEntry(number, 1, "{}")])
            await loop.wind(0.01)
        showing.stop()

    loop.run_until_complete(play())
    loop.close()
    assert len(shown) > 10
