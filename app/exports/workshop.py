"""The workshop: runs pandoc and typst as children that can be limited, cancelled and killed."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.errors import AppError
from app.exports import child
from app.logs import get_logger

log = get_logger(__name__)

MEBIBYTE = 1024 * 1024
MAX_OUTPUT_BYTES = 256 * MEBIBYTE
_MAX_COMPLAINT_BYTES = 4000


class ToolFailed(AppError):
    """A tool ended without writing the document."""

    status = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. wall_s: seconds by the clock until it counts as hung."""

    memory_bytes: int
    cpu_s: int
    wall_s: float


def limits_for(pages: int) -> Limits:
    """The limits for a document of about so many pages."""
    memory_bytes = min(512 + max(0, pages - 200), 2048) * MEBIBYTE
    cpu_s = 30 + pages // 10
    return Limits(memory_bytes, cpu_s, wall_s=3.0 * cpu_s)


@dataclass(frozen=True, slots=True)
class Errand:
    """One run of a tool.

    files: what it finds in its private directory; arguments: what follows its name;
    made_at_s: the moment that it takes for now, in seconds since 1970, so that bytes repeat.
    """

    tool: str
    arguments: Sequence[str]
    files: Mapping[str, bytes]
    output: str
    limits: Limits
    made_at_s: int


async def fetch(errand: Errand) -> bytes:
    """Return the bytes of the file that the tool wrote.

    Effects: a child in its own process group and private directory, both gone at the end, whether
    it ends well, fails, hangs or this task is cancelled.
    Raises: ToolFailed with a sentence for people.
    """
    place = Path(tempfile.mkdtemp(prefix="rapporteur-export-"))
    try:
        await asyncio.to_thread(_lay_out, place, errand.files)
        await _run(errand, place)
        return await asyncio.to_thread(_collect, place / errand.output)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, place, ignore_errors=True))


async def network_is_shut() -> bool:
    """Whether children are without network on this machine; for the first lines of the log."""
    return await asyncio.to_thread(_probe)


@cache
def _probe() -> bool:
    # What the kernel grants does not change while this process lives.
    command = [sys.executable, "-I", child.__file__, "probe", "0", "0"]
    probed = subprocess.run(command, start_new_session=True, check=False)  # noqa: S603 - our own
    return probed.returncode == 0


async def _run(errand: Errand, place: Path) -> None:
    limits = errand.limits
    with (place / "complaints").open("w+b") as complaints:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            child.__file__,
            errand.tool,
            str(limits.memory_bytes),
            str(limits.cpu_s),
            *errand.arguments,
            cwd=place,
            env=_environment(place, errand.made_at_s),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=complaints,
            stderr=complaints,
            start_new_session=True,
        )
        try:
            status = await asyncio.wait_for(process.wait(), limits.wall_s)
        except TimeoutError:
            raise ToolFailed("Writing the document took too long and was stopped.") from None
        finally:
            await _end_group(process)
        if status != 0:
            complaints.seek(0)
            _complain(errand, status, complaints.read(_MAX_COMPLAINT_BYTES))


async def _end_group(process: asyncio.subprocess.Process) -> None:
    # The group outlives its leader if the tool left something behind: always kill it whole.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(process.wait())


def _complain(errand: Errand, status: int, words: bytes) -> None:
    log.warning(
        "export_tool_failed", tool=errand.tool, status=status, said=words.decode(errors="replace")
    )
    if (
        status in (-signal.SIGXCPU, -signal.SIGKILL)
        or b"emory" in words
        or status == -signal.SIGABRT
    ):
        raise ToolFailed("The document needs more memory or time than an export may use.")
    raise ToolFailed("The document could not be written. The server's log says why.")


def _environment(place: Path, made_at_s: int) -> dict[str, str]:
    return {
        "HOME": str(place),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "SOURCE_DATE_EPOCH": str(made_at_s),
    }


def _lay_out(place: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (place / name).write_bytes(content)


def _collect(path: Path) -> bytes:
    if not path.is_file():
        raise ToolFailed("The document could not be written. The server's log says why.")
    if path.stat().st_size > MAX_OUTPUT_BYTES:
        raise ToolFailed("The document became too large to keep.")
    return path.read_bytes()
