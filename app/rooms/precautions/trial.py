"""Large updates are taken in by a child process first: if they kill it, only their sender minds."""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

from app.errors import AppError, Unavailable
from app.logs import get_logger
from app.rooms.guard import LibraryFailed
from app.rooms.live_text import LiveText
from app.rooms.precautions import child
from app.rooms.strict.values import ForeignContent
from app.text import schema

LARGE_BYTES = 64 * 1024
_MEBIBYTE = 1024 * 1024
_LENGTH_BYTES = 8

Spend: TypeAlias = Callable[[float], None]

logger = get_logger(__name__)


def _costs_nobody(_: float) -> None:
    """Let nobody pay."""


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

    async def pass_update(
        self, text: LiveText, update: bytes, spend: Spend = _costs_nobody
    ) -> None:
        """Return once a child has taken the update in; at once if it adds no words.

        What no section holds passes: the guard refuses it, with a sentence.
        spend: is told the seconds of a processor that it took, here and in the child, also of an
        update that does not pass.
        Raises: Malformed; LibraryFailed if the child gave way; Unavailable if there is none, or it
        was ended through no fault of the update.
        """
        began = perf_counter()
        try:
            must_try = _must_try(text, update)
        finally:
            spend(perf_counter() - began)
        if not must_try:
            return
        async with self._places:
            began, children_s = perf_counter(), _children_s()
            try:
                await self._try(text.state(), update)
            finally:
                # Others' children may have ended meanwhile.
                spend(min(perf_counter() - began, _children_s() - children_s))

    async def _try(self, state: bytes, update: bytes) -> None:
        began = perf_counter()
        status = await self._run(len(state).to_bytes(_LENGTH_BYTES, "big") + state + update)
        seconds = round(perf_counter() - began, 3)
        fault = fault_of(status)
        if fault is None:
            logger.info("large_update_tried", size=len(update), seconds=seconds)
            return
        if isinstance(fault, LibraryFailed):
            logger.error("large_update_broke_its_child", size=len(update), status=status)
        else:
            logger.warning("large_update_not_tried", size=len(update), seconds=seconds)
        raise fault

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
            raise too_busy() from error
        try:
            await asyncio.wait_for(process.communicate(given), limits.wall_s)
        except TimeoutError:
            # The clock alone proves nothing: the machine may be slow.
            return -signal.SIGKILL
        finally:
            # One that has ended has no number any more: it may be somebody else's by now.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            await asyncio.shield(process.wait())
        return process.returncode if process.returncode is not None else -signal.SIGKILL


def fault_of(status: int) -> AppError | None:
    """Return what a child's end says of the update; None if it was taken in.

    Whoever was ended from outside, by the clock or for want of the machine's memory, says nothing
    of it. One that used up its own processor time or memory, or panicked, is the sender's.
    """
    if status == 0:
        return None
    if -status in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        return too_busy()
    return LibraryFailed("The update could not be read.")


def too_busy() -> Unavailable:
    """Return what is said of an update that was not tried, through no fault of its sender."""
    return Unavailable("The server is too busy to take this in. Please try again.")


def _must_try(text: LiveText, update: bytes) -> bool:
    """Whether an update writes something new. What was read of it is not kept: it may be large."""
    try:
        facts = text.facts_of(update)
    except ForeignContent:
        return False
    return bool(facts.writes) and not text.holds(facts)


def _children_s() -> float:
    """How many seconds of a processor the children that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
