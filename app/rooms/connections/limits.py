"""How much one connection may send, and how many one member or one address may hold."""

import asyncio
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Protocol, TypeVar
from uuid import UUID

from app.errors import AppError
from app.rooms.precautions.accounts import Account, Accounts
from app.settings import Settings

# What may come at once is what may come in so many seconds.
BURST_S = 5.0
# Who never stops sending more than is taken is sent away.
FLOOD_S = 30.0
_BEAT_S = 1.0
# What a connection takes in memory when nothing waits on it.
SOCKET_BYTES = 16 * 1024
# What may wait on one before a sign-in: the largest frame, and what goes with it.
UNSIGNED_SOCKET_BYTES = (1024 + 128) * 1024
# When they hold too much, as many are ended as leave this share of what they may hold.
_MADE_ROOM = 15 / 16
# Nobody is looked at as if they had come this very moment.
_AT_FIRST_S = 1.0
_SHORTEST_S = 0.001

Key = TypeVar("Key", UUID, str)


class Flooding(AppError):
    """More was sent, for long, than any honest client sends."""

    status = 429
    close_code = 1008


class TooManySockets(AppError):
    """One member or one address holds as many connections as it may."""

    status = 429
    close_code = 4429


class Allowance:
    """What one connection may still send: it grows with time, up to a burst."""

    __slots__ = ("_at", "_bytes", "_bytes_per_s", "_frames", "_frames_per_s", "_slowed_at")

    def __init__(self, frames_per_s: float, bytes_per_s: float) -> None:
        """Begin with a whole burst."""
        self._frames_per_s, self._bytes_per_s = frames_per_s, bytes_per_s
        self._frames, self._bytes = frames_per_s * BURST_S, bytes_per_s * BURST_S
        self._at = asyncio.get_running_loop().time()
        self._slowed_at: float | None = None

    def has(self, size_bytes: int) -> bool:
        """Return whether a message of this size may come now."""
        if self._frames >= 1 and self._bytes >= size_bytes:
            return True
        self._grow()
        # What is larger than a whole burst waits for a whole burst.
        return self._frames >= 1 and self._bytes >= min(size_bytes, self._bytes_per_s * BURST_S)

    def take(self, size_bytes: int) -> None:
        """Count a message that came."""
        self._frames -= 1
        self._bytes -= size_bytes

    async def wait(self, size_bytes: int) -> None:
        """Return once a message of this size may come, counted.

        Raises: Flooding when that has been so for half a minute without a pause.
        """
        while not self.has(size_bytes):
            if self._slowed_at is None:
                self._slowed_at = self._at
            elif self._at - self._slowed_at > FLOOD_S:
                raise Flooding("You send more than this server takes. Please slow down.")
            await asyncio.sleep(self._due_s(size_bytes))
        self.take(size_bytes)

    def _due_s(self, size_bytes: int) -> float:
        frames_s = (1 - self._frames) / self._frames_per_s
        return max(frames_s, (size_bytes - self._bytes) / self._bytes_per_s, _SHORTEST_S)

    def _grow(self) -> None:
        now = asyncio.get_running_loop().time()
        past_s, self._at = now - self._at, now
        frames_most, bytes_most = self._frames_per_s * BURST_S, self._bytes_per_s * BURST_S
        self._frames = min(frames_most, self._frames + past_s * self._frames_per_s)
        self._bytes = min(bytes_most, self._bytes + past_s * self._bytes_per_s)
        if self._frames > frames_most / 2 and self._bytes > bytes_most / 2:
            self._slowed_at = None


class Census:
    """Who holds how many connections in this process, and what waits on them before a sign-in."""

    def __init__(self, settings: Settings) -> None:
        self._most_per_member = settings.sockets_per_member
        self._most_per_address = settings.sockets_per_address
        self._most_unsigned = settings.unsigned_sockets_per_address
        self._most_unsigned_bytes = settings.unsigned_bytes
        self._most_per_screen = settings.sockets_per_screen
        self._most_screens = settings.screen_sockets
        self.accounts = Accounts(settings)
        self._members: Counter[UUID] = Counter()
        self._screens: Counter[UUID] = Counter()
        self._addresses: Counter[str] = Counter()
        self._unsigned: Counter[str] = Counter()
        self._waiting: dict[Seat, None] = {}
        """Those on which nobody has signed in, the newest last."""
        self.unsigned_bytes = 0
        """What they take in memory together."""

    def take(self, address: str) -> "Seat":
        """Return a seat for a connection from this network, to be left at its end.

        Raises: TooManySockets.
        """
        if self._addresses[address] >= self._most_per_address:
            raise TooManySockets("Too many connections are open from your network.")
        if self._unsigned[address] >= self._most_unsigned:
            raise TooManySockets("Too many connections from your network have not signed in.")
        self._addresses[address] += 1
        self._unsigned[address] += 1
        seat = Seat(self, address)
        self._waiting[seat] = None
        self.note_growth(seat, seat.bytes)
        return seat

    def leave(self, seat: "Seat") -> None:
        """Count a connection no more."""
        _less(self._addresses, seat.address)
        if not seat.is_known:
            _less(self._unsigned, seat.address)
        for member_id in seat.members:
            _less(self._members, member_id)
        if seat.screen_id is not None:
            _less(self._screens, seat.screen_id)
        self._wait_no_more(seat)

    def sign_in(self, seat: "Seat", member_id: UUID) -> None:
        """Count a member's connection. Raises: TooManySockets."""
        if self._members[member_id] >= self._most_per_member:
            raise TooManySockets("You have as many connections open as one may. Close another tab.")
        self._note_known(seat)
        seat.members.add(member_id)
        self._members[member_id] += 1

    def show(self, seat: "Seat", screen_id: UUID) -> None:
        """Count a device that shows a hall screen. Raises: TooManySockets."""
        if self._screens[screen_id] >= self._most_per_screen:
            raise TooManySockets("This screen is shown on as many devices as one screen may be.")
        if self._screens.total() >= self._most_screens:
            raise TooManySockets("As many hall screens are shown as this server can feed.")
        self._note_known(seat)
        seat.screen_id = screen_id
        self._screens[screen_id] += 1

    def note_growth(self, seat: "Seat", size_bytes: int) -> None:
        """Count what waits on a connection. Effects: some are ended if it is too much."""
        if seat not in self._waiting:
            return
        self.unsigned_bytes += size_bytes
        if size_bytes <= 0:
            return
        if seat.bytes > UNSIGNED_SOCKET_BYTES:
            self._end(seat, "You sent more than one may before signing in.")
        if self.unsigned_bytes > self._most_unsigned_bytes:
            self._make_room()

    def _make_room(self) -> None:
        """End those who have taken most room for longest, and some more, so as to look seldom.

        Whoever means to sign in does so soon, and with little: a hall that comes in is neither the
        largest nor the oldest beside thousands that are silent, or a few that send what they can.
        """
        now = monotonic()
        endable = [seat for seat in self._waiting if seat.ends is not None]
        for seat in sorted(endable, key=lambda one: one.burden(now), reverse=True):
            if self.unsigned_bytes <= self._most_unsigned_bytes * _MADE_ROOM:
                return
            self._end(seat, "Too much waits here from those who have not signed in.")

    def _end(self, seat: "Seat", sentence: str) -> None:
        if seat.ends is not None:
            self._wait_no_more(seat)
            seat.ends(TooManySockets(sentence))

    def _note_known(self, seat: "Seat") -> None:
        if not seat.is_known:
            _less(self._unsigned, seat.address)
            self._wait_no_more(seat)

    def _wait_no_more(self, seat: "Seat") -> None:
        if seat in self._waiting:
            del self._waiting[seat]
            self.unsigned_bytes -= seat.bytes


class Seat:
    """The place of one connection among all."""

    __slots__ = ("_came_at", "_census", "address", "bytes", "ends", "members", "screen_id")

    def __init__(self, census: Census, address: str) -> None:
        self._census = census
        self._came_at = monotonic()
        self.address = address
        self.members: set[UUID] = set()
        self.screen_id: UUID | None = None
        """The hall screen that is shown on it."""
        self.bytes = SOCKET_BYTES
        """What it takes in memory: itself, and what came on it and waits."""
        self.ends: Callable[[AppError], None] | None = None
        """Ends the connection, once there is one."""

    @property
    def is_known(self) -> bool:
        """Whether somebody has signed in on it, or it shows a screen of the podium's."""
        return bool(self.members) or self.screen_id is not None

    def burden(self, now: float) -> float:
        """Return how much room it has taken for how long, in bytes times seconds."""
        return self.bytes * (now - self._came_at + _AT_FIRST_S)

    def leave(self) -> None:
        """Give the place up."""
        self._census.leave(self)

    def sign_in(self, member_id: UUID) -> None:
        """Count this connection as the member's. Raises: TooManySockets."""
        if member_id not in self.members:
            self._census.sign_in(self, member_id)

    def show(self, screen_id: UUID) -> None:
        """Count this connection as one that shows a hall screen. Raises: TooManySockets."""
        self._census.show(self, screen_id)

    def account_of(self, member_id: UUID) -> Account:
        """Return what a member may spend here."""
        return self._census.accounts.of(member_id)

    def grows(self, size_bytes: int) -> None:
        """Count what came and waits; below zero: what waits no more.

        Effects: until somebody signs in on it, the connection may be ended for it.
        """
        if size_bytes:
            self.bytes += size_bytes
            self._census.note_growth(self, size_bytes)


class Beating(Protocol):
    """A connection that wants to look at the clock now and then."""

    def beat(self, now: float) -> None:
        """Look at the clock."""
        ...


class Pulse:
    """One timer for all connections; it runs while there are any."""

    def __init__(self) -> None:
        self._all: set[Beating] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, one: Beating) -> None:
        """Let it beat every second from now on."""
        self._all.add(one)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_BEAT_S, self._beat)

    def discard(self, one: Beating) -> None:
        """Let it beat no more."""
        self._all.discard(one)
        if not self._all and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(_BEAT_S, self._beat)
        now = loop.time()
        for one in list(self._all):
            one.beat(now)


def _less(counts: Counter[Key], key: Key) -> None:
    counts[key] -= 1
    if counts[key] <= 0:
        del counts[key]
