"""What each member's bytes cost this process: the work for them, and what of theirs waits."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from app.rooms.strict.facts import UpdateFacts
from app.settings import Settings

# What may be spent at once is what may be spent in so many seconds.
BURST_S = 100.0
# The longest that is slept before the clock is looked at again.
_LONGEST_SLEEP_S = 2.0
# What a part of an update takes in memory once it is read.
_PART_BYTES = 160
# Smaller updates are not worth the counting.
_SMALL_BYTES = 1024
# So many debtors are remembered before it is looked who has none any more.
_DEBTORS = 1000


def waiting_size(update: bytes, facts: UpdateFacts | None) -> int:
    """Return what an update takes in memory while it waits, and what was read of it."""
    if facts is None or len(update) < _SMALL_BYTES:
        return len(update)
    parts = len(facts.pieces) + sum(map(len, facts.deletes.values()))
    return len(update) + _PART_BYTES * parts


class Accounts:
    """The members' accounts: each may take a share of a processor, and some room, for long."""

    def __init__(self, settings: Settings) -> None:
        self.share = settings.member_share_percent / 100
        self.most_bytes = settings.waiting_bytes
        self.most_bytes_each = settings.waiting_bytes_per_member
        self.waiting_bytes = 0
        """What waits to be proven, of everybody."""
        self._accounts: WeakValueDictionary[UUID, Account] = WeakValueDictionary()
        self._debtors: dict[UUID, Account] = {}
        """They are remembered while nobody of theirs is connected."""
        self._longing: list[asyncio.Future[None]] = []

    def of(self, member_id: UUID) -> "Account":
        """Return a member's account, the same for all connections."""
        account = self._accounts.get(member_id)
        if account is None:
            account = self._accounts[member_id] = Account(self, member_id)
        return account

    def remember(self, account: "Account") -> None:
        """Keep an account until what was spent has grown again."""
        if len(self._debtors) >= _DEBTORS:
            self._debtors = {key: one for key, one in self._debtors.items() if one.owes}
        self._debtors[account.member_id] = account

    async def until_room(self) -> None:
        """Return once something that waited waits no more."""
        longing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._longing.append(longing)
        await longing

    @property
    def is_longed_for(self) -> bool:
        """Whether anybody waits for room."""
        return bool(self._longing)

    def make_room(self) -> None:
        """Let those go on who wait for room."""
        longing, self._longing = self._longing, []
        for one in longing:
            if not one.done():
                one.set_result(None)


class Account:
    """What a member may still spend, in seconds of a processor, and what waits of theirs."""

    __slots__ = (
        "__weakref__",
        "_accounts",
        "_at",
        "_left_s",
        "member_id",
        "trials",
        "waiting_bytes",
    )

    def __init__(self, accounts: Accounts, member_id: UUID) -> None:
        """Begin with a whole burst."""
        self._accounts = accounts
        self.member_id = member_id
        self.waiting_bytes = 0
        self.trials = asyncio.Lock()
        """A member's large updates are tried one after the other."""
        self._left_s = accounts.share * BURST_S
        self._at = asyncio.get_running_loop().time()

    def spend(self, seconds: float) -> None:
        """Count work that was done."""
        most = self._accounts.share * BURST_S
        if self._left_s >= most:
            self._at = asyncio.get_running_loop().time()
            self._accounts.remember(self)
        self._left_s = max(-most, self._left_s - seconds)

    def waits(self, size_bytes: int) -> None:
        """Count what waits to be proven."""
        self.waiting_bytes += size_bytes
        self._accounts.waiting_bytes += size_bytes

    def settled(self, size_bytes: int) -> None:
        """Count what waits no more."""
        self.waits(-size_bytes)
        if self._accounts.is_longed_for:
            self._accounts.make_room()

    def has(self, size_bytes: int) -> bool:
        """Return whether something of this size may come now."""
        if self._left_s <= 0 and self.owes and self._left_s <= 0:
            return False
        accounts = self._accounts
        # Whatever the size: where nothing waits, there is room for one.
        fits = not self.waiting_bytes or self.waiting_bytes + size_bytes <= accounts.most_bytes_each
        return fits and (
            not accounts.waiting_bytes or accounts.waiting_bytes + size_bytes <= accounts.most_bytes
        )

    async def until_has(self, size_bytes: int) -> None:
        """Return once something of this size may come."""
        while not self.has(size_bytes):
            if self._left_s <= 0:
                due_s = -self._left_s / self._accounts.share + 0.01
                await asyncio.sleep(min(_LONGEST_SLEEP_S, due_s))
            else:
                await self._accounts.until_room()

    @property
    def owes(self) -> bool:
        """Whether less than a whole burst is left now."""
        now = asyncio.get_running_loop().time()
        share = self._accounts.share
        self._left_s = min(share * BURST_S, self._left_s + (now - self._at) * share)
        self._at = now
        return self._left_s < share * BURST_S
