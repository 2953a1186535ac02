"""An event loop for what goes by the clock: no test waits for it."""

import asyncio
from typing import Any


class WoundLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock moves only from timer to timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        """Return what the clock was wound to."""
        return self.now

    async def wind(self, seconds: float) -> None:
        """Let what is due within these seconds happen, one thing after the other."""
        over: asyncio.Future[None] = self.create_future()
        self.call_later(seconds, over.set_result, None)
        await over

    def _run_once(self) -> None:
        scheduled: list[Any] = self._scheduled  # type: ignore[attr-defined]
        if not self._ready and scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, scheduled[0].when())
        super()._run_once()  # type: ignore[misc]
