"""Cancels a task at its n-th suspension, as a lost connection or a shutdown might."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


class Interruption:
    """Counts the suspensions of the tasks with these names, and cancels at one of them.

    names: beginnings of the qualified names of their coroutines.
    """

    def __init__(self, names: tuple[str, ...], at: int) -> None:
        self.count = 0
        self._names = names
        self._at = at

    @property
    def has_come(self) -> bool:
        """Whether there was an n-th suspension."""
        return self.count >= self._at

    def of(self, work: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
        """Return the work, counted if it is to be."""
        named = getattr(work, "__qualname__", "").startswith(self._names)
        return _Counted(work, self) if named else work

    def suspended(self) -> None:
        """Count one, in the task that is about to wait."""
        self.count += 1
        task = asyncio.current_task()
        if self.count == self._at and task is not None:
            asyncio.get_running_loop().call_soon(task.cancel)


class _Counted(Coroutine[Any, Any, T]):
    def __init__(self, work: Coroutine[Any, Any, T], interruption: Interruption) -> None:
        self._work = work
        self._interruption = interruption

    def send(self, value: Any) -> Any:
        waits_for = self._work.send(value)
        self._interruption.suspended()
        return waits_for

    def throw(self, *error: Any) -> Any:
        waits_for = self._work.throw(*error)
        self._interruption.suspended()
        return waits_for

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        return self._work.__await__()
