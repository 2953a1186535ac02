"""An event loop that is driven: time stands still, SQLite answers in turn, a run repeats."""

import asyncio
import heapq
import random
import secrets
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

import aiosqlite.core

from app import clock
from app.db import ledger
from app.db.embedded import looks
from app.rooms.writing import writer
from tests.chaos.interruption import Interruption

T = TypeVar("T")
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


Owned: TypeAlias = dict[asyncio.Task[Any], None]
"""Tasks in the order in which they were begun."""

OWNED: ContextVar[Owned | None] = ContextVar("OWNED", default=None)
"""Where tasks that are begun here are noted, and those that they begin, until they are done."""


class Stuck(AssertionError):
    """Everything waits, and nothing is on its way that could end the waiting."""


class DrivenLoop(asyncio.SelectorEventLoop):
    """Its clock moves when somebody moves it on, or when nothing else is left to do."""

    def __init__(self) -> None:
        super().__init__()
        self.interruption: Interruption | None = None
        self._now = 0.0

    def time(self) -> float:
        """Return the seconds that were let pass."""
        return self._now

    def move_on(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
        clock.set_now(_BEGINNING + timedelta(seconds=self._now))

    @property
    def is_idle(self) -> bool:
        """Whether nothing but the caller could run now."""
        return not self._ready  # type: ignore[attr-defined]

    def create_task(  # type: ignore[override]
        self,
        work: Coroutine[Any, Any, T],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> "asyncio.Task[T]":
        """Begin a task, and note whose it is."""
        if self.interruption is not None:
            work = self.interruption.of(work)
        task = super().create_task(work, name=name, context=context)
        owned = OWNED.get() if context is None else context.get(OWNED)
        if owned is not None:
            owned[task] = None
            task.add_done_callback(owned.pop)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, call: Callable[..., T], *arguments: Any
    ) -> "asyncio.Future[T]":
        """Make the call when its turn comes, on this thread."""
        answered: asyncio.Future[T] = self.create_future()
        self.call_soon(_answer, answered, lambda: call(*arguments))
        return answered

    def _run_once(self) -> None:
        if self.is_idle:
            self._jump()
        super()._run_once()  # type: ignore[misc]

    def _jump(self) -> None:
        timers: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        while timers and timers[0].cancelled():
            heapq.heappop(timers)._scheduled = False  # type: ignore[attr-defined]
            self._timer_cancelled_count -= 1  # type: ignore[attr-defined]
        if not timers:
            raise Stuck
        self.move_on(max(0.0, timers[0].when() - self._now))


class _Turns:
    """Stands where a connection to SQLite has its queue: a call waits for its turn, or not at all.

    waits: asked before each call, whether others may run before it is answered.
    """

    waits: Callable[[], bool] = staticmethod(lambda: True)

    def put_nowait(self, call: "tuple[asyncio.Future[Any] | None, Callable[[], Any]]") -> None:
        answered, function = call
        if _Turns.waits():
            asyncio.get_running_loop().call_soon(_answer, answered, function)
        else:
            _answer(answered, function)


class _InTurn:
    """Stands where the embedded database has a thread of its own: it works in turn."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_open = True

    def submit(self, call: Callable[[], T]) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[T] = loop.create_future()
        loop.call_soon(_answer_in_turn, answered, call)
        return answered

    def shutdown(self) -> None:
        self.is_open = False


class _NoThread:
    """Stands where a connection to SQLite has its thread."""

    daemon = True

    def __init__(self, **_: Any) -> None:
        self.is_started = False

    def start(self) -> None:
        self.is_started = True


def _answer_in_turn(answered: "asyncio.Future[Any]", call: Callable[[], Any]) -> None:
    if not answered.cancelled():
        _answer(answered, call)


def _answer(answered: "asyncio.Future[Any] | None", call: Callable[[], Any]) -> None:
    try:
        result = call()
    except Exception as error:
        if answered is not None and not answered.done():
            answered.set_exception(error)
    else:
        if answered is not None and not answered.done():
            answered.set_result(result)


@contextmanager
def chance(seed: int, waiting: float = 0.1) -> Iterator[random.Random]:
    """Let every client id and choice of the block follow from the seed.

    waiting: how many of SQLite's calls let others run meanwhile.
    """
    dice = random.Random(seed)
    turns_of = random.Random(seed)
    with (
        _other(secrets, randbelow=dice.randrange, choice=dice.choice),
        _other(_Turns, waits=lambda: turns_of.random() < waiting),
    ):
        yield dice


@contextmanager
def _other(place: Any, **parts: Any) -> Iterator[None]:
    """Let a library use other parts while the block runs."""
    before = {name: vars(place)[name] for name in parts}
    for name, part in parts.items():
        setattr(place, name, part)
    try:
        yield
    finally:
        for name, part in before.items():
            setattr(place, name, part)


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine to its end on a loop of its own, without waiting for any clock."""
    with (
        clock.kept(),
        _other(aiosqlite.core, SimpleQueue=_Turns, Thread=_NoThread),
        _other(ledger, InTurn=_InTurn),
        _other(looks, InTurn=_InTurn),
        _other(writer, perf_counter=lambda: driven_loop().time()),
        asyncio.Runner(loop_factory=DrivenLoop) as runner,
    ):
        runner.get_loop().move_on(0)  # type: ignore[attr-defined]
        return runner.run(work)


def begin(owned: Owned, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Begin a task that is noted there, with all that it begins itself."""
    context = copy_context()
    context.run(OWNED.set, owned)
    return asyncio.get_running_loop().create_task(work, context=context)


def driven_loop() -> DrivenLoop:
    """Return the loop that runs."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, DrivenLoop)
    return loop


async def turns(count: int) -> None:
    """Let everything that can run take this many turns, and no more."""
    for _ in range(count):
        await asyncio.sleep(0)


async def settled() -> None:
    """Return once nothing can run any more without a message, or without time passing."""
    loop = driven_loop()
    while True:
        await asyncio.sleep(0)
        if loop.is_idle:
            return


async def later(seconds: float) -> None:
    """Let time pass, and everything run that waited for it."""
    driven_loop().move_on(seconds)
    await settled()
