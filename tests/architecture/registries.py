"""Rules about where things come from: no file says which registry, or where it was written."""

import re
from collections.abc import Iterator

from tests.architecture.sources import Fault, Source

_LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-build.lock",
    "benchmarks/peers/requirements-bench.lock",
)
_PAGE_LOCKS = ("frontend/package-lock.json", "benchmarks/peers/package-lock.json")
_INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|--registry|^\s*(?:-i|-f)\s|registry\s*=")
_ADDRESS = re.compile(r'https?://|"resolved"\s*:')
_FUNDING = re.compile(r'^\s*(?:"(?:url|funding)"\s*:\s*)?"https://[^"]*",?$')
_ELSEWHERE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/\w")
_INSTALLERS = (
    "Makefile",
    "Dockerfile",
    ".ci/run",
    "pyproject.toml",
    "frontend/.npmrc",
    "benchmarks/peers/.npmrc",
)


def lock_files_name_no_place(source: Source) -> Iterator[Fault]:
    """A lock file pins versions and hashes; where they come from is the machine's affair."""
    if source.path not in (*_LOCKS, *_PAGE_LOCKS):
        return
    for number, line in enumerate(source.lines, start=1):
        address = _ADDRESS.search(line) and not _FUNDING.match(line)
        if address or (source.path in _LOCKS and _INDEX.search(line)):
            yield Fault(source.path, number, "Lock anew with `make lock`: no address belongs here.")


def installs_name_no_registry(source: Source) -> Iterator[Fault]:
    """No install step chooses a registry."""
    if source.path not in _INSTALLERS:
        return
    for number, line in enumerate(source.lines, start=1):
        if _INDEX.search(line) and "omit-lockfile-registry-resolved" not in line:
            yield Fault(source.path, number, "Leave the registry to the machine's own set-up.")


def nothing_points_at_one_machine(source: Source) -> Iterator[Fault]:
    """No file names a path of the machine on which it was written."""
    for number, line in enumerate(source.lines, start=1):
        if _ELSEWHERE.search(line):
            yield Fault(source.path, number, "Use a path inside the repository.")
