"""Keys that people and programs carry: made once, stored as hashes only."""

import hashlib
import secrets

_BYTES = 24


def new_token(prefix: str = "") -> str:
    """Return a fresh secret of 192 random bits, safe in an address."""
    return prefix + secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is stored of a secret: its SHA-256. It is random, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()
