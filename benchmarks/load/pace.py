"""Makes typists type at a steady rate, each in a rhythm of their own."""

import asyncio
import heapq
import random
import string
import time
from collections.abc import Sequence

from benchmarks.load.clients import Typist

_LETTERS = string.ascii_lowercase + "   "


class Pace:
    """Typing that goes on in the background until it is stopped."""

    def __init__(self, typists: Sequence[Typist], edits_per_s: float, seed: int = 1) -> None:
        """Describe it. edits_per_s: of each typist; their phases are independent."""
        self.sent = 0
        self.late_s = 0.0
        """How late the latest edit was: the generator's own fault."""
        self._typists = typists
        self._step_s = 1 / edits_per_s
        self._random = random.Random(seed)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Let them type."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let them rest. Raises: what went wrong while they typed."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if not self._task.cancelled() and (error := self._task.exception()):
            raise error

    async def _run(self) -> None:
        start = time.perf_counter()
        due = [
            (start + self._random.random() * self._step_s, number)
            for number in range(len(self._typists))
        ]
        heapq.heapify(due)
        while True:
            at, number = due[0]
            wait = at - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            self.late_s = max(self.late_s, time.perf_counter() - at)
            self._typists[number].type(self._random.choice(_LETTERS))
            self.sent += 1
            heapq.heapreplace(due, (at + self._step_s, number))
            if self.sent % 20 == 0:
                # Reading must not starve when typing is behind.
                await asyncio.sleep(0)
