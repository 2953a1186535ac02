"""What breaks the CRDT library costs its sender the connection, or one section its service."""

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from pycrdt import Doc

from app import clock
from app.access.actor import Actor, Role
from app.db.engine import Database
from app.errors import Unavailable
from app.ids import MemberId, SectionId
from app.rooms.guard import LibraryFailed, ProvingCopy, Terms
from app.rooms.live_text import LiveText
from app.rooms.log import UPDATE, Entry, append, lock_head
from app.rooms.precautions import child
from app.rooms.precautions.quarantine import NotRebuilt, Quarantine, Quarantined
from app.rooms.precautions.strikes import OUT_FOR, STRIKES, WITHIN, KeptOut, Strikes
from app.rooms.precautions.trial import LARGE_BYTES, Limits, Trials, fault_of
from app.rooms.registry import RoomRegistry
from app.rooms.room import ClientEdit
from app.rooms.strict.facts import UpdateFacts
from app.rooms.strict.update import read_update
from app.text.from_crdt import body_of
from tests.house.builders import BuiltReport, Group
from tests.house.texts import words_of
from tests.rooms.conftest import OpenDevice

MEBIBYTE = 1024 * 1024
EMPTY = b"\x00\x00"
# The parser refuses both. Where the library gets them all the same, one makes it panic half-way,
# the other overflows its stack.
PANIC = bytes.fromhex(
    "0104eb070001010161ffffffffffffffffff0188eb0700037d02770178760101797d01c1eb0700eb07010100"
    "0601eb070200010407"
)
DEATH = bytes.fromhex("0101050008010174017501" + "7501" * 26_256 + "7f00")
QUARANTINE = """
from app.ids import new_id
from app.logs import configure_logs
from app.rooms.precautions.quarantine import Quarantine
configure_logs(as_json=True)
section, quarantine = new_id(), Quarantine()
for _ in range(2):
    quarantine.count(section, ValueError())
"""
NOTHING = UpdateFacts(writes=[(1003, 0, 1)])


@pytest.fixture
def rooms(app: FastAPI) -> RoomRegistry:
    registry: RoomRegistry = app.state.services.rooms
    return registry


def run_child(state: bytes, update: bytes) -> int:
    given = len(state).to_bytes(8, "big") + state + update
    arguments = ["body", "notes", str(512 * MEBIBYTE), "20"]
    command = [sys.executable, "-I", child.__file__, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False).returncode


# ------------------------------------------------------------------------ large updates


async def test_a_large_update_is_saved_like_any_other(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    text = await (await device()).open(section, group.member.api_token)

    text.types("word " * 30_000)
    await text.saved()

    reader = await (await device()).open(section, group.observer.api_token)
    assert len(reader.words) == 150_000


async def test_a_large_update_that_breaks_its_child_costs_its_sender_the_connection(
    group: Group, section: SectionId, device: OpenDevice, rooms: RoomRegistry
) -> None:
    # Not even Python starts in so little: the child dies as if of the update.
    rooms.trials = Trials(Limits(memory_bytes=MEBIBYTE))
    other = await (await device()).open(section, group.convenor.api_token)
    socket = await device()
    text = await socket.open(section, group.member.api_token)

    text.types("word " * 30_000)

    assert await socket.closed() == 1008
    other.types("still here")
    await other.saved()
    assert other.words == "still here"


async def test_a_child_that_takes_too_long_is_ended_and_its_sender_may_try_again() -> None:
    text = LiveText(EMPTY)
    large = LiveText(EMPTY)
    copy = ProvingCopy(EMPTY, 7)
    copy.run(lambda doc: doc["body"].insert(0, "x" * LARGE_BYTES), frozenset())
    large.take([copy.state()], [read_update(copy.state())])

    with pytest.raises(Unavailable):
        await Trials(Limits(wall_s=0.0)).pass_update(text, large.state())
    with pytest.raises(LibraryFailed):
        await Trials(Limits(memory_bytes=MEBIBYTE)).pass_update(text, large.state())

    await Trials().pass_update(text, large.state())


async def test_a_slow_machine_costs_the_sender_of_a_large_update_no_strike(
    group: Group, section: SectionId, device: OpenDevice, rooms: RoomRegistry
) -> None:
    rooms.trials = Trials(Limits(wall_s=0.0))
    for _ in range(STRIKES):
        socket = await device()
        text = await socket.open(section, group.member.api_token)
        text.types("word " * 30_000)
        assert await socket.closed() != 1008

    rooms.trials = Trials()
    again = await (await device()).open(section, group.member.api_token)
    again.types("word " * 30_000)
    await again.saved()


@pytest.mark.parametrize("own", [signal.SIGXCPU, signal.SIGABRT, signal.SIGSEGV])
def test_what_an_update_makes_of_its_child_is_the_senders(own: signal.Signals) -> None:
    assert isinstance(fault_of(-own), LibraryFailed)


@pytest.mark.parametrize("others", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_others_do_to_a_child_is_not(others: signal.Signals) -> None:
    assert isinstance(fault_of(-others), Unavailable)


def test_a_death_in_the_child_is_the_childs_alone() -> None:
    assert run_child(EMPTY, DEATH) < 0
    assert run_child(EMPTY, PANIC) > 0
    assert run_child(EMPTY, EMPTY) == 0


# ------------------------------------------------------------------------ strikes


async def test_who_sends_malformed_bytes_again_and_again_is_kept_out_for_a_while(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    other = await (await device()).open(section, group.convenor.api_token)
    for _ in range(STRIKES):
        socket = await device()
        text = await socket.open(section, group.member.api_token)
        text.sends_update(b"\x01")
        assert await socket.closed() == 1008

    text = (await device()).text(str(section))
    text.signs_in(group.member.api_token)
    await text.until(lambda text: text.denied)
    assert "five minutes" in (text.denied or "")

    other.types("others go on")
    await other.saved()
    with clock.kept():
        clock.set_now(clock.now() + OUT_FOR)
        again = await (await device()).open(section, group.member.api_token)
        await again.shows("others go on")


def test_strikes_are_forgotten(group: Group) -> None:
    strikes = Strikes()
    member_id = group.member.id
    with clock.kept():
        for _ in range(STRIKES):
            strikes.check(member_id)
            strikes.count(member_id)
            clock.set_now(clock.now() + WITHIN / (STRIKES - 1))
        strikes.check(member_id)
        strikes.count(member_id)
        strikes.count(member_id)
        with pytest.raises(KeptOut):
            strikes.check(member_id)
        clock.set_now(clock.now() + OUT_FOR + timedelta(seconds=1))
        strikes.check(member_id)


async def test_a_refused_edit_is_no_strike(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    for number in range(STRIKES + 1):
        text = await (await device()).open(section, group.observer.api_token, 100 + number)
        text.types("not mine to write")
        await text.until(lambda text: text.closed)

    await (await device()).open(section, group.observer.api_token)


# ------------------------------------------------------------------------ the library fails


def test_a_panic_spoils_the_copy_and_is_an_error_of_the_sender(group: Group) -> None:
    copy = ProvingCopy(EMPTY, 7)
    copy.run(lambda doc: doc["body"].insert(0, "hello"), frozenset())
    terms = Terms(group.member.id, {}, frozenset())

    with pytest.raises(LibraryFailed):
        copy.prove(PANIC, NOTHING, terms)

    assert copy.spoiled


async def test_a_panic_costs_its_sender_the_connection_and_opens_the_room_anew(
    group: Group, section: SectionId, device: OpenDevice, rooms: RoomRegistry
) -> None:
    other = await (await device()).open(section, group.convenor.api_token)
    other.types("hello")
    await other.saved()
    socket = await device()
    await socket.open(section, group.member.api_token)
    room = await rooms.open(section)
    [sender] = [one for one in room.attachments if one.actor.member_id == group.member.id]

    # As if the parser had let it through.
    sender.waits()
    room.add(ClientEdit(sender, PANIC, NOTHING))

    assert await socket.closed() == 1008
    await other.until(lambda text: text.closed)
    again = await (await device()).open(section, group.convenor.api_token)
    assert again.words == "hello"
    assert await rooms.open(section) is not room


# ------------------------------------------------------------------------ quarantine


async def log_bytes(database: Database, section: SectionId, payload: bytes) -> None:
    async with database.write() as work:
        head = await lock_head(work.session, section)
        entry = Entry(UPDATE, None, "system", clock.now_us(), payload)
        await append(work.session, head, entry)


async def test_a_section_that_cannot_be_rebuilt_is_closed_and_the_others_go_on(
    group: Group,
    report: BuiltReport,
    device: OpenDevice,
    database: Database,
) -> None:
    broken, sound = report.sections[:2]
    text = await (await device()).open(sound, group.member.api_token)
    socket = await device()
    await log_bytes(database, broken, PANIC)
    for number in range(3):
        closed = socket.text(f"{broken}\x00{number}")
        closed.signs_in(group.member.api_token)
        await closed.until(lambda text: text.denied)

    assert "closed until the operator" in (closed.denied or "")
    text.types("the other section")
    await text.saved()
    view = await group.member.get(f"/reports/{report.id}/view")
    assert len(view["sections"]) == len(report.sections)


async def test_a_room_that_gives_way_over_a_row_is_not_opened_for_ever(
    group: Group, section: SectionId, device: OpenDevice, rooms: RoomRegistry, database: Database
) -> None:
    text = await (await device()).open(section, group.member.api_token)
    text.types("hello")
    await text.saved()
    await log_bytes(database, section, PANIC)

    with pytest.raises(Unavailable):
        await rooms.decided(section)
    await text.until(lambda text: text.closed)

    with pytest.raises(NotRebuilt):
        await rooms.open(section)
    with pytest.raises(Quarantined):
        await rooms.open(section)


async def test_a_room_that_is_only_read_closes_too_when_it_gives_way_over_a_row(
    group: Group, section: SectionId, device: OpenDevice, rooms: RoomRegistry, database: Database
) -> None:
    text = await (await device()).open(section, group.member.api_token)
    await log_bytes(database, section, PANIC)

    with pytest.raises(Unavailable):
        await rooms.decided(section)

    await text.until(lambda text: text.closed)


async def test_what_was_saved_but_could_not_be_shown_is_not_called_unsaved(
    group: Group, section: SectionId, rooms: RoomRegistry
) -> None:
    room = await rooms.open(section)

    def change(doc: Doc[Any]) -> None:
        body_of(doc).insert(0, "saved", {})
        # From here on its own document gives way: the copy, and the log, know nothing of it.
        room.text.is_broken = True

    actor = Actor(MemberId(group.member.id), "Member", False)
    with pytest.raises(Unavailable, match="Look whether the change was made"):
        await rooms.server_edit(section, change, actor, Role.MEMBER)

    head = await rooms.read_head(section)
    assert "saved" in words_of(head.document)


def test_the_operator_reads_of_it_in_the_log() -> None:
    said = subprocess.run([sys.executable, "-c", QUARANTINE], capture_output=True, check=True)

    assert b"critical" in said.stderr
    assert b"section_quarantined" in said.stderr


def test_only_the_library_puts_a_section_into_quarantine(section: SectionId) -> None:
    quarantine = Quarantine()
    for error in (OSError(), asyncio.CancelledError()):
        for _ in range(3):
            with pytest.raises(type(error)), quarantine.rebuilding(section):
                raise error

    quarantine.check(section)


def test_failures_that_lie_far_apart_do_not_add_up(section: SectionId) -> None:
    quarantine = Quarantine()
    with clock.kept():
        quarantine.count(section, ValueError())
        clock.set_now(clock.now() + timedelta(minutes=11))
        quarantine.count(section, ValueError())
        quarantine.check(section)
        quarantine.count(section, ValueError())
        with pytest.raises(Quarantined):
            quarantine.check(section)
