"""Who may write, in every state, over the y-websocket protocol."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from pycrdt import Doc
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from app.db.engine import Database
from app.rooms import frames
from app.rooms.frames import AwarenessEntry, Frame, Kind, Sync
from app.text.from_crdt import body_of
from tests.house.builders import Group
from tests.house.live import PATIENCE_S, LiveText, a_socket
from tests.house.texts import read_text
from tests.rooms.lock_shapes import find
from tests.rooms.matrix import PARTS, WRITERS, Scene, build, mark_of, may_see


async def test_everybody_tries_to_write_over_y_websocket_in_every_state(
    group: Group, database: Database, host: str
) -> None:
    stage = await build(group, database, host)
    scenes = [await stage.scene(state) for state in WRITERS]
    scenes += [await stage.scene("in_reading", pen=pen) for pen in ("chair", "observer")]
    for scene in scenes:
        for sub in (Sync.UPDATE, Sync.STEP2):
            scene.number += 1
            seq = await scene.head()
            clients = await asyncio.gather(*(enter(host, scene, part) for part in PARTS))
            await asyncio.gather(*(client.tries(scene, sub) for client in clients))
            writers = {scene.people[part].id for part in PARTS if scene.may_write(part)}
            assert set(await scene.rows_since(seq)) == writers, scene.state
        await scene.bystander.until(lambda text: text.words.count("<") == len(scene.expected))  # noqa: B023
        assert scene.bystander.document() == await read_text(database, scene.section)
    await stage.close()


class BareClient:
    """One client of the y-websocket protocol."""

    def __init__(self, part: str, connection: ClientConnection) -> None:
        self.part = part
        self._connection = connection
        self.doc: Doc[Any] = Doc()
        self.denied = False
        self.is_here = False

    async def tries(self, scene: Scene, sub: Sync) -> None:
        """Read the text, show oneself under two names, write; and be told, or have it saved."""
        case = scene.case(self.part, f"{sub.name} over y-websocket")
        async with asyncio.timeout(PATIENCE_S):
            if not may_see(self.part):
                await self._reads_until(lambda: False)
                assert (self.denied, self._connection.close_code) == (True, 4403), case
                return
            await self._sends(Frame(Kind.SYNC, sub=Sync.STEP1, body=frames.EMPTY_VECTOR))
            await self._reads_until(lambda: f"of {self.part}:" in self._words())
            await self._shows(self.doc.client_id)
            await self._shows(scene.bystander.doc.client_id)
            await self._reads_until(lambda: self.is_here)
            await self._writes(scene, sub)
            if scene.may_write(self.part):
                mark = mark_of(scene, self.part)
                scene.expected.add(mark)
                await scene.bystander.until(partial(_reads, mark), case)
                assert "bare" not in str(scene.bystander.people[scene.bystander.doc.client_id])
                await self._connection.close()
            else:
                await self._reads_until(lambda: False)
                assert (self.denied, self._connection.close_code) == (True, 4403), case

    async def _writes(self, scene: Scene, sub: Sync) -> None:
        before = self.doc.get_state()
        at = find(self.doc, f"of {self.part}:")
        body_of(self.doc).insert(at, mark_of(scene, self.part), {})
        await self._sends(Frame(Kind.SYNC, sub=sub, body=self.doc.get_update(before)))

    async def _shows(self, client_id: int) -> None:
        entry = AwarenessEntry(client_id, 1, '{"cursor":{"at":"bare"}}')
        await self._sends(Frame(Kind.AWARENESS, body=frames.encode_awareness([entry])))

    async def _sends(self, frame: Frame) -> None:
        await self._connection.send(frames.encode_bare(frame))

    def _words(self) -> str:
        return "".join(value for value, _ in body_of(self.doc).diff() if isinstance(value, str))

    async def _reads_until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            try:
                source = await self._connection.recv(decode=False)
            except ConnectionClosed:
                return
            if source[0] == Kind.AUTH:
                self.denied = True
            elif source[0] == Kind.AWARENESS:
                entries = frames.decode_awareness(frames.decode_bare(source).body)
                self.is_here |= self.doc.client_id in _ids(entries)
            elif source[:2] != b"\x00\x00":
                self.doc.apply_update(frames.decode_bare(source).body)


def _ids(entries: Iterable[AwarenessEntry]) -> set[int]:
    return {entry.client_id for entry in entries}


def _reads(mark: str, text: LiveText) -> bool:
    return mark in text.words


async def enter(host: str, scene: Scene, part: str) -> BareClient:
    """Open a section over the y-websocket protocol."""
    address = f"ws://{host}/live/y/{scene.section}?token={scene.people[part].api_token}"
    return BareClient(part, await a_socket(address))
