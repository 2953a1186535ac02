"""What waits on connections on which nobody has signed in: little each, bounded together."""

import asyncio
from functools import partial

import pytest
from fastapi import FastAPI

from app.access.networks import network_of
from app.ids import SectionId, new_id
from app.rooms import frames
from app.rooms.connections import hocuspocus, limits
from app.rooms.connections.limits import SOCKET_BYTES, Census
from app.rooms.frames import EMPTY_VECTOR, Auth, AwarenessEntry, Frame, Kind, Sync
from app.settings import Settings
from tests.house.builders import Group
from tests.house.live import LiveText
from tests.rooms.conftest import OpenDevice
from tests.rooms.raw import RawSocket, is_step2, masked, opening, raw

KIBIBYTE = 1024


def census_of(app: FastAPI) -> Census:
    census: Census = app.state.services.census
    return census


async def until_answered(socket: RawSocket) -> None:
    """Return once the server has read everything so far."""
    socket.sends(masked(b"read?", 0x89))
    while await socket.hears() != (10, b"read?"):
        continue


def update(section: SectionId, size: int) -> bytes:
    """Return a message of about this size that a client may send before its token."""
    return masked(frames.encode(Frame(Kind.SYNC, str(section), Sync.UPDATE, b"x" * size)))


async def test_halves_of_frames_count_and_the_largest_goes_first(
    app: FastAPI, group: Group, section: SectionId, host: str, device: OpenDevice
) -> None:
    other = await (await device()).open(section, group.convenor.api_token)
    census_of(app)._most_unsigned_bytes = 700 * KIBIBYTE
    async with raw(host) as small, raw(host) as large:
        half = masked(b"x" * 100 * KIBIBYTE, declared=1000 * KIBIBYTE)
        small.sends(half)
        large.sends(half)
        for _ in range(6):
            large.sends(b"x" * 100 * KIBIBYTE)

        assert await large.close_code() == 4429
        small.sends(b"x" * 900 * KIBIBYTE)
        assert await small.close_code() == 4429
    other.types("still here")
    await other.saved()


async def test_what_is_held_for_a_sign_in_counts_too(
    app: FastAPI, group: Group, section: SectionId, host: str
) -> None:
    census = census_of(app)
    census._most_unsigned_bytes = 700 * KIBIBYTE
    async with raw(host) as quiet, raw(host) as greedy:
        await until_answered(quiet)
        for _ in range(8):
            greedy.sends(update(section, 100 * KIBIBYTE))

        assert await greedy.close_code() == 4429
        assert census.unsigned_bytes < 100 * KIBIBYTE
        for message in opening(section, group.member.api_token):
            quiet.sends(masked(message))
        await quiet.until(is_step2)
        assert census.unsigned_bytes == 0


async def test_one_connection_holds_no_more_than_a_frame(
    app: FastAPI, section: SectionId, host: str
) -> None:
    census_of(app)
    async with raw(host) as greedy:
        greedy.sends(update(section, 700 * KIBIBYTE) * 2)

        assert await greedy.close_code() in (1008, 4429)


async def test_small_frames_count_for_what_they_take(
    app: FastAPI, section: SectionId, host: str
) -> None:
    census = census_of(app)
    ask = masked(frames.encode(Frame(Kind.QUERY_AWARENESS, str(section))))
    async with raw(host) as many:
        many.sends(ask * 500)
        await until_answered(many)

        assert census.unsigned_bytes > 500 * 256 + SOCKET_BYTES


async def test_what_an_honest_client_sends_before_its_token_is_kept(
    group: Group, section: SectionId, host: str, device: OpenDevice
) -> None:
    """Everything that waited in its queue: states of sixty sections, and a chapter."""
    source = LiveText(await device(), str(section), None)
    source.types("word " * 150_000)
    others = [str(new_id()) for _ in range(59)]
    async with raw(host) as socket:
        for address in [str(section), *others]:
            step1 = Frame(Kind.SYNC, address, Sync.STEP1, EMPTY_VECTOR)
            here = frames.encode_awareness([AwarenessEntry(7, 1, "{}")])
            for frame in (step1, Frame(Kind.AWARENESS, address, body=here)):
                socket.sends(masked(frames.encode(frame)))
        whole = Frame(Kind.SYNC, str(section), Sync.UPDATE, source.doc.get_update())
        socket.sends(masked(frames.encode(whole)))
        token = Frame(Kind.AUTH, str(section), Auth.TOKEN, text=group.member.api_token)
        socket.sends(masked(frames.encode(token)))

        status = await socket.until(lambda m: frames.decode(m).kind is Kind.SYNC_STATUS)

    assert frames.decode(status).sub == 1


async def test_whoever_has_signed_in_never_notices(
    app: FastAPI, group: Group, section: SectionId, host: str
) -> None:
    before, after = opening(section, group.member.api_token)
    unread = masked(frames.encode(Frame(Kind.STATELESS, str(section), text="x" * 900_000)))
    async with raw(host) as member, raw(host) as stranger:
        member.sends(masked(before))
        member.sends(masked(after))
        await member.until(is_step2)
        census_of(app)._most_unsigned_bytes = 100 * KIBIBYTE
        member.sends(unread[:800_000])
        stranger.sends(unread[:200_000])

        assert await stranger.close_code() == 4429
        member.sends(unread[800_000:] + masked(after))
        await member.until(is_step2)


async def test_a_name_is_no_place_to_hide_bytes_in(host: str) -> None:
    name = "x" * 100_000
    async with raw(host) as socket:
        socket.sends(masked(frames.encode(Frame(Kind.QUERY_AWARENESS, name))))

        assert await socket.close_code() == 1008


async def test_a_message_in_pieces_without_end_costs_the_connection(host: str) -> None:
    async with raw(host) as socket:
        socket.sends(masked(b"x", 0x02) + masked(b"", 0x00) * 1100)

        assert await socket.close_code() == 1008


@pytest.mark.parametrize("first", [0x89, 0x8A], ids=["pings", "pongs"])
async def test_a_flood_beside_messages_costs_the_connection(
    host: str, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(limits, "FLOOD_S", 0.2)
    async with raw(host) as socket:
        closing = asyncio.create_task(socket.close_code())
        socket.sends(masked(b"x" * 100, first) * 5000)

        assert await closing == 1008


async def test_bytes_that_trickle_in_put_the_sign_in_off_for_nobody(
    section: SectionId, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hocuspocus, "SIGN_IN_S", 0.5)
    slow = update(section, 1000)
    async with raw(host) as socket:
        closing = asyncio.create_task(socket.close_code())
        for byte in slow:
            socket.sends(bytes([byte]))
            await socket.writer.drain()
            await asyncio.wait({closing}, timeout=0.01)
            if closing.done():
                break

        assert await closing == 4408


def test_who_has_waited_longest_goes_first() -> None:
    census = Census(Settings(unsigned_bytes=3 * SOCKET_BYTES))
    ended: list[int] = []
    for number in range(4):
        seat = census.take("a")
        seat.ends = partial(_note, ended, number)

    census.take("b")

    # Those who come in and say who they are stay: three hundred of a hall beside silent thousands.
    assert ended == [0, 1]
    assert census.unsigned_bytes == 3 * SOCKET_BYTES


def _note(ended: list[int], number: int, error: BaseException) -> None:
    ended.append(number)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unix:", "unix:"),
        ("x" * 500, "x" * 64),
        ("", ""),
    ],
)
def test_an_ipv6_device_is_counted_by_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
