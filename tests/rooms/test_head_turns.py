"""When rooms tell their heads: the clock is wound by hand."""

from collections.abc import Callable
from itertools import pairwise

from app.rooms.telling.heads import LATEST_S, LONGEST_S, REST_S, HeadTimer, HeadTurns
from tests.house.wound import WoundLoop


def _played(rooms: int, cost_s: float, lasts_s: float) -> list[list[float]]:
    """When each of so many rooms, in which everybody writes all the time, told its head."""
    loop = WoundLoop()
    began = loop.time()
    told: list[list[float]] = [[] for _ in range(rooms)]
    turns = HeadTurns()
    timers: list[HeadTimer] = []

    def tells(number: int) -> Callable[[], None]:
        def tell() -> None:
            told[number].append(loop.time() - began)
            timers[number].cost(cost_s)

        return tell

    async def write() -> None:
        for number in range(rooms):
            timers.append(HeadTimer(turns, tells(number)))
            timers[number].cost(cost_s)
        while loop.time() - began < lasts_s:
            for timer in timers:
                timer.moved()
            await loop.wind(0.2)
        await loop.wind(LONGEST_S)
        for timer in timers:
            timer.stop()

    loop.run_until_complete(write())
    loop.close()
    return told


def test_a_text_that_rests_tells_its_head_once() -> None:
    """Half a second after the last change, and no more."""
    [told] = _played(rooms=1, cost_s=0.001, lasts_s=0.1)
    assert len(told) == 1
    assert REST_S <= told[0] <= REST_S + 0.01


def test_a_text_that_does_not_rest_tells_its_head_every_three_seconds() -> None:
    """On a server where little is written."""
    [told] = _played(rooms=1, cost_s=0.001, lasts_s=30)
    gaps = [later - earlier for earlier, later in pairwise(told)]
    assert all(LATEST_S - 0.1 <= gap <= LATEST_S + 0.3 for gap in gaps[:-1])


def test_many_texts_that_do_not_rest_take_turns() -> None:
    """All of them take a hundredth of the time, nobody is left out."""
    told = _played(rooms=200, cost_s=0.001, lasts_s=100)
    while_written = [at for one in told for at in one if at < 100]
    assert len(while_written) * 0.001 <= 0.015 * 100
    for one in told:
        assert one[0] <= LONGEST_S + 0.01
        gaps = [later - earlier for earlier, later in pairwise(one)]
        assert max(gaps) <= LONGEST_S + 0.3
        assert one[-1] >= 100, "at the end all of them rest"


def test_too_dear_heads_are_told_every_half_minute() -> None:
    """However many there are: a page learns at last whether it shows the right text."""
    told = _played(rooms=50, cost_s=0.05, lasts_s=100)
    for one in told:
        gaps = [later - earlier for earlier, later in pairwise(one)]
        assert max(gaps) <= LONGEST_S + 0.3


def test_a_long_debt_does_not_outlive_its_cause() -> None:
    turns = HeadTurns()
    for _ in range(1000):
        turns.next_at(0.0, 1.0)

    assert turns.next_at(0.0, 1.0) == LONGEST_S
