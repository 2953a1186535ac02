"""Rapporteur as people run it: `rapporteur serve`, every guard on, acknowledgements durable."""

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from app.settings import Settings
from benchmarks.load.clients import Place
from benchmarks.load.speech import HOCUSPOCUS
from benchmarks.machine import Meter
from benchmarks.servers.base import MeasuredServer, Setting
from benchmarks.servers.seeding import Seeded, seed
from tests.house.servers import Postgres, Redis, find_postgres


class Rapporteur(MeasuredServer):
    """On the embedded SQLite, one process."""

    name = "rapporteur"
    speech = HOCUSPOCUS
    holds_text = True
    profile: ClassVar[Path | None] = None
    """Where its profile is written, if it is to be profiled: that costs about as much again."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._is_profiled = False
        self.seeded: Seeded = asyncio.run(seed(self.settings(), setting))

    def settings(self) -> Settings:
        """Return where its data are."""
        return Settings(home=self.home)

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Start it by its own command."""
        own = {"RAPPORTEUR_HOME": str(self.home), "PORT": str(self.port)}
        # One person of a load may open hundreds of sections, each on a connection of its own.
        own["RAPPORTEUR_SOCKETS_PER_MEMBER"] = "2000"
        if self.profile is not None:
            profiled = ["-m", "benchmarks.servers.profiled", str(self.profile), "app.cli"]
            return [sys.executable, *profiled, "serve"], own, "/readyz"
        return [sys.executable, "-m", "app.cli", "serve"], own, "/readyz"

    def meter(self) -> Meter:
        """Read what it has used until now; its profile begins with the first reading."""
        if self.profile is not None and not self._is_profiled:
            os.kill(self.pid, signal.SIGUSR1)
            self._is_profiled = True
        return super().meter()

    def place(self, section: int, person: int) -> Place:
        """Return the section's address and the person's own token."""
        seeded = self.seeded
        token = seeded.tokens[person % len(seeded.tokens)]
        return Place(self.port, "/live", str(seeded.sections[section]), token, self.speech)


class RapporteurPostgres(Rapporteur):
    """On PostgreSQL and Redis of its own, one worker. Their CPU is told apart from the server's."""

    name = "rapporteur-postgresql"
    workers = 1

    def __init__(self, setting: Setting) -> None:
        folder, redis = find_postgres(), shutil.which("redis-server")
        if folder is None or redis is None:
            raise FileNotFoundError("PostgreSQL and Redis are needed for this")
        self._postgres = Postgres(folder, durable=True)
        self._redis = Redis(redis)
        super().__init__(setting)

    def settings(self) -> Settings:
        """Return where its data are."""
        return Settings(home=self.home, DATABASE_URL=SecretStr(self._postgres.url()))

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Start it with its workers, all on the servers' core: what they cost is compared."""
        command, own, answers = super().command()
        own |= {"DATABASE_URL": self._postgres.url(), "REDIS_URL": self._redis.url}
        if self.workers > 1:
            command += ["--workers", str(self.workers)]
        return command, own, answers

    @property
    def beside(self) -> list[int]:
        """PostgreSQL and Redis."""
        return [self._postgres.pid, self._redis.process.pid]

    def stop(self) -> None:
        """End all three."""
        super().stop()
        self._redis.stop()
        self._postgres.stop()


class RapporteurTwoWorkers(RapporteurPostgres):
    """The same with two workers."""

    name = "rapporteur-2-workers"
    workers = 2
