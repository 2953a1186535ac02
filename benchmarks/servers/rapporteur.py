"""Rapporteur as people run it: `rapporteur serve`, every guard on, acknowledgements durable."""

import asyncio
import sys

from app.settings import Settings
from benchmarks.load.clients import Place
from benchmarks.load.speech import HOCUSPOCUS
from benchmarks.servers.base import MeasuredServer, Setting
from benchmarks.servers.seeding import Seeded, seed


class Rapporteur(MeasuredServer):
    """On the embedded SQLite, one process."""

    name = "rapporteur"
    speech = HOCUSPOCUS
    holds_text = True

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        settings = Settings(home=self.home)
        self.seeded: Seeded = asyncio.run(seed(settings, setting))

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Start it by its own command."""
        own = {"RAPPORTEUR_HOME": str(self.home), "PORT": str(self.port)}
        return [sys.executable, "-m", "app.cli", "serve"], own, "/readyz"

    def place(self, section: int, person: int) -> Place:
        """Return the section's address and the person's own token."""
        seeded = self.seeded
        token = seeded.tokens[person % len(seeded.tokens)]
        return Place(self.port, "/live", str(seeded.sections[section]), token, self.speech)
