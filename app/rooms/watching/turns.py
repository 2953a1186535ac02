"""Long work on the event loop: in turns with everybody else's, and what it took of the loop."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from time import perf_counter
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# Whoever else waits for the loop waits for this at most, and for the piece that is under way.
SLICE_S = 0.005


class Turns:
    """One piece of long work that is done in pieces."""

    __slots__ = ("_began", "_slice_s")

    def __init__(self, slice_s: float = SLICE_S) -> None:
        self._slice_s = slice_s
        self._began = perf_counter()

    async def pause(self) -> None:
        """Let everybody else have a turn, if this one has lasted long enough."""
        if perf_counter() - self._began >= self._slice_s:
            await asyncio.sleep(0)
            self._began = perf_counter()


class Spent:
    """What some work took of the event loop, without the time in which it waited. In seconds."""

    __slots__ = ("seconds",)

    def __init__(self) -> None:
        self.seconds = 0.0


@coroutine
def metered(work: Coroutine[Any, Any, T], spent: Spent) -> Generator[Any, Any, T]:
    """Do the work, and add what it took of the loop to `spent`, however it ends."""
    step: Callable[[], Any] = lambda: work.send(None)  # noqa: E731 - replaced by the next one
    while True:
        began = perf_counter()
        try:
            waits_for = step()
        except StopIteration as ended:
            result: T = ended.value
            return result
        finally:
            spent.seconds += perf_counter() - began
        step = yield from _awaited(work, waits_for)


def _awaited(
    work: Coroutine[Any, Any, Any], waits_for: Any
) -> Generator[Any, Any, Callable[[], Any]]:
    """Wait for what the work waits for; return how it goes on."""
    try:
        got = yield waits_for
    except GeneratorExit:
        work.close()
        raise
    except BaseException as error:
        raised = error
        return lambda: work.throw(raised)
    return lambda: work.send(got)
