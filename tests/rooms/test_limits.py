"""What one connection, one member and one address may do; over real sockets, byte by byte."""

import asyncio
import struct

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from app.ids import SectionId
from app.rooms import frames
from app.rooms.connections import limits, straight_socket
from app.rooms.connections.limits import Allowance, Census, Flooding, TooManySockets
from app.rooms.frames import AwarenessEntry, Frame, Kind
from app.serving import lean, lean_http
from app.settings import Settings
from tests.house.builders import Group
from tests.house.live import PATIENCE_S, Device
from tests.rooms.conftest import OpenDevice
from tests.rooms.raw import RawSocket, is_step2, masked, opening, raw

LAZY = 7

# ------------------------------------------------------------------ frames as bytes


@pytest.mark.parametrize("cut", [1, 2, 5, 7, 40])
async def test_a_frame_may_come_in_any_pieces(
    group: Group, section: SectionId, host: str, cut: int
) -> None:
    source = b"".join(map(masked, opening(section, group.member.api_token)))
    async with raw(host) as socket:
        for at in range(0, len(source), cut):
            socket.sends(source[at : at + cut])
            await socket.writer.drain()
        await socket.until(is_step2)


async def test_a_large_frame_may_come_in_any_pieces(
    group: Group, section: SectionId, host: str
) -> None:
    unread = frames.encode(Frame(Kind.STATELESS, str(section), text="x" * 200_000))
    before, after = opening(section, group.member.api_token)
    source = masked(before) + masked(unread) + masked(after)
    head = len(masked(before)) + 14
    async with raw(host) as socket:
        for at in range(head):
            socket.sends(source[at : at + 1])
            await socket.writer.drain()
        for at in range(head, len(source), 5000):
            socket.sends(source[at : at + 5000])
            await socket.writer.drain()
        await socket.until(is_step2)


async def test_a_message_may_come_in_fragments_with_a_ping_between_them(
    group: Group, section: SectionId, host: str
) -> None:
    first, second = opening(section, group.member.api_token)
    async with raw(host) as socket:
        socket.sends(masked(first[:5], 0x02) + masked(b"hello", 0x89) + masked(first[5:], 0x80))
        socket.sends(masked(second))

        assert await socket.hears() == (10, b"hello")
        await socket.until(is_step2)


@pytest.mark.parametrize(
    "broken",
    [
        (masked(b"hello", 0x81), 1008),
        (masked(b"hel", 0x01) + masked(b"lo", 0x80), 1008),
        (b"\x82\x05hello", 1002),
        (masked(b"", 0xC2), 1002),
        (masked(b"x", 0x83), 1002),
        (masked(b"x", 0x80), 1002),
        (masked(b"x" * 126, 0x89), 1002),
        (masked(b"x", 0x89, declared=1 << 62), 1009),
        (masked(b"x", 0x09), 1002),
        (masked(b"", declared=1024 * 1024 + 1), 1009),
        (masked(b"", declared=1 << 62), 1009),
        (masked(b"x" * 600_000, 0x02) + masked(b"", 0x80, declared=600_000), 1009),
        (masked(b"a", 0x02) + masked(b"b", 0x82), 1002),
    ],
    ids=[
        "text",
        "text in fragments",
        "unmasked",
        "reserved bit",
        "unknown kind",
        "nothing to continue",
        "large ping",
        "endless ping",
        "ping in fragments",
        "too large",
        "endless",
        "too large together",
        "message within a message",
    ],
)
async def test_what_no_websocket_client_sends_costs_the_connection(
    group: Group, section: SectionId, host: str, device: OpenDevice, broken: tuple[bytes, int]
) -> None:
    source, code = broken
    other = await (await device()).open(section, group.convenor.api_token)
    async with raw(host) as socket:
        for message in opening(section, group.member.api_token):
            socket.sends(masked(message))
        await socket.until(is_step2)

        socket.sends(source)

        assert await socket.close_code() == code
        socket.sends(masked(struct.pack("!H", code), 0x88))
        await socket.ends()
    other.types("still here")
    await other.saved()


@pytest.mark.engine("sqlite")
async def test_who_does_not_answer_a_close_is_cut_off_all_the_same(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lean, "_FAREWELL_S", 0.5)
    async with raw(host) as socket:
        socket.sends(masked(b"hello", 0x81))

        assert await socket.close_code() == 1008
        await socket.ends()


async def test_a_close_is_answered(host: str) -> None:
    async with raw(host) as socket:
        socket.sends(masked(struct.pack("!H", 1000), 0x88))

        assert await socket.close_code() == 1000
        await socket.ends()


# ------------------------------------------------------------- who says nothing at all


async def test_an_upgrade_that_never_comes_to_its_end_is_cut(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lean_http, "_HEAD_S", 0.2)
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(b"GET /live HTTP/1.1\r\nHost: ")

    await RawSocket(reader, writer).ends()

    writer.close()


@pytest.fixture
def quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after every connection ten times a second, and speak to it whenever it is silent."""
    monkeypatch.setattr(limits, "_BEAT_S", 0.1)
    monkeypatch.setattr(straight_socket, "PING_AFTER_S", 0.2)
    monkeypatch.setattr(straight_socket, "LISTEN_AFTER_S", 0.2)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("quick_pulse")
async def test_a_half_open_connection_is_given_up(
    group: Group, section: SectionId, host: str, device: OpenDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its network is gone: it neither sends nor answers a ping."""
    # Longer than any machine stands still: the other one is to have answered before.
    monkeypatch.setattr(straight_socket, "GONE_AFTER_S", 5.0)
    async with raw(host) as gone:
        for message in opening(section, group.observer.api_token):
            gone.sends(masked(message))
        await gone.until(is_step2)
        lives: Device = await device()
        text = await lives.open(section, group.member.api_token)

        await gone.ends()
        # The other one says nothing either, but its library answers the server's pings.
        text.types("still here")
        await text.saved()


@pytest.mark.usefixtures("quick_pulse")
async def test_a_silent_line_is_given_a_ping_that_the_protocol_knows(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    text = await (await device()).open(section, group.member.api_token)

    await text.device.until(lambda: text.device.pings >= 2, "pings")


@pytest.mark.usefixtures("quick_pulse")
async def test_who_does_not_read_is_cut_off_without_a_farewell(
    group: Group, section: SectionId, host: str, device: OpenDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(straight_socket, "SEND_TIMEOUT_S", 0.5)
    mine = await (await device()).open(section, group.member.api_token)
    here = frames.encode_awareness([AwarenessEntry(LAZY, 1, "{}")])
    async with raw(host, room_bytes=4096) as lazy:
        for message in opening(section, group.observer.api_token):
            lazy.sends(masked(message))
        await lazy.until(is_step2)
        lazy.sends(masked(frames.encode(Frame(Kind.AWARENESS, str(section), body=here))))
        await mine.until(lambda text: LAZY in text.people)
        transport = lazy.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()

        while LAZY in mine.people:
            mine.types("x" * 300_000)
            await mine.saved()
        transport.resume_reading()
        await lazy.ends()


# ------------------------------------------------------------------ how fast, how many


async def test_a_burst_is_taken_whole(group: Group, section: SectionId, device: OpenDevice) -> None:
    text = await (await device()).open(section, group.member.api_token)

    for _ in range(400):
        text.types("x")

    await text.saved()
    assert text.words == "x" * 400


async def test_more_than_a_burst_comes_slower_and_none_of_it_is_lost() -> None:
    allowance = Allowance(frames_per_s=500, bytes_per_s=1e9)
    loop = asyncio.get_running_loop()
    began = loop.time()

    for _ in range(int(500 * limits.BURST_S) + 100):
        await allowance.wait(10)

    assert loop.time() - began >= 0.1


async def test_who_never_slows_down_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FLOOD_S", 0.05)
    allowance = Allowance(frames_per_s=2000, bytes_per_s=1e9)

    async def pour() -> None:
        while True:
            await allowance.wait(10)

    with pytest.raises(Flooding):
        await asyncio.wait_for(pour(), PATIENCE_S)


async def test_a_message_larger_than_a_burst_waits_for_one() -> None:
    allowance = Allowance(frames_per_s=100, bytes_per_s=1000)

    async with asyncio.timeout(PATIENCE_S):
        await allowance.wait(1_000_000)


async def test_a_flood_on_a_socket_costs_its_sender_the_connection(
    group: Group, section: SectionId, host: str, device: OpenDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FLOOD_S", 0.2)
    other = await (await device()).open(section, group.convenor.api_token)
    message = frames.encode(Frame(Kind.QUERY_AWARENESS, str(section)))
    async with raw(host) as socket:
        for one in opening(section, group.member.api_token):
            socket.sends(masked(one))
        await socket.until(is_step2)
        listening = asyncio.create_task(socket.close_code())

        socket.sends(masked(message) * 5000)

        assert await listening == 1008
    other.types("still here")
    await other.saved()


def test_sockets_are_counted_by_address() -> None:
    census = Census(Settings(sockets_per_address=3, unsigned_sockets_per_address=2))
    first, second = census.take("a"), census.take("a")

    with pytest.raises(TooManySockets, match="not signed in"):
        census.take("a")
    census.take("b")
    second.leave()
    third = census.take("a")
    for seat in (first, third):
        seat.leave()
    assert [census.take("a").address for _ in range(2)] == ["a", "a"]


async def test_the_sockets_of_one_member_are_bounded(
    app: FastAPI, group: Group, section: SectionId, device: OpenDevice
) -> None:
    app.state.services.census._most_per_member = 2
    for _ in range(2):
        await (await device()).open(section, group.member.api_token)

    third = await device()
    third.text(str(section)).signs_in(group.member.api_token)

    assert await third.closed() == 4429
    assert "Close another tab" in third.close_reason
    await (await device()).open(section, group.convenor.api_token)


async def test_an_address_with_too_many_sockets_is_told_so(app: FastAPI, host: str) -> None:
    app.state.services.census._most_per_address = 1
    async with connect(f"ws://{host}/live", compression=None):
        async with connect(f"ws://{host}/live", compression=None) as second:
            with pytest.raises(ConnectionClosed):
                await second.recv()
            assert second.close_code == 4429
            assert second.close_reason == "Too many connections are open from your network."
