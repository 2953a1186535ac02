"""Slow work after the commit, off the request; known by name, cancelled or drained at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.logs import get_logger

log = get_logger(__name__)


class Jobs:
    """The tasks that run beside requests in this process."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run the work in the background; a second start of a running name is ignored."""
        if name in self._tasks:
            return
        task = asyncio.create_task(self._run(name, work), name=name)
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    def cancel(self, name: str) -> bool:
        """Cancel a running job; return whether there was one."""
        task = self._tasks.get(name)
        return task is not None and task.cancel()

    async def wait(self, name: str) -> None:
        """Return once the named job has ended, or at once if none runs."""
        task = self._tasks.get(name)
        if task is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(task)

    async def close(self) -> None:
        """Cancel what still runs, and wait until it has ended."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("job_failed", job=name)
