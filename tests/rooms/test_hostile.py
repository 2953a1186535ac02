"""Bad input costs its sender at most the connection; nobody else notices."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from pycrdt import Doc, Map, Text
from websockets.asyncio.client import connect

from app.ids import SectionId
from app.rooms import frames
from app.rooms.connections.hocuspocus import HocuspocusConnection, Limits
from app.rooms.connections.outbox import Outbox
from app.rooms.frames import Frame, Kind, Sync
from tests.house.builders import BuiltReport, Group
from tests.house.live import PATIENCE_S, LiveText
from tests.rooms.conftest import OpenDevice

# It makes the CRDT library panic; the strict parser sees that it builds on itself.
PANIC = bytes.fromhex("0101ec07d804a8ec07ae0f00000104060374763201020101000001010000")


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff" * 40,
        b"\xff" * 200_000,
        frames.string("d") + b"\x06\x02hi",
        frames.string("d") + b"\x63",
        frames.string("d") + b"\x00\x02\x05ab",
    ],
    ids=["empty", "number", "long number", "servers only", "unknown", "length"],
)
async def test_a_malformed_frame_costs_its_sender_the_connection(
    group: Group, section: SectionId, device: OpenDevice, source: bytes
) -> None:
    other = await (await device()).open(section, group.convenor.api_token)
    socket = await device()
    await socket.open(section, group.member.api_token)

    socket.sends(source)

    assert await socket.closed() == 1008
    other.types("still here")
    await other.saved()


@pytest.mark.parametrize(
    "update",
    [b"", b"\x00", b"\x01", b"\x80\x80\x80\x40", b"\x00\x00\x00", PANIC],
    ids=["empty", "short", "count", "huge", "trailing", "panic"],
)
async def test_a_malformed_update_costs_its_sender_the_connection(
    group: Group, section: SectionId, device: OpenDevice, update: bytes
) -> None:
    other = await (await device()).open(section, group.convenor.api_token)
    socket = await device()
    text = await socket.open(section, group.member.api_token)

    text.sends_update(update)

    assert await socket.closed() == 1008
    other.types("still here")
    await other.saved()


async def test_a_malformed_state_vector_costs_its_sender_the_connection(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    socket = await device()
    text = await socket.open(section, group.member.api_token)

    text.sends(Kind.SYNC, Sync.STEP1, b"\x7f\x01")

    assert await socket.closed() == 1008


async def test_text_instead_of_bytes_costs_the_connection(host: str) -> None:
    async with connect(f"ws://{host}/live", compression=None) as socket:
        await socket.send("hello")
        await socket.wait_closed()

    assert socket.close_code == 1008


async def test_a_frame_that_is_too_large_costs_the_connection(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    socket = await device()
    await socket.open(section, group.member.api_token)

    socket.sends(b"\x00" * (1024 * 1024 + 1))

    assert await socket.closed() == 1009


async def test_content_that_no_section_has_costs_its_document_only(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    socket = await device()
    text = await socket.open(section, group.member.api_token)
    second = await socket.open(f"{section}\x00second", group.member.api_token)
    foreign: Doc[Any] = Doc()
    foreign["elsewhere"] = Map({"a": 1})

    text.sends_update(foreign.get_update())
    second.sends_update(foreign.get_update())
    await text.until(lambda text: text.closed)
    await second.until(lambda text: text.closed)

    assert text.statuses[-1] == second.statuses[-1] == 0
    second = await socket.open(f"{section}\x00third", group.member.api_token)
    second.types("fine")
    await second.saved()


async def test_nobody_writes_under_a_client_id_that_is_bound_to_another(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    victim = await (await device()).open(section, group.convenor.api_token, 77)
    victim.types("mine")
    await victim.saved()

    thief = await (await device()).open(section, group.member.api_token, 77)
    thief.types("yours")
    await thief.until(lambda text: text.closed)

    victim.types(" still")
    await victim.saved()
    assert victim.words == "mine still"


async def test_a_later_connection_takes_its_members_client_id_over(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    first = await (await device()).open(section, group.member.api_token, 77)
    first.types("one ")
    await first.saved()

    second = await (await device()).open(section, group.member.api_token, 77)
    second.types("two ")
    await second.saved()
    await first.shows("one two ")
    first.types("three")
    await first.until(lambda text: text.closed)

    assert second.words == "one two "


async def test_what_was_never_acknowledged_is_sent_again_by_the_next_connection(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    """The first socket dies before its update is sent; the document and its client id live on."""
    first = await (await device()).open(section, group.member.api_token, 77)
    async with first.offline():
        first.types("kept on the device")
    await first.device.hang_up()

    socket = await device()
    again = socket.text(str(section), 77)
    again.doc = first.doc
    again.signs_in(group.member.api_token)
    again.syncs()
    await again.until(lambda text: text.statuses == [1])

    reader = await (await device()).open(section, group.observer.api_token)
    assert reader.words == "kept on the device"


async def test_an_update_with_a_gap_is_asked_for_again(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    text = await (await device()).open(section, group.member.api_token)
    async with text.offline():
        text.types("lost ")

    text.types("sent")
    await text.until(lambda text: 0 in text.statuses and text.statuses[-1] == 1)

    reader = await (await device()).open(section, group.observer.api_token)
    assert reader.words == "lost sent"


async def test_a_gap_that_is_never_filled_costs_the_document(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    text = await (await device()).open(section, group.member.api_token)
    other: Doc[Any] = Doc(client_id=5)
    other["body"] = Text("a")
    vector = other.get_state()
    other["body"] += "b"

    for asked in range(1, 4):
        text.sends_update(other.get_update(vector))
        await _answered(text, 1 + 2 * asked)
    text.sends_update(other.get_update(vector))
    await text.until(lambda text: text.closed)


async def _answered(text: LiveText, count: int) -> None:
    """Return once so many edits, those that were asked for among them, have their answer."""
    await text.until(lambda text: text.sent == len(text.statuses) == count)


class Pipe:
    """A wire that gives these frames, then stays silent."""

    cookie: str | None = None

    def __init__(self, sources: list[bytes]) -> None:
        self.sources = sources
        self.sent: list[bytes] = []

    async def receive(self) -> bytes | None:
        return self.sources.pop(0) if self.sources else None

    async def send(self, frame: bytes) -> None:
        self.sent.append(frame)


@pytest.mark.parametrize(
    "sources",
    [
        [frames.encode(Frame(Kind.SYNC, f"d{n}", 0, b"\x00")) for n in range(101)],
        [frames.encode(Frame(Kind.SYNC, "d", 0, b"\x00")) for _ in range(1001)],
        [frames.encode(Frame(Kind.STATELESS, "d", text="x" * 900_000)) for _ in range(6)],
    ],
    ids=["documents", "messages", "bytes"],
)
async def test_what_waits_for_a_sign_in_is_bounded(app: FastAPI, sources: list[bytes]) -> None:
    services = app.state.services
    connection = HocuspocusConnection(
        Pipe([*sources]), services.database, services.rooms, Outbox(1024 * 1024)
    )

    error = await connection.run()

    assert error is not None
    assert error.close_code == 1008


async def test_who_does_not_sign_in_is_sent_away(app: FastAPI) -> None:
    class Silent(Pipe):
        async def receive(self) -> bytes | None:
            await asyncio.Event().wait()
            return None

    services = app.state.services
    connection = HocuspocusConnection(
        Silent([]), services.database, services.rooms, Outbox(1000), Limits(sign_in_s=0.01)
    )

    async with asyncio.timeout(PATIENCE_S):
        error = await connection.run()

    assert error is not None
    assert error.close_code == 4408


async def test_a_reader_that_never_reads_slows_nobody(
    app: FastAPI, group: Group, report: BuiltReport, host: str, device: OpenDevice
) -> None:
    section = report.sections[0]
    # No member writes thirty chapters at once.
    app.state.services.census.accounts.share = 10.0
    headers = {"Authorization": "ignored"}
    async with connect(f"ws://{host}/live", additional_headers=headers, compression=None) as lazy:
        address = str(section)
        token = group.observer.api_token
        await lazy.send(frames.encode(Frame(Kind.AUTH, address, 0, text=token)))
        await lazy.send(frames.encode(Frame(Kind.SYNC, address, Sync.STEP1, b"\x00")))
        lazy.transport.pause_reading()
        mine = await (await device()).open(section, group.member.api_token)

        for _ in range(30):
            mine.types("x" * 100_000)
            await mine.saved()

        reader = await (await device()).open(section, group.convenor.api_token)
        assert len(reader.words) == 3_000_000
        lazy.transport.abort()
