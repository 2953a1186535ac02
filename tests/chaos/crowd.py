"""Devices over real sockets through a bad network: they connect again and again, and write on."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from app.ids import SectionId
from tests.chaos.peer import Copy, Peer, Promises
from tests.house.builders import Group

PATIENCE_S = 300
_AGAIN_S = 0.05
_ROLES = ("member", "convenor", "secretariat")


class Crowd:
    """Some writers in one section, each on a device of its own."""

    def __init__(self, group: Group, section: SectionId, size: int, seed: int) -> None:
        self.promises = Promises()
        self.dice = random.Random(seed)
        self._section = str(section)
        self._moved = asyncio.Condition()
        self._heard = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._is_writing = True
        names = [f"{letter}x" for letter in "abcdefghijklmnopqrstuvwxyz"[:size]]
        self.peers = [
            Peer(name, getattr(group, _ROLES[place % 3]), {self._section: self.promises}, self.dice)
            for place, name in enumerate(names)
        ]

    @property
    def copies(self) -> list[Copy]:
        """The text on each device."""
        return [copy for peer in self.peers for copy in peer.copies.values()]

    def begin(self, host: str) -> None:
        """Let everybody connect and write, for as long as it lasts."""
        for peer in self.peers:
            self._tasks.append(asyncio.create_task(self._stay_online(peer, host)))
            self._tasks.append(asyncio.create_task(self._write(peer)))

    async def saved(self, count: int) -> None:
        """Return once so many changes were acknowledged."""
        await self._until(lambda: len(self.promises.saved) >= count, f"{count} saved words")

    async def calms_down(self) -> None:
        """Write no more, and return once everybody has everything, and it is saved."""
        self._is_writing = False
        await self._until(self._is_whole, "everybody to have everything")

    async def shows(self, read: Callable[[], Awaitable[str]]) -> None:
        """Return once the text of each device has the hash that is read there.

        All of them may be equal a moment before the server names a paragraph anew.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    heard = self._heard
                    hashes = {copy.content_hash() for copy in self.copies}
                    if hashes == {await read()}:
                        return
                    await self._hears_more(heard)
        except TimeoutError:
            raise AssertionError(f"What is shown is not what was logged: {hashes}") from None

    async def end(self) -> None:
        """Let everybody go."""
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def _is_whole(self) -> bool:
        if not all(copy.is_quiet for copy in self.copies):
            return False
        return len({copy.content_hash() for copy in self.copies}) == 1

    async def _until(self, is_so: Callable[[], bool], what: str) -> None:
        async with self._moved:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._moved.wait_for(lambda: is_so() or self._has_failed())
            except TimeoutError:
                states = [(copy.is_quiet, len(copy.unacked), copy.text) for copy in self.copies]
                raise AssertionError(f"Waited in vain for {what}: {states}") from None
        assert not self._has_failed(), [task for task in self._tasks if task.done()]

    async def _hears_more(self, heard: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._heard > heard or self._has_failed())
        assert not self._has_failed(), [task for task in self._tasks if task.done()]

    def _has_failed(self) -> bool:
        return any(task.done() and not task.cancelled() for task in self._tasks)

    async def _stay_online(self, peer: Peer, host: str) -> None:
        while True:
            try:
                connection = await connect(
                    f"ws://{host}/live", max_size=None, compression=None, open_timeout=200
                )
            except (OSError, TimeoutError, WebSocketException, EOFError):
                await _a_moment()
                continue
            async with connection:
                await self._talk(peer, connection)
            peer.goes_offline()
            await self._tell()

    async def _talk(self, peer: Peer, connection: ClientConnection) -> None:
        leaving: asyncio.Queue[bytes] = asyncio.Queue()
        sending = asyncio.create_task(_send(leaving, connection))
        peer.goes_online(leaving.put_nowait)
        try:
            async for source in connection:
                assert isinstance(source, bytes)
                peer.hears(source)
                await self._tell()
        except ConnectionClosed:
            return
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _write(self, peer: Peer) -> None:
        """Write a word when the last is saved; at times sooner, and at times without a line."""
        [copy] = peer.copies.values()
        while self._is_writing:
            peer.acts()
            await self._go_on(copy, most=0 if self.dice.random() < 0.8 else 2)
        await asyncio.Event().wait()

    async def _go_on(self, copy: Copy, most: int) -> None:
        """Return once no more than so many changes wait, or there is nothing to write any more."""
        async with self._moved:
            await self._moved.wait_for(lambda: not self._is_writing or len(copy.unacked) <= most)

    async def _tell(self) -> None:
        self._heard += 1
        async with self._moved:
            self._moved.notify_all()


async def _send(leaving: "asyncio.Queue[bytes]", connection: ClientConnection) -> None:
    try:
        while True:
            await connection.send(await leaving.get())
    except ConnectionClosed:
        return


async def _a_moment() -> Any:
    """Return when it is time to try again."""
    is_time = asyncio.Event()
    asyncio.get_running_loop().call_later(_AGAIN_S, is_time.set)
    await is_time.wait()
