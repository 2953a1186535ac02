"""Large updates are taken in by a child process first: if they kill it, only their sender minds."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from app.errors import Unavailable
from app.logs import get_logger
from app.rooms.guard import LibraryFailed
from app.rooms.live_text import LiveText
from app.rooms.precautions import child
from app.rooms.strict.values import ForeignContent
from app.text import schema

LARGE_BYTES = 64 * 1024
_MEBIBYTE = 1024 * 1024
_LENGTH_BYTES = 8

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use, and how many there are at a time. wall_s: by the clock."""

    memory_bytes: int = 512 * _MEBIBYTE
    cpu_s: int = 20
    wall_s: float = 60.0
    children: int = 2


class Trials:
    """Where large updates are tried before the text that everybody shares takes them in."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._places = asyncio.Semaphore(self._limits.children)

    async def pass_update(self, text: LiveText, update: bytes) -> None:
        """Return once a child has taken the update in; at once if it adds no words.

        What no section holds passes: the guard refuses it, with a sentence.
        Raises: Malformed; LibraryFailed if the child gave way; Unavailable if there is none.
        """
        try:
            facts = text.facts_of(update)
        except ForeignContent:
            return
        if facts.writes and not text.holds(facts):
            async with self._places:
                await self._try(text.state(), update)

    async def _try(self, state: bytes, update: bytes) -> None:
        began = perf_counter()
        status = await self._run(len(state).to_bytes(_LENGTH_BYTES, "big") + state + update)
        seconds = round(perf_counter() - began, 3)
        if status == 0:
            logger.info("large_update_tried", size=len(update), seconds=seconds)
            return
        logger.error("large_update_broke_its_child", size=len(update), status=status)
        raise LibraryFailed("The update could not be read.")

    async def _run(self, given: bytes) -> int:
        limits = self._limits
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", child.__file__, schema.BODY, schema.NOTES),
                *(str(limits.memory_bytes), str(limits.cpu_s)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise Unavailable(
                "The server is too busy to take this in. Please try again."
            ) from error
        try:
            await asyncio.wait_for(process.communicate(given), limits.wall_s)
        except TimeoutError:
            return -signal.SIGXCPU
        finally:
            # One that has ended has no number any more: it may be somebody else's by now.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            await asyncio.shield(process.wait())
        return process.returncode if process.returncode is not None else -signal.SIGKILL
