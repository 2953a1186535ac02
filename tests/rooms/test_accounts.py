"""What one member's bytes may cost the server: a share for long, some room, one trial at a time."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from pycrdt import Doc, Text

from app.ids import SectionId, new_id
from app.rooms import frames
from app.rooms.connections.hocuspocus import is_caret
from app.rooms.connections.limits import Census
from app.rooms.frames import (
    AwarenessEntry,
    Frame,
    Kind,
    Sync,
    encode_awareness,
    uint,
)
from app.rooms.live_text import LiveText
from app.rooms.precautions.accounts import BURST_S, Account, Accounts, waiting_size
from app.rooms.strict.update import read_update
from app.settings import Settings
from tests.house.builders import BuiltReport, Group
from tests.house.live import PATIENCE_S
from tests.rooms.conftest import OpenDevice
from tests.rooms.raw import is_step2, masked, opening, raw

MEBIBYTE = 1024 * 1024


def accounts(percent: float = 5.0, each: int = 1000, together: int = 3000) -> Accounts:
    return Accounts(
        Settings(
            member_share_percent=percent,
            waiting_bytes_per_member=each,
            waiting_bytes=together,
        )
    )


def census_of(app: FastAPI) -> Census:
    census: Census = app.state.services.census
    return census


# ---------------------------------------------------------------------- the reckoning


async def test_a_whole_burst_may_be_spent_at_once_and_grows_again() -> None:
    account = accounts(percent=50_000).of(new_id())
    account.spend(500 * BURST_S - 1e-6)
    assert account.has(1)

    account.spend(1.0)
    assert not account.has(1)

    await asyncio.wait_for(account.until_has(1), PATIENCE_S)


async def test_a_debt_has_an_end() -> None:
    account = accounts(percent=100).of(new_id())

    account.spend(1e9)

    assert account._left_s == -BURST_S


async def test_a_debt_outlives_the_connections() -> None:
    all_, member_id = accounts(), new_id()
    all_.of(member_id).spend(1e9)

    assert not all_.of(member_id).has(1)
    assert all_.of(new_id()).has(1)


async def test_room_is_bounded_for_each_and_for_all() -> None:
    all_ = accounts(each=1000, together=1500)
    first, second, third = (all_.of(new_id()) for _ in range(3))

    assert first.has(5000), "one may always wait, however large"
    first.waits(900)
    assert first.has(100)
    assert not first.has(101)
    second.waits(500)
    assert not third.has(101), "all together hold what they may"

    going_on = asyncio.create_task(third.until_has(500))
    first.settled(900)
    await asyncio.wait_for(going_on, PATIENCE_S)


async def test_small_parts_are_counted_for_what_they_take() -> None:
    words = b"x" * 200_000
    parts = 50_000
    deletes = b"\x00\x01\x07" + frames.uint(parts)
    deletes += b"".join(frames.uint(2 * at) + b"\x01" for at in range(parts))
    facts = read_update(deletes)

    assert waiting_size(deletes, facts) > 100 * parts
    assert waiting_size(words, None) == len(words)


def test_whoever_has_the_same_is_answered_the_same_until_the_text_moves() -> None:
    source: Doc[Text] = Doc()
    source["body"] = body = Text()
    before = source.get_state()
    body += "one"
    text = LiveText(source.get_update())
    lacking = text.missing_from(source.get_state())

    assert text.missing_from(source.get_state()) is lacking
    assert text.missing_from(before) != lacking

    lacking = text.missing_from(source.get_state())
    seen = source.get_state()
    body += " two"
    text.take([source.get_update(seen)], [])
    assert text.missing_from(seen) != lacking
    assert text.missing_from(seen) == source.get_update(seen)


# ------------------------------------------------------------------- over real sockets


@pytest.fixture
async def spender(app: FastAPI, group: Group) -> Account:
    """The account of the group's member."""
    return census_of(app).accounts.of(group.member.id)


async def test_asking_and_writing_are_paid_for_and_a_spent_account_waits(
    group: Group, section: SectionId, device: OpenDevice, spender: Account
) -> None:
    whole = spender._left_s
    text = await (await device()).open(section, group.member.api_token)
    other = await (await device()).open(section, group.convenor.api_token)
    assert spender._left_s < whole, "opening is paid for"
    text.types("x")
    await text.saved()
    spender.spend(1e9)

    text.types("y")
    other.types("z")
    await other.saved()
    await other.until(lambda one: "z" in one.words)
    assert text.statuses
    assert len(text.statuses) < text.sent

    spender._left_s = 1.0
    await text.saved()
    await other.until(lambda one: set(one.words) == set("xyz"))


async def test_what_is_asked_of_a_reports_channel_is_paid_for(
    group: Group, report: BuiltReport, device: OpenDevice, spender: Account
) -> None:
    socket = await device()
    channel = await socket.open(f"report:{report.id}", group.member.api_token)
    spender._left_s = before = 1.0

    channel.syncs()
    await channel.until(lambda _: spender._left_s < before, "to have paid")

    vector = uint(30_000) + b"".join(uint(client) + uint(1) for client in range(30_000))
    channel.sends(Kind.SYNC, Sync.STEP1, vector)
    assert await socket.closed() == 1008


@pytest.mark.parametrize(("people", "is_free"), [(1, True), (8, True), (9, False), (1300, False)])
def test_a_caret_is_free_and_a_list_of_people_is_not(people: int, is_free: bool) -> None:
    body = encode_awareness([AwarenessEntry(one, 1, "") for one in range(people)])

    assert is_caret(Frame(Kind.AWARENESS, "", body=body)) is is_free


async def test_sixty_sections_are_opened_within_a_burst(
    group: Group, section: SectionId, device: OpenDevice, spender: Account
) -> None:
    whole = spender._left_s
    phone = await device()
    texts = [phone.text(f"{section}\x00{number}") for number in range(60)]
    for text in texts:
        text.signs_in(group.member.api_token)
        text.syncs()
    for text in texts:
        await text.ready()

    assert spender._left_s > whole / 2


class Looking:
    """Looks at something in every turn of the loop, until it is over."""

    def __init__(self, look: Callable[[], None]) -> None:
        self.is_over = False
        self._look = look
        self._again()

    def _again(self) -> None:
        self._look()
        if not self.is_over:
            asyncio.get_running_loop().call_soon(self._again)


async def test_a_member_who_floods_large_updates_through_ten_sockets_fills_no_memory(
    app: FastAPI, group: Group, section: SectionId, host: str, device: OpenDevice
) -> None:
    """The same chapter, which nobody has, sixty times on each."""
    all_ = census_of(app).accounts
    all_.most_bytes_each = MEBIBYTE
    source: Doc[Text] = Doc()
    source["body"] = Text("word " * 12_000)
    update = Frame(Kind.SYNC, str(section), Sync.UPDATE, source.get_update())
    chapters = masked(frames.encode(update)) * 60
    other = await (await device()).open(section, group.convenor.api_token)
    seen: list[int] = []
    looking = Looking(lambda: seen.append(all_.waiting_bytes))
    async with AsyncExitStack() as open_:
        sockets = [await open_.enter_async_context(raw(host)) for _ in range(10)]
        for socket in sockets:
            for message in opening(section, group.member.api_token):
                socket.sends(masked(message))
            await socket.until(is_step2)
        for socket in sockets:
            socket.sends(chapters)
        for number in range(20):
            other.types(f"{number} ")
            await other.saved()
    looking.is_over = True

    assert 0 < max(seen) <= MEBIBYTE + len(chapters) // 60
