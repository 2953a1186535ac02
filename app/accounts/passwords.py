"""Passwords: hashed slowly, checked in equal time, and not tried too often."""

import asyncio
from functools import cache

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pwdlib import PasswordHash

from app.errors import TooMany

_ARGON2 = PasswordHash.recommended()


async def hash_password(password: str) -> str:
    """Return the argon2 hash to store. Takes about 50 ms of a processor, off the event loop."""
    return await asyncio.to_thread(_ARGON2.hash, password)


async def is_password(password: str, stored: str | None) -> bool:
    """Return whether the password is the stored one; without one it is False in the same time."""
    fits = await asyncio.to_thread(_ARGON2.verify, password, stored or _nobodys_hash())
    return fits and stored is not None


@cache
def _nobodys_hash() -> str:
    return _ARGON2.hash("the password of nobody")


class SignInLimit:
    """Counts tries to sign in, by address and e-mail, in this server process."""

    def __init__(self) -> None:
        self._counts = MovingWindowRateLimiter(MemoryStorage())
        self._limits: tuple[RateLimitItem, ...] = (parse("10/minute"), parse("40/hour"))
        # A whole hall may stand behind one address, and signs in with the right passwords.
        self._wrong_from_address = parse("100/minute")

    def count(self, address: str, email: str) -> None:
        """Count a try.

        Raises: TooMany above 10 in a minute or 40 in an hour, or after 100 wrong ones in a minute
        from the same address, whoever's.
        """
        is_held = not self._counts.test(self._wrong_from_address, address)
        if is_held or not all(self._counts.hit(limit, address, email) for limit in self._limits):
            raise TooMany("Too many tries to sign in. Please wait a minute and try again.")

    def count_wrong(self, address: str) -> None:
        """Count that a try from this address was wrong."""
        self._counts.hit(self._wrong_from_address, address)

    def forget(self, address: str, email: str) -> None:
        """Forget the tries that went before a right one."""
        for limit in self._limits:
            self._counts.clear(limit, address, email)
