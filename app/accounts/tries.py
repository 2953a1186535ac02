"""How often somebody may guess: tries to sign in, counted by all workers together."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, delete, func, or_, select, text, update

from app import clock
from app.db.engine import Database
from app.db.tables import SignInTry
from app.db.unit_of_work import Work
from app.errors import TooMany
from app.ids import new_id

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_IN_A_MINUTE, _IN_AN_HOUR = 10, 40
# A whole hall may stand behind one address, and signs in with the right passwords.
_WRONG_IN_A_MINUTE = 100
# Any number that no other program on the same database uses.
_ADVISORY_LOCKS = 7_262_006


class SignInLimit:
    """Counts tries by address and e-mail, of which only hashes are kept, and for an hour."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, address: str, email: str) -> UUID:
        """Count a try, and return its id.

        Raises: TooMany above 10 in a minute or 40 in an hour, or after 100 wrong ones in a minute
        from the same address, whoever's.
        """
        address_hash, pair_hash = _hash(address), _hash(address, email)
        now, tried = clock.now(), new_id()
        async with self._database.write() as work:
            await self._one_at_a_time(work, address_hash)
            await work.session.execute(delete(SignInTry).where(SignInTry.tried_at < now - _HOUR))
            if await _are_too_many(work, address_hash, pair_hash, now):
                raise TooMany("Too many tries to sign in. Please wait a minute and try again.")
            work.session.add(
                SignInTry(id=tried, address_hash=address_hash, pair_hash=pair_hash, tried_at=now)
            )
        return tried

    async def count_wrong(self, tried: UUID) -> None:
        """Count that a try was wrong."""
        async with self._database.write() as work:
            await work.session.execute(
                update(SignInTry).where(SignInTry.id == tried).values(is_wrong=True)
            )

    async def forget(self, address: str, email: str) -> None:
        """Forget the tries that went before a right one; wrong ones still count for the address."""
        async with self._database.write() as work:
            await work.session.execute(
                update(SignInTry)
                .where(SignInTry.pair_hash == _hash(address, email))
                .values(pair_hash=None)
            )

    async def _one_at_a_time(self, work: Work, address_hash: bytes) -> None:
        """Let those of one address wait for each other: else many at once would count as few."""
        if not self._database.is_sqlite:
            key = int.from_bytes(address_hash[:4], "big", signed=True)
            await work.session.execute(
                text("SELECT pg_advisory_xact_lock(:space, :key)"),
                {"space": _ADVISORY_LOCKS, "key": key},
            )


async def _are_too_many(work: Work, address_hash: bytes, pair_hash: bytes, now: datetime) -> bool:
    is_pair, is_recent = SignInTry.pair_hash == pair_hash, SignInTry.tried_at > now - _MINUTE
    is_wrong = (SignInTry.address_hash == address_hash) & SignInTry.is_wrong
    counts = [
        func.coalesce(func.sum(case((one, 1), else_=0)), 0)
        for one in (is_pair & is_recent, is_pair, is_wrong & is_recent)
    ]
    found = await work.session.execute(
        select(*counts).where(or_(is_pair, is_wrong), SignInTry.tried_at > now - _HOUR)
    )
    in_a_minute, in_an_hour, wrong = found.one()
    is_held = in_a_minute >= _IN_A_MINUTE or in_an_hour >= _IN_AN_HOUR
    return bool(is_held or wrong >= _WRONG_IN_A_MINUTE)


def _hash(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
