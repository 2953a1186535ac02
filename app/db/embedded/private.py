"""Files that only their owner may read, whatever the umask: from their first byte on."""

import os
from contextlib import suppress
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700
# What SQLite puts beside a database bears the database's mode, if it is made anew.
_BESIDE = ("", "-wal", "-shm", "-journal")


def keep_private(database: Path) -> None:
    """Let nobody but its owner read an embedded database, new or old.

    Effects: creates its folder, closed to others, and an empty file; a folder that was there is
    left as it is. What the file system does not allow is left to SQLite to tell.
    """
    if not database.parent.is_dir():
        database.parent.mkdir(_FOLDER, parents=True, exist_ok=True)
    with suppress(OSError):
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE))
    for ending in _BESIDE:
        with suppress(OSError):
            _tighten(database.with_name(database.name + ending))


def write_private(path: Path, content: bytes) -> None:
    """Write a file; if it is new, only its owner may read it. Raises: OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _tighten(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & ~_FILE:
        path.chmod(mode & _FILE)
