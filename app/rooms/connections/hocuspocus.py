"""One connection that speaks the Hocuspocus protocol: many addresses on one socket."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from uuid import UUID

from app.db.engine import Database
from app.errors import AppError, Unavailable
from app.rooms.connections.admission import Admitted
from app.rooms.connections.attachment import Attachment, answer_channel
from app.rooms.connections.limits import Seat, TooManySockets
from app.rooms.connections.outbox import Outbox
from app.rooms.connections.wires import AnyWire, carry
from app.rooms.frames import Auth, Frame, Kind, Malformed, Sync, decode, encode
from app.rooms.precautions.trial import LARGE_BYTES, Trials
from app.rooms.registry import RoomRegistry
from app.rooms.room import Room

SIGN_IN_S = 60.0
"""Within this time somebody signs in, or the connection ends."""


# A caret is told to the whole hall at once, which its owner does not pay for; names of many are no
# caret.
LARGE_PRESENCE_BYTES = 4096
_FEW_PEOPLE = b"\x08"


class TimedOut(AppError):
    """Nobody signed in on this connection in time."""

    status = 408
    close_code = 4408


class TooManyAddresses(AppError):
    """More documents or messages than one connection may hold before it signs in."""

    status = 429
    close_code = 1008


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may hold before it has signed in, and for how long."""

    addresses: int = 100
    frames: int = 1000
    bytes: int = 1024 * 1024
    sign_in_s: float = field(default_factory=lambda: SIGN_IN_S)


# A frame that waits takes more than its bytes; a character takes four at most.
_FRAME_BYTES, _CHARACTER_BYTES = 512, 4


@dataclass(slots=True)
class _Held:
    """Frames of an address that has not signed in (or was closed), in order."""

    frames: list[Frame] = field(default_factory=list)
    bytes: int = 0
    was_closed: bool = False
    """Then its edits are dropped: they build on what was refused."""


@dataclass(frozen=True, slots=True)
class _Open:
    """An address that has signed in. room None: a report's channel."""

    attachment: Attachment
    room: Room | None

    def receive(self, frame: Frame) -> None:
        """Hand a frame over; whoever sent it pays for what that takes, the answer included."""
        began = perf_counter()
        if self.room is None:
            answer_channel(self.attachment, frame)
        else:
            self.room.receive(self.attachment, frame)
        if self.room is None or not is_caret(frame):
            self.attachment.spends(perf_counter() - began)


class HocuspocusConnection:
    """The addresses of one socket, and the frames that go in and out."""

    def __init__(
        self,
        wire: AnyWire,
        database: Database,
        rooms: RoomRegistry,
        outbox: Outbox,
        limits: Limits | None = None,
    ) -> None:
        self._wire = wire
        self._database = database
        self._rooms = rooms
        self._outbox = outbox
        self._limits = limits or Limits()
        self.seat: Seat | None = None
        """Where it is counted, if it is."""
        self._open: dict[str, _Open] = {}
        self._held: dict[str, _Held] = {}
        self._held_frames = 0
        self._held_bytes = 0
        self._members: set[UUID] = set()
        """Who signed in on this connection."""

    async def run(self) -> AppError | None:
        """Pump frames until either end is done; return why the server ends it, if it does."""
        timer = asyncio.get_running_loop().call_later(self._limits.sign_in_s, self._time_out)
        if self.seat is not None:
            self.seat.ends = self._outbox.fail
        try:
            ended = await carry(self._wire, self._outbox, self, pings=True)
        finally:
            timer.cancel()
            for entry in list(self._open.values()):
                entry.attachment.end()
        error = reason_of(ended)
        if isinstance(error, Malformed):
            for member_id in self._members:
                self._rooms.strikes.count(member_id)
        return error

    def hears_at_once(self, source: bytes) -> bool:
        """Take a message of an open document, unless it must be waited for."""
        frame = decode(source)
        if frame.kind is Kind.PONG:
            return True
        entry = self._open.get(frame.address)
        if entry is None or frame.kind in (Kind.AUTH, Kind.CLOSE):
            return False
        if not entry.attachment.has(len(source)):
            return False
        if frame.kind in (Kind.SYNC, Kind.SYNC_REPLY) and frame.sub != Sync.STEP1:
            if entry.attachment.is_full() or len(frame.body) >= LARGE_BYTES:
                return False
        entry.receive(frame)
        return True

    async def hears(self, source: bytes) -> None:
        """Take a message, however long that takes."""
        frame = decode(source)
        if frame.kind in (Kind.PING, Kind.PONG):
            return
        if frame.kind is Kind.AUTH:
            await self._sign_in(frame)
        elif frame.address in self._open:
            await self._hand_over(self._open[frame.address], frame)
        else:
            self._hold(frame)

    async def _sign_in(self, frame: Frame) -> None:
        if frame.sub != Auth.TOKEN:
            raise Malformed("A client sends its token, and nothing else of this type.")
        known = self._open.get(frame.address)
        try:
            admissions, cookie = self._rooms.admissions, self._wire.cookie
            admitted = await admissions.admit(frame.name, frame.text, cookie)
            self._note_member(admitted.actor.member_id)
            if known is None or known.attachment.actor.member_id != admitted.actor.member_id:
                await self._attach(frame.address, admitted)
            else:
                known.attachment.actor = admitted.actor
                known.attachment.accept(*scope(admitted, known.room))
            watch = self._rooms.watch(admitted.report_id)
            if watch.rights_version > admitted.version:
                # It looked at rights and keys between the admission and now, without this one.
                watch.look_again()
        except (TooManySockets, Unavailable):
            # The client comes back by itself, which it would not after a refusal.
            raise
        except AppError as error:
            self._keep_out(frame.address, str(error))
            return
        for waiting in self._give_up(frame.address):
            if entry := self._open.get(frame.address):
                await self._hand_over(entry, waiting)

    def _note_member(self, member_id: UUID) -> None:
        self._rooms.strikes.check(member_id)
        self._members.add(member_id)
        if self.seat is not None:
            self.seat.sign_in(member_id)

    async def _attach(self, address: str, admitted: Admitted) -> None:
        if len(self._open) >= self._limits.addresses:
            raise TooManyAddresses("This connection holds as many documents as one may.")
        section_id = admitted.section_id
        room = None
        if section_id is not None:
            room = await self._rooms.open_at(section_id, admitted.head)
        watch = self._rooms.watch(admitted.report_id)
        if known := self._open.get(address):
            known.attachment.end()
        attachment = Attachment(self._outbox, admitted.actor, address)
        if self.seat is not None:
            attachment.account = self.seat.account_of(admitted.actor.member_id)
        leave = watch.leave if room is None else room.leave
        attachment.when_closed = lambda: self._let_go(attachment, address, leave)
        self._open[address] = _Open(attachment, room)
        attachment.accept(*scope(admitted, room))
        (watch.join if room is None else room.join)(attachment)

    def _let_go(
        self, attachment: Attachment, address: str, leave: Callable[[Attachment], None]
    ) -> None:
        leave(attachment)
        self._open.pop(address, None)
        if len(self._held) < self._limits.addresses:
            self._held.setdefault(address, _Held(was_closed=True))

    def _keep_out(self, address: str, reason: str) -> None:
        known = self._open.get(address)
        if known is not None:
            known.attachment.close(reason)
            return
        self._give_up(address)
        self._outbox.put(encode(Frame(Kind.AUTH, address, Auth.DENIED, text=reason)))

    async def _hand_over(self, entry: _Open, frame: Frame) -> None:
        attachment = entry.attachment
        if frame.kind is Kind.CLOSE:
            # Unanswered: the client may already have opened the same address again.
            attachment.end()
            self._give_up(frame.address)
            return
        await attachment.until_has(len(frame.body))
        if frame.kind in (Kind.SYNC, Kind.SYNC_REPLY) and frame.sub != Sync.STEP1:
            await attachment.has_place()
            if entry.room is not None and len(frame.body) >= LARGE_BYTES:
                await try_large(self._rooms.trials, entry.room, attachment, frame.body)
        if attachment.is_open:
            entry.receive(frame)

    def _hold(self, frame: Frame) -> None:
        if frame.kind is Kind.CLOSE:
            self._give_up(frame.address)
            return
        held = self._held.get(frame.address)
        if held is None:
            if len(self._held) >= self._limits.addresses:
                raise TooManyAddresses("Too many documents wait for a sign-in on this connection.")
            held = self._held[frame.address] = _Held()
        if held.was_closed and frame.kind is Kind.SYNC and frame.sub != Sync.STEP1:
            return
        if held.was_closed:
            # The last of each kind is enough.
            kept = [one for one in held.frames if one.kind is not frame.kind]
            self._give_up(frame.address)
            held = self._held[frame.address] = _Held(was_closed=True)
            for one in kept:
                self._keep(held, one)
        self._keep(held, frame)
        if self._held_frames > self._limits.frames or self._held_bytes > self._limits.bytes:
            raise TooManyAddresses("Too many messages wait for a sign-in on this connection.")

    def _keep(self, held: _Held, frame: Frame) -> None:
        size = len(frame.body) + _CHARACTER_BYTES * len(frame.text)
        held.frames.append(frame)
        held.bytes += size
        self._count(1, size)

    def _give_up(self, address: str) -> list[Frame]:
        """Return what was held for an address, and hold it no more."""
        held = self._held.pop(address, None)
        if held is None:
            return []
        self._count(-len(held.frames), -held.bytes)
        return held.frames

    def _count(self, frames: int, size_bytes: int) -> None:
        self._held_frames += frames
        self._held_bytes += size_bytes
        if self.seat is not None:
            self.seat.grows(size_bytes + frames * _FRAME_BYTES)

    def _time_out(self) -> None:
        if not self._open:
            self._outbox.fail(TimedOut("Nobody signed in on this connection in time."))


def is_caret(frame: Frame) -> bool:
    """Return whether a frame is what a moving caret sends: short, of few people, and for nothing.

    A few bytes may name a thousand people, whom it costs more to read than many keystrokes.
    """
    is_short = frame.kind is Kind.AWARENESS and len(frame.body) <= LARGE_PRESENCE_BYTES
    return is_short and frame.body[:1] <= _FEW_PEOPLE


async def try_large(trials: Trials, room: Room, attachment: Attachment, update: bytes) -> None:
    """Return once a child has taken a large update in, of which a member has one at a time.

    Raises: Malformed; LibraryFailed if the child gave way; Unavailable if there is none.
    """
    await attachment.has_place(1)
    account = attachment.account
    if account is None:
        await trials.pass_update(room.text, update)
        return
    async with account.trials:
        await trials.pass_update(room.text, update, account.spend)


def reason_of(ended: Sequence[BaseException]) -> AppError | None:
    """Return the error that the server ended a connection with; bugs are raised."""
    for outcome in ended:
        if isinstance(outcome, AppError):
            return outcome
    for outcome in ended:
        if not isinstance(outcome, OSError | asyncio.CancelledError):
            raise outcome
    return None


def scope(admitted: Admitted, room: Room | None) -> tuple[bool, str]:
    """Return whether somebody who was admitted may write here, or why not."""
    if admitted.right is None:
        return False, ""
    if room is not None and room.damage is not None:
        return False, room.damage.sentence
    return admitted.right.may_write, admitted.right.reason
