"""Foreign clients share a room: stock Hocuspocus and y-websocket in Node, y-py in Python."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from app.db.engine import Database
from app.ids import SectionId
from app.rooms import frames
from app.rooms.frames import Frame, Kind, Sync
from tests.house.builders import Group
from tests.house.live import PATIENCE_S, a_socket
from tests.house.peers import NodePeer
from tests.house.people import Person
from tests.house.texts import read_text, words_of
from tests.rooms.conftest import OpenDevice

# The older library has no release for later versions of Python.
HAS_Y_PY = sys.version_info < (3, 13)
y_py: Any = importlib.import_module("y_py") if HAS_Y_PY else None
pytestmark = [pytest.mark.peers]
StartPeer = Callable[..., Awaitable[NodePeer]]


class YPyPeer:
    """A client on the other CRDT library, which speaks the y-websocket protocol by hand."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._doc = y_py.YDoc()
        self._text = self._doc.get_text("body")

    @property
    def words(self) -> str:
        return str(self._text)

    async def sync(self) -> None:
        await self._send(Sync.STEP1, y_py.encode_state_vector(self._doc))
        await self.until(Sync.STEP2)

    async def type(self, text: str) -> None:
        before = y_py.encode_state_vector(self._doc)
        with self._doc.begin_transaction() as transaction:
            self._text.insert(transaction, len(self._text), text)
        await self._send(Sync.UPDATE, y_py.encode_state_as_update(self._doc, before))

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.words != words:
                await self._hear()

    async def until(self, sub: Sync) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self._hear() != sub:
                continue

    async def _hear(self) -> int:
        source = await self._connection.recv()
        assert isinstance(source, bytes)
        frame = frames.decode_bare(source)
        if frame.kind is not Kind.SYNC:
            return -1
        if frame.sub == Sync.STEP1:
            update = y_py.encode_state_as_update(self._doc, frame.body)
            await self._send(Sync.STEP2, update)
        else:
            y_py.apply_update(self._doc, frame.body)
        return frame.sub

    async def _send(self, sub: Sync, body: bytes) -> None:
        await self._connection.send(frames.encode_bare(Frame(Kind.SYNC, sub=sub, body=body)))


class Peers:
    """Opens foreign clients on one section."""

    def __init__(self, start: StartPeer, host: str, section: SectionId) -> None:
        self._start = start
        self._host = host
        self._section = section
        self.connections: list[ClientConnection] = []

    async def hocuspocus(self, person: Person) -> NodePeer:
        return await self._node("hocuspocus.mjs", f"ws://{self._host}/live", person)

    async def y_websocket(self, person: Person) -> NodePeer:
        return await self._node("ywebsocket.mjs", f"ws://{self._host}/live/y", person)

    async def y_py(self, person: Person) -> YPyPeer:
        address = f"ws://{self._host}/live/y/{self._section}?token={person.api_token}"
        self.connections.append(await a_socket(address))
        peer = YPyPeer(self.connections[-1])
        await peer.sync()
        return peer

    async def _node(self, script: str, url: str, person: Person) -> NodePeer:
        name = str(self._section)
        return await self._start(script, url=url, name=name, token=person.api_token)


@pytest.fixture
async def peers(start_peer: StartPeer, host: str, section: SectionId) -> AsyncIterator[Peers]:
    """Opens foreign clients on the section."""
    opened = Peers(start_peer, host, section)
    yield opened
    for connection in opened.connections:
        await connection.close()


async def test_text_typed_by_each_is_seen_by_all(
    group: Group, section: SectionId, peers: Peers, device: OpenDevice, database: Database
) -> None:
    first = await peers.hocuspocus(group.member)
    second = await peers.y_websocket(group.convenor)
    ours = await (await device()).open(section, group.member.api_token)
    await first.ask("synced")
    await second.ask("synced")

    await first.ask("type", text="hocuspocus é ")
    await second.ask("shows", words="hocuspocus é ")
    await second.ask("type", text="y-websocket 😀 ")
    await ours.shows("hocuspocus é y-websocket 😀 ")
    ours.types("ours")

    everything = "hocuspocus é y-websocket 😀 ours"
    await first.ask("shows", words=everything)
    await second.ask("shows", words=everything)
    assert (await first.ask("saved"))["unsynced"] == 0
    assert words_of(await read_text(database, section)) == [everything]


if HAS_Y_PY:

    async def test_the_older_library_types_into_the_same_text(
        group: Group, section: SectionId, peers: Peers, device: OpenDevice, database: Database
    ) -> None:
        stock = await peers.hocuspocus(group.member)
        older = await peers.y_py(group.secretariat)
        await stock.ask("synced")

        await stock.ask("type", text="hocuspocus 😀 ")
        await older.shows("hocuspocus 😀 ")
        await older.type("y-py")

        await stock.ask("shows", words="hocuspocus 😀 y-py")
        assert words_of(await read_text(database, section)) == ["hocuspocus 😀 y-py"]


async def test_both_protocols_see_who_is_here_by_their_real_names(
    group: Group, peers: Peers
) -> None:
    first = await peers.hocuspocus(group.member)
    second = await peers.y_websocket(group.convenor)

    seen = await first.ask("sees", name=group.convenor.name)
    await second.ask("sees", name=group.member.name)

    assert "Somebody Else" not in seen["names"]


async def test_a_reader_of_either_protocol_cannot_write(
    group: Group, section: SectionId, peers: Peers, database: Database
) -> None:
    first = await peers.hocuspocus(group.observer)
    second = await peers.y_websocket(group.observer)
    assert (await first.ask("synced"))["scope"] == "readonly"
    await second.ask("synced")

    await first.ask("type", text="no")
    await second.ask("type", text="no")

    assert (await second.ask("closed"))["code"] == 4403
    assert words_of(await read_text(database, section)) == []


async def test_a_stranger_of_either_protocol_is_kept_out(group: Group, peers: Peers) -> None:
    first = await peers.hocuspocus(group.outsider)
    second = await peers.y_websocket(group.outsider)

    assert (await first.ask("denied"))["reason"] == "There is nothing here that you can see."
    assert (await second.ask("closed"))["code"] == 4403


async def test_what_a_stock_client_types_while_its_line_is_down_arrives(
    group: Group, section: SectionId, peers: Peers, device: OpenDevice
) -> None:
    reader = await (await device()).open(section, group.observer.api_token)
    peer = await peers.hocuspocus(group.member)
    await peer.ask("synced")
    await peer.ask("type", text="before ")
    await peer.ask("saved")

    await peer.ask("drop")
    await peer.ask("type", text="while down")

    await reader.shows("before while down")
    assert (await peer.ask("saved"))["unsynced"] == 0
