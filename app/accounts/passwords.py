"""Passwords: hashed slowly, checked in equal time."""

import asyncio
from functools import cache

from pwdlib import PasswordHash

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
