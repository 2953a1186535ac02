"""kill -9 under twenty writers on a bad network: what was acknowledged or shown is there after."""

import asyncio
import os
import random
import sys

import httpx
import pytest

from app.db.engine import Database
from app.ids import SectionId
from app.text.from_crdt import read_document
from app.text.hashing import content_hash
from tests.chaos.crowd import Crowd
from tests.chaos.truth import characters, read_log
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.chaos_proxy import ChaosProxy
from tests.house.servers import LiveServer

KILLS = int(os.environ.get("CHAOS_KILLS", "2"))
WRITERS = 20
# The server is killed after so many acknowledgements, at most.
_LATEST = 150

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]


class Place:
    """A server that is killed and comes back, behind a bad network."""

    def __init__(self, server: LiveServer, database: Database, group: Group) -> None:
        self.server = server
        self.database = database
        self.group = group

    async def round(self, section: SectionId, seed: int) -> None:
        """Let twenty write, kill the server, let it come back and all be well; then look."""
        proxy = await ChaosProxy(self.server.port, seed).start()
        crowd = Crowd(self.group, section, WRITERS, seed)
        crowd.begin(proxy.host)
        try:
            await crowd.saved(random.Random(seed).randrange(_LATEST))
            self.server.kill()
            await asyncio.to_thread(self.server.start)
            proxy.is_calm = True
            proxy.cut()
            await crowd.calms_down()
            await crowd.shows(lambda: self._hash(section))
        finally:
            await crowd.end()
            await proxy.stop()
        assert crowd.promises.saved
        assert crowd.promises.broken_by(characters(await read_log(self.database, section))) == []

    async def _hash(self, section: SectionId) -> str:
        return content_hash(read_document(await read_log(self.database, section)))


async def test_nothing_that_was_acknowledged_or_shown_is_lost(
    live_server: LiveServer, database: Database
) -> None:
    async with httpx.AsyncClient() as http:
        group = await a_working_group(House(database, http))
    place = Place(live_server, database, group)
    for kill in range(KILLS):
        [section] = (await a_report(group, ["Access"])).sections
        try:
            await place.round(section, kill)
        except Exception as error:
            raise AssertionError(f"kill {kill}") from error
        print(f"\r{kill + 1} kills survived", end="", file=sys.stderr)
