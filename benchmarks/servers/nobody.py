"""No server at all: for what is measured without one."""

from typing import Self

from benchmarks.load.speech import HOCUSPOCUS
from benchmarks.servers.base import MeasuredServer


class Nobody(MeasuredServer):
    """Starts nothing."""

    name = "floor"
    speech = HOCUSPOCUS

    def start(self) -> Self:
        """Return it."""
        return self
