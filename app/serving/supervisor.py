"""Several server processes on one port: started, started anew when they die, ended together."""

import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from types import FrameType

from uvicorn.config import STARTUP_FAILURE

from app.logs import get_logger
from app.serving.worker import bound_socket, serve_as_worker
from app.settings import Settings

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# A worker that lived so long was well: the next one need not wait.
_WELL_AFTER_S = 10.0
_PAUSE_FIRST_S, _PAUSE_MAX_S = 0.25, 5.0
# The web server waits 5 s for what is under way; then what waits is written.
_GRACE_S = 20.0

log = get_logger(__name__)


@dataclass(eq=False, slots=True)
class _Place:
    """The place of one worker, which several processes take one after the other."""

    number: int
    process: SpawnProcess | None = None
    started_at: float = 0.0
    starts: int = 0
    pause_s: float = 0.0
    due_at: float = 0.0

    def note_end(self, now: float) -> None:
        """Leave the place free; one whose workers die young is filled ever more slowly."""
        self.process = None
        was_well = now - self.started_at >= _WELL_AFTER_S
        slower_s = min(max(2 * self.pause_s, _PAUSE_FIRST_S), _PAUSE_MAX_S)
        self.pause_s = 0.0 if was_well else slower_s
        self.due_at = now + self.pause_s


class Supervisor:
    """Keeps a number of workers at work until it is told to end."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._places = [_Place(number) for number in range(1, workers + 1)]
        self._told: list[int] = []
        """The signals that have come."""
        self._has_failed = False
        self._wake, self._waker = socket.socketpair()
        # Linux shares a port fairly among sockets of its own; elsewhere all accept from one.
        self._is_linux = sys.platform == "linux"
        self._held = bound_socket(settings.host, settings.port, is_shared=self._is_linux)

    def run(self) -> None:
        """Serve until told to end; a SIGTERM ends this process too, once its workers are gone.

        Raises: SystemExit when a worker cannot be started at all.
        """
        try:
            with self._signals_noted():
                self._keep_going()
                self._end_all()
        finally:
            self._kill_all()
            self._held.close()
        if self._has_failed:
            raise SystemExit(STARTUP_FAILURE)
        if self._told[:1] == [signal.SIGTERM]:
            signal.raise_signal(signal.SIGTERM)

    # ---------------------------------------------------------------------- private

    def _keep_going(self) -> None:
        while not self._told and not self._has_failed:
            self._fill()
            self._wait(self._until_due_s())
            self._collect()

    def _fill(self) -> None:
        now = time.monotonic()
        for place in self._places:
            if place.process is None and place.due_at <= now:
                self._start(place, now)

    def _start(self, place: _Place, now: float) -> None:
        shared = None if self._is_linux else self._held
        process = multiprocessing.get_context("spawn").Process(
            target=serve_as_worker,
            args=(self._settings, place.number, shared),
            name=f"worker {place.number}",
        )
        place.started_at = now
        try:
            process.start()
        except OSError:
            # The machine has no room for another process now: the others go on without it.
            log.exception("worker_not_started", worker=place.number)
            place.note_end(now)
            return
        place.process, place.starts = process, place.starts + 1
        log.info("worker_started", worker=place.number, pid=process.pid)

    def _collect(self) -> None:
        """Take note of the workers that have ended."""
        for place in self._places:
            process = place.process
            if process is None or process.exitcode is None:
                continue
            place.note_end(time.monotonic())
            if self._told:
                continue
            log.warning("worker_ended", worker=place.number, exit_code=process.exitcode)
            # One that never ran will not run the next time either.
            self._has_failed |= place.starts == 1 and process.exitcode == STARTUP_FAILURE

    def _until_due_s(self) -> float | None:
        due = [place.due_at for place in self._places if place.process is None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _wait(self, timeout_s: float | None) -> None:
        """Return when a worker has ended, a signal has come, or the time is over."""
        ends = [place.process.sentinel for place in self._places if place.process is not None]
        if self._wake in connection.wait([*ends, self._wake], timeout_s):
            self._wake.recv(64)

    def _end_all(self) -> None:
        """Let the workers finish what is under way; a second signal does not wait for them."""
        for process in self._at_work():
            if process.pid is not None:
                os.kill(process.pid, signal.SIGTERM)
        end_at = time.monotonic() + _GRACE_S
        while self._at_work() and len(self._told) < 2 and time.monotonic() < end_at:
            self._wait(max(0.0, end_at - time.monotonic()))
            self._collect()

    def _kill_all(self) -> None:
        for process in self._at_work():
            log.warning("worker_killed", worker=process.name)
            process.kill()
            process.join()

    def _at_work(self) -> list[SpawnProcess]:
        processes = [place.process for place in self._places if place.process is not None]
        return [process for process in processes if process.is_alive()]

    @contextmanager
    def _signals_noted(self) -> Iterator[None]:
        self._waker.setblocking(False)
        before = signal.set_wakeup_fd(self._waker.fileno())
        old = {one: signal.signal(one, self._note) for one in _SIGNALS}
        try:
            yield
        finally:
            for one, action in old.items():
                signal.signal(one, action)
            signal.set_wakeup_fd(before)

    def _note(self, signal_number: int, _: FrameType | None) -> None:
        self._told.append(signal_number)
