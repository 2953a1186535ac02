"""A delegate's device in the tests: a live client over a real websocket, frame by frame."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from pycrdt import Doc, Map, Text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.rooms import frames
from app.rooms.frames import Auth, AwarenessEntry, Frame, Kind, Sync
from app.serving.lean import LeanSocket
from app.serving.lean_http import LeanHttp
from app.text.from_crdt import body_of, read_document
from app.text.model import Document
from tests.house.people import Person

# On a slow and busy machine; nobody waits longer than it takes.
PATIENCE_S = 120


@asynccontextmanager
async def served(
    app: FastAPI, max_frame_bytes: int = 1024 * 1024, ws: Any = LeanSocket
) -> AsyncIterator[str]:
    """Serve a started application on loopback by the server that people run; give host:port.

    ws: how it speaks websocket, as uvicorn names it.
    """
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=LeanHttp,
        ws=ws,
        ws_max_size=max_frame_bytes,
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="error",
    )
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    # Whoever comes before the server is there waits in line for it.
    listening.listen()
    task = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await task


class LiveText:
    """One section on a device: its document, and what the server said about it."""

    def __init__(self, device: "Device", address: str, client_id: int | None) -> None:
        self.device = device
        self.address = address
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.doc["body"] = Text()
        self.doc["notes"] = Map()
        self.scope: str | None = None
        self.denied: str | None = None
        self.closed: str | None = None
        self.synced = False
        self.statuses: list[int] = []
        self.sent = 0
        self.notices: list[dict[str, Any]] = []
        self.people: dict[int, dict[str, Any]] = {}
        self.people_frames = 0
        self.token_requests = 0
        self._clock = 0
        self._remote = False
        self._muted = False
        self._noted, self._subscription = self.doc, self.doc.observe(self._note)

    # ------------------------------------------------------------------ what it does

    def types(self, text: str, at: int | None = None) -> None:
        """Type at a byte position, at the end unless told; sent at once."""
        body = body_of(self.doc)
        body.insert(len(body) if at is None else at, text, {})

    def paragraph(self, paragraph_id: str, text: str) -> None:
        """Add a paragraph at the end."""
        body = body_of(self.doc)
        with self.doc.transaction():
            body.insert_embed(len(body), {"b": 1}, {"b.id": paragraph_id, "b.kind": "para"})
            body.insert(len(body), text, {})

    def deletes(self, start: int, end: int) -> None:
        """Delete a range of bytes."""
        del body_of(self.doc)[start:end]

    @property
    def words(self) -> str:
        """The characters of the text, without paragraphs and marks."""
        return "".join(v for v, _ in body_of(self.doc).diff() if isinstance(v, str))

    def document(self) -> Document:
        """The text as a value."""
        return read_document(self.doc)

    def sends(self, kind: Kind, sub: int = 0, body: bytes = b"", text: str = "") -> None:
        """Send any frame under this address."""
        if kind is Kind.SYNC and sub != Sync.STEP1:
            self.sent += 1
        self.device.sends(frames.encode(Frame(kind, self.address, sub, body, text)))

    def sends_update(self, update: bytes) -> None:
        """Send any bytes as an Update."""
        self.sends(Kind.SYNC, Sync.UPDATE, update)

    def signs_in(self, token: str) -> None:
        """Send a token."""
        self.sends(Kind.AUTH, Auth.TOKEN, text=token)

    def syncs(self) -> None:
        """Ask for what is not here."""
        self.sends(Kind.SYNC, Sync.STEP1, self.doc.get_state())

    def shows_itself(self, state: str = "{}", client_id: int | None = None) -> None:
        """Send an awareness state."""
        self._clock += 1
        entry = AwarenessEntry(client_id or self.doc.client_id, self._clock, state)
        self.sends(Kind.AWARENESS, body=frames.encode_awareness([entry]))

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[None]:
        """Keep edits to itself while the block runs."""
        self._muted = True
        yield
        self._muted = False

    # --------------------------------------------------------------- what it waits for

    async def until(self, is_so: Callable[["LiveText"], Any], what: str = "") -> None:
        """Return as soon as it is so; fail when it does not come."""
        await self.device.until(lambda: is_so(self), what or f"{self.address}: {self.words!r}")

    async def ready(self) -> None:
        """Return once the text is here, and the server has asked for what is here."""
        await self.until(lambda text: (text.synced and text.sent) or text.denied, "synced")

    async def saved(self) -> None:
        """Return once every edit that was sent is answered; all must have been saved."""
        await self.until(lambda text: len(text.statuses) >= text.sent, "answers")
        assert set(self.statuses) <= {1}, self.statuses

    async def shows(self, words: str) -> None:
        """Return once the text reads so."""
        await self.until(lambda text: text.words == words, f"{words!r}")

    def is_put_away(self) -> None:
        """Send nothing more; without this the library would keep the document for ever."""
        self._noted.unobserve(self._subscription)

    # ------------------------------------------------------------------------ private

    def _note(self, event: Any) -> None:
        if not self._remote and not self._muted:
            self.sends_update(event.update)

    def hears(self, frame: Frame) -> None:
        """Take what the server sent."""
        if frame.kind is Kind.SYNC:
            self._hears_sync(frame)
        elif frame.kind is Kind.SYNC_STATUS:
            self.statuses.append(frame.sub)
        elif frame.kind is Kind.AUTH:
            self._hears_auth(frame)
        elif frame.kind is Kind.CLOSE:
            self.closed = frame.text
            self.synced = False
        elif frame.kind is Kind.STATELESS:
            self.notices.append(json.loads(frame.text))
        elif frame.kind is Kind.AWARENESS:
            self._hears_people(frame)

    def _hears_people(self, frame: Frame) -> None:
        self.people_frames += 1
        for entry in frames.decode_awareness(frame.body):
            state = json.loads(entry.state)
            self.people.pop(entry.client_id, None)
            if state is not None:
                self.people[entry.client_id] = state

    def _hears_sync(self, frame: Frame) -> None:
        if frame.sub == Sync.STEP1:
            self.sends(Kind.SYNC, Sync.STEP2, self.doc.get_update(frame.body))
            return
        self._remote = True
        try:
            self.doc.apply_update(frame.body)
        finally:
            self._remote = False
        self.synced = self.synced or frame.sub == Sync.STEP2

    def _hears_auth(self, frame: Frame) -> None:
        if frame.sub == Auth.ACCEPTED:
            self.scope, self.denied, self.closed = frame.text, None, None
        elif frame.sub == Auth.DENIED:
            self.denied = frame.text
        else:
            self.token_requests += 1


class Device:
    """One socket and the texts that are open on it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._texts: dict[str, LiveText] = {}
        self.moved = asyncio.Condition()
        """Told whenever the server said something."""
        self._out: asyncio.Queue[bytes] = asyncio.Queue()
        self.close_code: int | None = None
        self.close_reason = ""
        self.pings = 0
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    def text(self, name: str, client_id: int | None = None) -> LiveText:
        """Return a text of this device that has not said anything yet."""
        text = self._texts[name] = LiveText(self, name, client_id)
        return text

    async def open(self, name: UUID | str, token: str, client_id: int | None = None) -> LiveText:
        """Sign in to a section and return its text once it is here."""
        text = self.text(str(name), client_id)
        text.signs_in(token)
        text.syncs()
        text.shows_itself()
        await text.ready()
        return text

    def sends(self, source: bytes) -> None:
        """Send any bytes."""
        self._out.put_nowait(source)

    async def until(self, is_so: Callable[[], Any], what: str = "it") -> None:
        """Return as soon as it is so, looking whenever the server said something."""
        async with self.moved:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self.moved.wait_for(is_so)
            except TimeoutError:
                said = {name: (t.statuses, t.notices, t.closed) for name, t in self._texts.items()}
                raise AssertionError(f"Waited in vain for {what}; heard {said}") from None

    async def closed(self) -> int | None:
        """Return the close code once the server has closed the socket."""
        await self.until(lambda: self.close_code is not None, "a close")
        return self.close_code

    def stalls(self) -> None:
        """Take nothing from the network until `reads_on`."""
        self._connection.transport.pause_reading()

    def reads_on(self) -> None:
        """Take what has come meanwhile, and everything else."""
        self._connection.transport.resume_reading()

    async def hang_up(self) -> None:
        """Close the socket."""
        await self._connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._texts:
            self._texts.popitem()[1].is_put_away()

    async def _write(self) -> None:
        while True:
            source = await self._out.get()
            try:
                await self._connection.send(source)
            except ConnectionClosed:
                return

    async def _read(self) -> None:
        try:
            async for source in self._connection:
                assert isinstance(source, bytes)
                await self._hears(frames.decode(source))
        except ConnectionClosed:
            pass
        async with self.moved:
            self.close_code = self._connection.close_code
            self.close_reason = self._connection.close_reason or ""
            self.moved.notify_all()

    async def _hears(self, frame: Frame) -> None:
        async with self.moved:
            if frame.kind is Kind.PING:
                self.pings += 1
            elif frame.address in self._texts:
                self._texts[frame.address].hears(frame)
            self.moved.notify_all()


async def a_device(host: str, person: Person | None = None, origin: str | None = None) -> Device:
    """Return a connected device; person: whose browser it is, with its cookie."""
    headers = dict(person.headers) if person else {}
    if origin:
        headers["Origin"] = origin
    return Device(await a_socket(f"ws://{host}/live", headers))


async def a_socket(url: str, headers: Mapping[str, str] | None = None) -> ClientConnection:
    """Return a websocket that is patient: a busy server is no dead one."""
    return await connect(
        url,
        additional_headers=headers,
        max_size=None,
        compression=None,
        open_timeout=PATIENCE_S,
        ping_timeout=None,
    )
