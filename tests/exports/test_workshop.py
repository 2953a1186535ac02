"""Promises about children: private, bound, without network, and gone when they are to be gone."""

import asyncio
import os
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pypandoc
import pytest

from app.exports import workshop
from app.exports.workshop import MEBIBYTE, Errand, Limits, ToolFailed, fetch, limits_for
from app.settings import REPOSITORY

PATIENCE_S = 120
ROOMY = Limits(memory_bytes=512 * MEBIBYTE, cpu_s=20, wall_s=60)


class Started:
    """A script that starts another, tells both their ids through a pipe, and waits for ever."""

    def __init__(self, pipe: Path) -> None:
        os.mkfifo(pipe)
        self._end = os.open(pipe, os.O_RDWR)
        self.script = f"""
import os, signal
os.fork()
os.write(os.open({str(pipe)!r}, os.O_WRONLY), b"%d\\n" % os.getpid())
signal.pause()
"""

    async def ids(self) -> list[str]:
        """The ids of both, as soon as both run."""
        return await asyncio.to_thread(self._read)

    def told(self) -> list[str]:
        """The ids that were told so far and not read yet."""
        os.set_blocking(self._end, False)
        try:
            return os.read(self._end, 1000).decode().split()
        except BlockingIOError:
            return []

    async def ended(self, ids: list[str]) -> bool:
        """Whether all have ended: the kernel tells when a killed one is really gone."""
        return all([await asyncio.to_thread(_ends, int(pid)) for pid in ids])

    def close(self) -> None:
        os.close(self._end)

    def _read(self) -> list[str]:
        told = b""
        while told.count(b"\n") < 2:
            told += os.read(self._end, 100)
        return told.decode().split()


def _ends(pid: int) -> bool:
    """Whether the process ends by itself soon; one that is already counted out has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], PATIENCE_S)[0])
    finally:
        os.close(watched)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    made = Started(tmp_path / "pipe")
    yield made
    made.close()


def python(script: str, limits: Limits = ROOMY, **files: bytes) -> Errand:
    """An errand whose tool is a Python script, run as pandoc is run."""
    sources = {"script.py": script.encode(), **files}
    return Errand("pandoc", (sys.executable, "-I", "script.py"), sources, "out", limits, 0)


async def test_it_brings_back_what_the_tool_wrote() -> None:
    script = "open('out', 'wb').write(open('given', 'rb').read() * 2)"

    assert await fetch(python(script, given=b"ab")) == b"abab"


async def test_the_private_directory_is_gone_afterwards() -> None:
    script = "import os; open('out', 'w').write(os.getcwd())"

    place = Path((await fetch(python(script))).decode())

    assert place.name.startswith("rapporteur-export-")
    assert not os.access(place, os.F_OK)


async def test_the_child_sees_nothing_of_the_server_s_environment() -> None:
    os.environ["A_SECRET_OF_THE_SERVER"] = "hush"
    script = "import os; open('out', 'w').write(' '.join(os.environ))"

    seen = set((await fetch(python(script))).decode().split())

    assert "A_SECRET_OF_THE_SERVER" not in seen
    assert {"HOME", "TMPDIR", "SOURCE_DATE_EPOCH"} <= seen


async def test_the_child_has_no_network_where_the_kernel_permits() -> None:
    shut = await workshop.network_is_shut()
    script = "open('out', 'w').write(open('/proc/net/dev').read())"

    devices = (await fetch(python(script))).decode().splitlines()[2:]

    assert not shut or all(line.split(":")[0].strip() == "lo" for line in devices)


async def test_a_tool_that_fails_is_a_sentence() -> None:
    with pytest.raises(ToolFailed, match="could not be written"):
        await fetch(python("raise SystemExit(3)"))


async def test_a_tool_that_writes_nothing_is_a_sentence() -> None:
    with pytest.raises(ToolFailed, match="could not be written"):
        await fetch(python("pass"))


async def test_a_tool_that_takes_too_much_memory_is_ended() -> None:
    script = "bytearray(300 * 2**20)"

    with pytest.raises(ToolFailed, match="memory or time"):
        await fetch(python(script, Limits(100 * MEBIBYTE, 20, 60)))


async def test_a_tool_that_computes_for_ever_is_ended() -> None:
    with pytest.raises(ToolFailed, match="memory or time"):
        await fetch(python("while True: pass", Limits(512 * MEBIBYTE, 1, 60)))


async def test_a_tool_that_hangs_is_killed_with_all_it_started(started: Started) -> None:
    ids: list[str] = []
    # A busy machine may take longer to start both than they are given.
    for wall_s in (1.5, 10, 60, 300):
        if len(ids) == 2:
            break
        with pytest.raises(ToolFailed, match="too long"):
            await fetch(python(started.script, Limits(512 * MEBIBYTE, 20, wall_s)))
        ids = started.told()

    assert len(ids) == 2
    assert await started.ended(ids)


async def test_a_cancelled_errand_kills_the_tool_and_all_it_started(started: Started) -> None:
    errand = asyncio.create_task(fetch(python(started.script)))
    ids = await started.ids()

    errand.cancel()
    with pytest.raises(asyncio.CancelledError):
        await errand

    assert len(ids) == 2
    assert await started.ended(ids)


async def test_a_server_that_is_killed_takes_its_children_along(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    tool = f"import os, signal; os.open({str(pipe)!r}, os.O_WRONLY); signal.pause()"
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVER, tool, cwd=REPOSITORY, env={"TMPDIR": str(tmp_path)}
    )
    alive = await asyncio.to_thread(os.open, pipe, os.O_RDONLY)  # once the tool holds the pipe

    server.kill()
    await server.wait()

    assert await asyncio.to_thread(os.read, alive, 1) == b""  # nobody holds it any more
    os.close(alive)


_SERVER = """
import asyncio, sys
from app.exports.workshop import Errand, Limits, fetch
tool = (sys.executable, "-I", "script.py")
files = {"script.py": sys.argv[1].encode()}
asyncio.run(fetch(Errand("pandoc", tool, files, "out", Limits(2**29, 20, 60), 0)))
"""


async def test_pandoc_itself_runs_within_its_limits() -> None:
    limits = Limits(64 * MEBIBYTE, 20, 60)
    letters = b"word " * 4_000_000
    errand = Errand(
        "pandoc",
        (pypandoc.get_pandoc_path(), "--from=markdown", "--output=out", "in"),
        {"in": letters},
        "out",
        limits,
        0,
    )

    with pytest.raises(ToolFailed):
        await fetch(errand)


def test_longer_documents_may_use_more_up_to_an_end() -> None:
    assert limits_for(20) == Limits(512 * MEBIBYTE, 32, 96)
    assert limits_for(1000).memory_bytes == 1312 * MEBIBYTE
    assert limits_for(100_000).memory_bytes == 2048 * MEBIBYTE
