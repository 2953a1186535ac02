"""Archives that are not whole are refused in words, and nothing is written."""

import hashlib
import random
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, inspect, select, update

from app import clock
from app.backups.archive import ArchiveWriter
from app.backups.manifest import Manifest, read_manifest, write_manifest
from app.backups.restoring import restore
from app.backups.taking import back_up, check_back_up, list_sections
from app.backups.values import decode_row, encode_row, kind_of
from app.broker.memory import MemoryBroker
from app.db.base import Base
from app.db.engine import Database
from app.db.tables import LogEntry, Member, StoredFile
from app.errors import Invalid, Refused
from app.ids import new_id
from app.settings import Settings
from tests.house.builders import Group, House, a_report, a_working_group
from tests.house.databases import Databases
from tests.keeping.logs import Typing, write_long_log

FLIPS = 60


@pytest.fixture
async def group(database: Database) -> Group:
    """A working group whose report has a text, and a file."""
    async with httpx.AsyncClient() as http:
        group = await a_working_group(House(database, http))
    report = await a_report(group, ["Access", "Security"])
    typing = Typing(1, [group.member.id, group.chair.id])
    await write_long_log(database, report.sections[0], typing, 60, 25)
    async with database.write() as work:
        content = bytes(range(256)) * 40
        work.session.add(StoredFile(hash="f" * 64, content=content, created_at=clock.now()))
    return group


@pytest.fixture
async def path(group: Group, tmp_path: Path) -> Path:
    """A back-up of it."""
    path = tmp_path / "monday.backup"
    await back_up(group.house.database, path)
    return path


@pytest.fixture
async def empty(empty_database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table."""
    given = {"home": tmp_path / "empty", "DATABASE_URL": empty_database_url}
    opened = Database(Settings.model_validate(given), MemoryBroker())
    yield opened
    await opened.dispose()


def contents(path: Path) -> bytes:
    return path.read_bytes()


def names_in(folder: Path, pattern: str) -> list[str]:
    return [one.name for one in folder.glob(pattern)]


def manifest_or_sentence(path: Path) -> Manifest | str:
    try:
        return check_back_up(path)
    except Invalid as error:
        return str(error)


@pytest.fixture
async def other(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """A database of the other engine without any table."""
    name = {"sqlite": "postgres_databases", "postgresql": "sqlite_databases"}[engine_name]
    databases: Databases = request.getfixturevalue(name)
    url = databases.fresh(migrated=False)
    given = {"home": tmp_path / "other", "DATABASE_URL": url}
    opened = Database(Settings.model_validate(given), MemoryBroker())
    yield opened
    await opened.dispose()
    databases.drop(url)


async def is_untouched(database: Database) -> bool:
    """Return whether there is still not a single table."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda sync: inspect(sync).get_table_names() == [])


async def test_what_is_restored_is_what_was_there(
    database: Database, path: Path, empty: Database
) -> None:
    compared = await restore(empty, path)

    assert all(one.is_same for one in compared)
    async with database.read() as there, empty.read() as here:
        assert await list_sections(here) == await list_sections(there)
        assert list(check_back_up(path).sections) == await list_sections(here)
        for table in Base.metadata.sorted_tables:
            count = select(func.count()).select_from(table)
            assert await here.scalar(count) == await there.scalar(count)
        member = (await here.scalars(select(Member).limit(1))).one()
        assert await there.get(Member, member.id) is not None


async def test_it_goes_from_one_engine_to_the_other_and_back(
    path: Path, other: Database, empty: Database, tmp_path: Path
) -> None:
    back = tmp_path / "back.backup"

    await restore(other, path)
    await back_up(other, back)
    await restore(empty, back)

    there, again = check_back_up(path), check_back_up(back)
    assert again.engine != there.engine
    assert (again.tables, again.sections) == (there.tables, there.sections)


async def test_a_flipped_bit_or_a_missing_end_is_told_and_nothing_is_written(
    path: Path, empty: Database, tmp_path: Path
) -> None:
    whole = contents(path)
    manifest = check_back_up(path)
    chance = random.Random(1)
    bad = tmp_path / "bad.backup"
    refused = 0
    for _ in range(FLIPS):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        bad.write_bytes(flipped)
        found = manifest_or_sentence(bad)
        # What the ZIP says of a part besides its bytes, such as a time, changes nothing.
        assert found == manifest or "is no whole back-up" in str(found)
        refused += found != manifest
    assert refused > FLIPS // 2
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        with pytest.raises(Invalid, match="is no whole back-up"):
            await restore(empty, bad)
    assert await is_untouched(empty)


@pytest.mark.parametrize("part", ["entry", "end"])
async def test_whatever_bit_is_flipped_in_the_directory_is_told_or_says_nothing(
    path: Path, tmp_path: Path, part: str
) -> None:
    """How the first part is packed, where it begins; where the directory itself does."""
    whole = contents(path)
    manifest = check_back_up(path)
    at = whole.index(b"PK\1\2") if part == "entry" else whole.rindex(b"PK\5\6")
    bad = tmp_path / "bad.backup"
    refused = 0
    for bit in range(8 * (46 if part == "entry" else 22)):
        flipped = bytearray(whole)
        flipped[at + bit // 8] ^= 1 << bit % 8
        bad.write_bytes(flipped)
        found = manifest_or_sentence(bad)
        assert found == manifest or "is no whole back-up" in str(found)
        refused += found != manifest
    assert refused > 50


@pytest.mark.parametrize("change", ["another format", "a newer schema", "a table too many"])
async def test_an_archive_of_another_kind_is_told(
    path: Path, empty: Database, tmp_path: Path, change: str
) -> None:
    other = tmp_path / "other.backup"
    with zipfile.ZipFile(other, "w") as written:
        written.writestr("letter.txt", "Dear all")
    if change != "another format":
        rewrite(path, other, change)
    with pytest.raises(Invalid, match=r"is no whole back-up|newer version"):
        await restore(empty, other)
    assert await is_untouched(empty)


def rewrite(path: Path, other: Path, change: str) -> None:
    """Write the archive anew, with hashes that hold, but saying something else of itself."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        manifest = read_manifest(source.read("manifest.json"))
        if change == "a newer schema":
            manifest = replace(manifest, schema="9999")
        parts = {name: source.read(name) for name in source.namelist() if name != "SHA256SUMS"}
        parts["manifest.json"] = write_manifest(manifest)
        if change == "a table too many":
            parts["tables/horse.jsonl"] = b"[1]\n"
        for name, content in parts.items():
            target.writestr(name, content)
        sums = (f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in parts.items())
        target.writestr("SHA256SUMS", "\n".join(sums))


async def test_damage_is_carried_along_and_told(
    database: Database, group: Group, empty: Database, tmp_path: Path
) -> None:
    async with database.write() as work:
        await work.session.execute(update(LogEntry).where(LogEntry.seq == 40).values(at_us=1))
    path = tmp_path / "damaged.backup"

    taken = await back_up(database, path)
    await restore(empty, path)

    told = [section.damage for section in check_back_up(path).sections]
    assert told == [section.damage for section in taken.sections]
    assert sorted(told) == ["", "damaged at row 40"]
    async with empty.read() as session:
        assert [section.damage for section in await list_sections(session)] == told


async def test_a_database_of_another_schema_is_not_backed_up(
    empty: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="first run `rapporteur migrate`"):
        await back_up(empty, tmp_path / "monday.backup")
    assert names_in(tmp_path, "*monday*") == []


def test_every_column_of_the_schema_has_a_kind() -> None:
    for table in Base.metadata.sorted_tables:
        assert all(kind_of(column.type) for column in table.columns)


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'["x", 1]', b'[5, "x"]', b"[1, 2, 3]"])
def test_a_line_that_is_no_row_is_no_row(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode_row(["id", "bytes"], line)


def test_rows_come_back_as_they_were() -> None:
    kinds = ["id", "moment", "bytes", "truth", "number", "text"]
    row = [new_id(), clock.now(), b"\x00\xff", True, -5, "ü\n"]
    assert decode_row(kinds, encode_row(kinds, row)) == row
    assert decode_row(kinds, encode_row(kinds, [None] * 6)) == [None] * 6


def test_a_name_that_is_taken_while_a_back_up_is_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    with ArchiveWriter(path) as archive:
        # Taken, but by something that does not seem to exist: asking first would not notice.
        path.symlink_to("nowhere")

        with pytest.raises(Invalid, match="was left alone"):
            archive.publish()

    assert path.is_symlink()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_an_archive_that_cannot_be_moved_to_its_name_leaves_no_file_under_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "one.backup"
    with ArchiveWriter(path) as archive:
        archive.partial.unlink()

        with pytest.raises(FileNotFoundError):
            archive.publish()

    assert list(tmp_path.iterdir()) == []
