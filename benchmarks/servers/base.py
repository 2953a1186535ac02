"""What the loads need of any server: to start it, and where its documents are."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks import machine
from benchmarks.load.clients import Place
from benchmarks.load.speech import Speech
from tests.house.servers import ServerProcess, bare_environment, free_port


@dataclass(frozen=True, slots=True)
class Setting:
    """What a load is played on: how many people and sections, and what stands in these.

    text: a Yjs update. agreed: how many of its paragraphs the plenary has agreed to, where a
    server knows such a thing. rows: the log's rows in every section, instead of the text in one.
    """

    people: int
    sections: int
    text: bytes
    agreed: int = 0
    rows: tuple[bytes, ...] = ()
    has_checkpoint: bool = True


class MeasuredServer:
    """One server. Its documents begin with the setting's text, by whoever puts it there."""

    name: str
    speech: Speech
    holds_text = False
    """Whether it has the text before its first client; else that one brings it."""
    joins_at_once = 25
    keeps = True
    """Whether a document outlives a restart."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.port = free_port()
        self.home = Path(tempfile.mkdtemp(prefix="rapporteur-bench-"))
        self.running: ServerProcess | None = None

    def start(self) -> Self:
        """Return it once it can be used; after a stop it comes back on the same port."""
        command, environment, answers = self.command()
        self.running = ServerProcess(
            machine.server_command(command), env={**bare_environment(), **environment}
        )
        self.running.wait_answering(f"http://127.0.0.1:{self.port}{answers}")
        return self

    def command(self) -> tuple[list[str], dict[str, str], str]:
        """Return how it is started: the command, the environment, the path that answers 200."""
        raise NotImplementedError

    def place(self, section: int, person: int) -> Place:
        """Return where a person goes to open a section."""
        path = "/" if self.speech.has_addresses else f"/section-{section}"
        return Place(self.port, path, f"section-{section}", "", self.speech)

    async def saved(self) -> None:
        """Return once what was written is kept, by a server that keeps anything."""

    @property
    def pid(self) -> int:
        """The number of its first program."""
        assert self.running is not None, "the server was not started"
        return self.running.pid

    @property
    def beside(self) -> list[int]:
        """The programs that it stores and publishes with."""
        return []

    def meter(self) -> machine.Meter:
        """Read what it, and the generator, have used until now."""
        return machine.Meter.read(self.pid, self.beside)

    def pause(self) -> None:
        """End it as an operator would, keeping what it stored."""
        if self.running is not None:
            self.running.stop()

    def stop(self) -> None:
        """End it and remove what it stored."""
        self.pause()
        shutil.rmtree(self.home, ignore_errors=True)
