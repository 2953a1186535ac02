"""One thread beside the event loop: what it is told is done in order, also if nobody waits."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class _Told(NamedTuple):
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    done: "asyncio.Future[Any]"


class InTurn:
    """The thread. A pool's futures, made for any loop and any thread, cost as much again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: SimpleQueue[_Told | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._is_over = False

    def submit(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Let the thread do it when its turn comes; what was cancelled before that is left out.

        Raises: RuntimeError after the end: nobody would ever do it.
        """
        if self._is_over:
            raise RuntimeError("The thread was let go.")
        if self._thread is None:
            self._thread = Thread(target=_work, args=(self._told,), name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._told.put(_Told(work, loop, done))
        return done

    def shutdown(self) -> None:
        """Let the thread end when it has done what it was told."""
        self._is_over = True
        self._told.put(None)


def _work(told: "SimpleQueue[_Told | None]") -> None:
    while (one := told.get()) is not None:
        if one.done.cancelled():
            continue
        try:
            result = one.work()
        except BaseException as error:
            _tell(one, _fail, error)
        else:
            _tell(one, _resolve, result)
            del result
        del one


def _tell(told: _Told, answer: Callable[["asyncio.Future[Any]", Any], None], with_: Any) -> None:
    # A loop that is closed has nobody left who waits.
    with suppress(RuntimeError):
        told.loop.call_soon_threadsafe(answer, told.done, with_)


def _resolve(done: "asyncio.Future[Any]", result: Any) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
