"""Real servers for tests, started from their programs on free loopback ports."""

import ctypes
import itertools
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

import httpx

from app.serving.worker import WORKER_HEADER

REPOSITORY = Path(__file__).resolve().parents[2]
# How long something may take on a slow and busy machine; nobody waits longer than it does.
START_S = 300
STOP_S = 120
ANSWER_S = 60
LOOK_AGAIN_S = 0.05
_PR_SET_PDEATHSIG = 1

# Linux ends a child when the thread that started it ends, so one thread starts them all and stays.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


# Below those from which the kernel takes a port for a connection: a server that comes back on its
# port finds no client of somebody else's there. Each process begins elsewhere.
_PORTS = range(12_000, 32_000)
_turn = itertools.count(secrets.randbelow(len(_PORTS)))


def free_port() -> int:
    """Return a loopback port that nobody listens on now, and that was not given before."""
    for number in itertools.islice(_turn, len(_PORTS)):
        port = _PORTS[number % len(_PORTS)]
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("Every port is taken.")


class ServerProcess:
    """One program that runs beside the tests, what it printed, and the end of it.

    It ends with the process that started it, however that one ends (Linux).
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        ready: str | None = None,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        end_signal: signal.Signals = signal.SIGTERM,
        cwd: Path = REPOSITORY,
    ) -> None:
        """Start the command; `ready` is a pattern of the line that says it can be used."""
        self._pattern = re.compile(ready) if ready else None
        self._end_signal = end_signal
        self._ready = threading.Event()
        self.ended = threading.Event()
        self.found: re.Match[str] | None = None
        self.lines: deque[str] = deque(maxlen=2000)
        start = partial(
            subprocess.Popen[str],
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=cwd,
            env=dict(env) if env is not None else None,
            preexec_fn=partial(_end_with_parent, end_signal),
            **_as_user(user),
        )
        self._process = _STARTER.submit(start).result()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self.found is None and self._pattern and (found := self._pattern.search(line)):
                self.found = found
                self._ready.set()
        self._process.stdout.close()
        self._process.wait()
        self.ended.set()
        self._ready.set()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def output(self) -> str:
        """What it printed so far (the last 2000 lines)."""
        return "\n".join(self.lines)

    def wait_ready(self) -> re.Match[str]:
        """Return the match of the ready line once printed; fail if it ended or took too long."""
        self._ready.wait(START_S)
        if self.found is None:
            raise RuntimeError(f"{self._process.args!r} did not start:\n{self.output}")
        return self.found

    def wait_answering(self, url: str) -> None:
        """Return once the address answers 200; fail if the program ended or took too long."""
        for _ in range(int(START_S / LOOK_AGAIN_S)):
            if self.ended.wait(LOOK_AGAIN_S):
                break
            try:
                if httpx.get(url, timeout=ANSWER_S).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                continue
        raise RuntimeError(f"{url} did not answer:\n{self.output}")

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL), and return once it is gone."""
        self._process.kill()
        self.ended.wait(STOP_S)

    def stop(self) -> int:
        """Ask it to end, by force if it does not, and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(self._end_signal)
        if not self.ended.wait(STOP_S):
            self.kill()
        return self._process.wait()


def _end_with_parent(end_signal: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(end_signal))


def _as_user(user: str | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


class Postgres:
    """A PostgreSQL server with an empty data folder of its own."""

    def __init__(self, bin_dir: Path, *, durable: bool = False) -> None:
        """Start it. durable: whether a commit survives a power cut; tests rarely need that."""
        user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="rapporteur-postgresql-"))
        if user is not None:
            shutil.chown(self._folder, user, user)
        cluster = self._folder / "cluster"
        initdb = [str(bin_dir / "initdb"), "-D", str(cluster), "-U", "postgres", "-A", "trust"]
        initdb += ["-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions"]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **_as_user(user))
        self.port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._folder),
            "max_connections": "200",
            "autovacuum": "off",
            **({} if durable else dict.fromkeys(["fsync", "synchronous_commit"], "off")),
            **({} if durable else {"full_page_writes": "off", "wal_level": "minimal"}),
            **({} if durable else {"max_wal_senders": "0"}),
        }
        command = [str(bin_dir / "postgres"), "-D", str(cluster), "-p", str(self.port)]
        for name, setting in settings.items():
            command += ["-c", f"{name}={setting}"]
        self._command, self._user = command, user
        self.start()

    def start(self) -> None:
        """Start it, again on the same port after a stop."""
        self._server = ServerProcess(
            self._command,
            ready="database system is ready to accept connections",
            user=self._user,
            end_signal=signal.SIGQUIT,
            cwd=Path("/"),
        )
        self._server.wait_ready()

    def drop_everybody(self) -> None:
        """End it at once, as a failing machine would: whatever was not committed is gone."""
        self._server.stop()

    @property
    def pid(self) -> int:
        """The number of its first program, which starts all the others."""
        return self._server.pid

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End it and remove its data."""
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def find_postgres() -> Path | None:
    """Return the folder of PostgreSQL's newest server programs, if the machine has them."""
    on_path = shutil.which("postgres")
    if on_path is not None and shutil.which("initdb") is not None:
        return Path(on_path).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


class Redis:
    """A Redis server that keeps nothing."""

    def __init__(self, program: str) -> None:
        """Start it."""
        self.port = free_port()
        self.start(program)

    def start(self, program: str = "redis-server") -> None:
        """Start it, again on the same port after a stop or a kill."""
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no"]
        self.process = ServerProcess(
            command, ready="Ready to accept connections", cwd=Path(tempfile.gettempdir())
        )
        self.process.wait_ready()

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """End it."""
        self.process.stop()


class LiveServer:
    """`rapporteur serve` in a process of its own, as people run it."""

    def __init__(self, home: Path, environment: Mapping[str, str], *, workers: int = 1) -> None:
        """Describe it; `start` starts it. environment: DATABASE_URL and other settings."""
        self.home = home
        self.workers = workers
        self.port = free_port()
        self._environment = dict(environment)
        self.process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """Its web address, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def live_url(self) -> str:
        """The address of its live socket."""
        return f"ws://127.0.0.1:{self.port}/live"

    @property
    def environment(self) -> dict[str, str]:
        """What the server, and any `rapporteur` command beside it, reads its settings from."""
        own = {"RAPPORTEUR_HOME": str(self.home), "PORT": str(self.port)}
        return {**bare_environment(), **own, **self._environment}

    def start(self) -> Self:
        """Return it once /readyz answers; after a stop or a kill it comes back on the same port."""
        command = [sys.executable, "-m", "app.cli", "serve", "--workers", str(self.workers)]
        self.process = ServerProcess(command, env=self.environment)
        self.process.wait_answering(f"{self.url}/readyz")
        return self

    def wait_for_workers(self) -> Self:
        """Return it once each of its workers has answered."""
        seen: set[str] = set()
        wanted = {str(number) for number in range(1, self.workers + 1)}
        assert self.process is not None, "the server was not started"
        for _ in range(int(START_S / LOOK_AGAIN_S)):
            with suppress(httpx.TransportError):
                answer = httpx.get(f"{self.url}/healthz", timeout=ANSWER_S)
                seen.add(answer.headers.get(WORKER_HEADER, "1"))
            if seen >= wanted:
                return self
            if self.process.ended.wait(LOOK_AGAIN_S):
                break
        raise RuntimeError(f"Only workers {seen} answered:\n{self.process.output}")

    def worker_pid(self, number: int) -> int:
        """Return the number of the process that is worker `number` now."""
        assert self.process is not None, "the server was not started"
        started = re.compile(rf"worker_started\s+pid=(\d+) worker={number}$")
        pids = [found[1] for line in self.process.lines if (found := started.search(line))]
        return int(pids[-1])

    def run(self, *arguments: str) -> str:
        """Run another `rapporteur` command on the same data and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"rapporteur {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None, "the server was not started"
        self.process.kill()

    def stop(self) -> None:
        """End it as an operator would."""
        if self.process is not None:
            self.process.stop()


def bare_environment() -> dict[str, str]:
    """Return this process's environment without anything that sets up a server."""
    ours = ("RAPPORTEUR_", "DATABASE_URL", "REDIS_URL", "PORT", "TEST_", "COVERAGE_")
    return {name: text for name, text in os.environ.items() if not name.startswith(ours)}
