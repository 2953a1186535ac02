"""An embedded database and what is written of it are their owner's alone, whatever the umask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.broker.memory import MemoryBroker
from app.db.embedded.private import write_private
from app.db.engine import Database
from app.db.migrate import migrate
from app.settings import Settings


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """New files may be read by everybody, unless their maker says otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: mode_of(path) for path in folder.iterdir()}


def open_to_everybody(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)


async def modes_in_use(home: Path) -> dict[str, int]:
    """Return the modes of the files while the database is open and written to."""
    database = Database(Settings.model_validate({"home": home}), MemoryBroker())
    try:
        await migrate(database.engine)
        return modes_in(home)
    finally:
        await database.dispose()


async def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"

    modes = await modes_in_use(home)

    assert "rapporteur.sqlite3-wal" in modes
    assert set(modes.values()) == {0o600}
    assert mode_of(home) == 0o700


async def test_an_old_database_becomes_its_owners_alone_and_its_folder_stays(
    tmp_path: Path,
) -> None:
    await modes_in_use(tmp_path)
    open_to_everybody(tmp_path)

    modes = await modes_in_use(tmp_path)

    assert set(modes.values()) == {0o600}
    assert mode_of(tmp_path) == 0o755


def test_a_written_report_is_its_writers_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.md"

    write_private(path, b"longer")
    write_private(path, b"draft")

    assert (mode_of(path), path.read_bytes()) == (0o600, b"draft")
