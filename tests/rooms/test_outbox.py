"""The queue of one connection: order, overflow, and readers that do not read."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from websockets.frames import Frame, Opcode

from app.errors import AppError
from app.rooms.connections.outbox import Outbox, SlowReader, framed
from app.rooms.frames import Malformed
from tests.house.live import PATIENCE_S


class Reader:
    """The other end: takes frames while its gate is open."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._taken = asyncio.Condition()

    async def take(self, frame: bytes) -> None:
        await self.gate.wait()
        async with self._taken:
            self.frames.append(frame)
            self._taken.notify_all()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with self._taken, asyncio.timeout(PATIENCE_S):
            await self._taken.wait_for(is_so)


async def drain(outbox: Outbox, reader: Reader) -> None:
    """Pump until everything that waits has been taken."""
    outbox.put(b"end")
    ends = reader.frames.count(b"end") + 1
    pump = asyncio.create_task(outbox.pump(reader.take, ping=None))
    await reader.until(lambda: reader.frames.count(b"end") == ends and not outbox.is_behind)
    pump.cancel()
    with suppress(asyncio.CancelledError):
        await pump


async def test_frames_come_in_order() -> None:
    outbox, reader = Outbox(10_000), Reader()

    for number in range(5):
        outbox.put(bytes([number]))
        outbox.put_droppable(("room", "text"), bytes([number, 0]), lambda: b"state")
    await drain(outbox, reader)

    expected = [frame for n in range(5) for frame in (bytes([n]), bytes([n, 0]))]
    assert reader.frames == [*expected, b"end"]


async def test_an_overflow_gives_one_state_and_keeps_what_must_arrive() -> None:
    outbox, reader = Outbox(1000), Reader()

    outbox.put(b"ack 1")
    for _ in range(50):
        outbox.put_droppable(("room", "text"), b"u" * 100, lambda: b"state")
    outbox.put(b"ack 2")
    await drain(outbox, reader)

    assert reader.frames[:3] == [b"ack 1", b"ack 2", b"end"]
    assert reader.frames.count(b"state") == 1
    assert outbox.overflows == 1


async def test_each_lane_that_lost_something_gets_its_state() -> None:
    outbox, reader = Outbox(1000), Reader()

    outbox.put_droppable(("a", "text"), b"a" * 100, lambda: b"state of a")
    for _ in range(50):
        outbox.put_droppable(("b", "text"), b"b" * 100, lambda: b"state of b")
    await drain(outbox, reader)

    assert set(reader.frames) == {b"end", b"state of a", b"state of b"}


async def test_after_the_state_frames_flow_again() -> None:
    outbox, reader = Outbox(1000), Reader()
    for _ in range(50):
        outbox.put_droppable(("a", "text"), b"a" * 100, lambda: b"state")
    await drain(outbox, reader)

    outbox.put_droppable(("a", "text"), b"later", lambda: b"state")
    await drain(outbox, reader)

    assert reader.frames == [b"end", b"state", b"later", b"end"]


async def test_a_lane_that_was_given_up_gets_no_state() -> None:
    outbox, reader = Outbox(1000), Reader()
    for _ in range(50):
        outbox.put_droppable(("a", "text"), b"a" * 100, lambda: b"state")

    outbox.forget("a")
    await drain(outbox, reader)

    assert reader.frames == [b"end"]


async def test_a_reader_that_does_not_read_is_cut_off() -> None:
    outbox, reader = Outbox(1000, send_timeout_s=0.01), Reader()
    reader.gate.clear()
    outbox.put(b"x")

    with pytest.raises(SlowReader):
        await outbox.pump(reader.take)


async def test_a_reader_that_owes_too_many_answers_is_cut_off() -> None:
    outbox, reader = Outbox(1000), Reader()
    for _ in range(100):
        outbox.put(b"ack")

    with pytest.raises(SlowReader):
        await outbox.pump(reader.take)


async def test_a_failure_comes_before_what_waits() -> None:
    outbox, reader = Outbox(1000), Reader()
    outbox.put(b"x")

    outbox.fail(Malformed("no"))

    with pytest.raises(Malformed):
        await outbox.pump(reader.take)
    await outbox.flush(reader.take)
    assert reader.frames == [b"x"]


async def test_a_large_frame_is_made_when_its_turn_comes() -> None:
    outbox, reader = Outbox(1000), Reader()
    made: list[str] = []

    def make() -> bytes:
        made.append("made")
        return b"s" * 5000

    outbox.put(make)
    outbox.put(b"ack")
    assert made == []
    await drain(outbox, reader)

    assert made == ["made"]
    assert len(reader.frames[0]) == 5000


class Wire:
    """A line that is clear or not, as the test says."""

    def __init__(self) -> None:
        self.is_clear, self.spoke = True, False
        self.written: list[bytes] = []
        self.error: AppError | None = None
        self.writes: Callable[[bytes], None] = self.written.append

    def is_gone(self) -> None:
        self.is_clear = False

    def write(self, source: bytes) -> None:
        self.written.append(source)

    def fails(self, error: AppError) -> None:
        self.error = error

    @property
    def messages(self) -> list[bytes]:
        """What was written, without the head of two bytes that short messages have."""
        return [source[2:] for source in self.written]


def on_a_line(limit_bytes: int = 1000) -> tuple[Outbox, Wire]:
    outbox, line = Outbox(limit_bytes), Wire()
    outbox.lead_to(line)
    return outbox, line


async def test_on_a_clear_line_nothing_waits() -> None:
    outbox, line = on_a_line()

    outbox.put(b"ack")
    outbox.put_droppable(("a", "text"), b"update", lambda: b"state")
    outbox.put(lambda: b"made")

    assert line.messages == [b"ack", b"update", b"made"]
    assert not outbox.is_behind


async def test_on_a_busy_line_all_waits_and_keeps_its_order() -> None:
    outbox, line = on_a_line()
    line.is_clear = False
    outbox.put(b"first")
    outbox.put_droppable(("a", "text"), b"second", lambda: b"state")
    line.is_clear = True
    outbox.put(b"third")
    assert line.messages == []

    outbox.goes_on()
    outbox.put(b"fourth")

    assert line.messages == [b"first", b"second", b"third", b"fourth"]


async def test_a_line_that_fills_up_again_keeps_the_rest_waiting() -> None:
    outbox, line = on_a_line()
    line.is_clear = False
    for number in range(3):
        outbox.put(bytes([number]))
    line.is_clear = True

    def write_one(source: bytes) -> None:
        line.written.append(source)
        line.is_clear = False

    line.write = write_one  # type: ignore[method-assign]
    outbox.goes_on()

    assert line.messages == [b"\x00"]
    assert outbox.is_behind


async def test_what_was_dropped_on_a_busy_line_is_made_good_by_one_state() -> None:
    outbox, line = on_a_line()
    line.is_clear = False
    outbox.put(b"ack")
    for _ in range(50):
        outbox.put_droppable(("a", "text"), b"u" * 100, lambda: b"state")
    line.is_clear = True

    outbox.goes_on()

    assert line.messages == [b"ack", b"state"]
    assert not outbox.is_behind


async def test_a_failure_ends_the_line_and_nothing_more_is_written() -> None:
    outbox, line = on_a_line()

    outbox.fail(Malformed("no"))
    outbox.put(b"late")
    outbox.goes_on()

    assert isinstance(line.error, Malformed)
    assert line.messages == []


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 70_000])
def test_a_frame_is_what_the_websockets_library_writes(size: int) -> None:
    message = b"x" * size

    assert framed(message) == Frame(Opcode.BINARY, message).serialize(mask=False)
