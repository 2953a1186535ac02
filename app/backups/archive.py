"""The file of a back-up: a ZIP with a part for each table, a manifest, and the hashes of all."""

import errno
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self

from app.backups.manifest import Manifest, TablePart, read_manifest, write_manifest
from app.errors import Invalid

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_PIECE = 1 << 20
# Nobody else may read it: it holds private drafts and the hashes of passwords.
_MODE = 0o600
# Nothing that this program writes is longer; a larger one would only fill the memory.
_LONGEST_MANIFEST = 256 << 20


class ArchiveWriter:
    """An archive that is being written: it bears its name only once it is whole and on disk."""

    def __init__(self, path: Path) -> None:
        """Raises: Invalid if there is something under this name already; OSError."""
        if path.exists():
            raise Invalid(f"There is a file {path} already: a back-up overwrites nothing.")
        if not path.parent.is_dir():
            raise Invalid(f"There is no folder {path.parent}.")
        self.path = path
        self.partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        self._sums: dict[str, str] = {}
        descriptor = os.open(self.partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, _MODE)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> Self:
        """Write to it inside of the block; leaving it without `finish` leaves no file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file, and remove what is not finished."""
        # What cannot be closed properly is not finished either, and goes in the next line.
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        self.partial.unlink(missing_ok=True)

    @contextmanager
    def part(self, name: str) -> Iterator["PartWriter"]:
        """Give something to write a part's lines to."""
        with self._zip.open(name, "w", force_zip64=True) as stream:
            part = PartWriter(stream)
            yield part
        self._sums[name] = part.sha256

    def seal(self, manifest: Manifest) -> None:
        """Write the manifest and the hashes, and have all of it on disk, not under its name yet."""
        with self.part(MANIFEST) as part:
            part.write(write_manifest(manifest))
        sums = "".join(f"{told}  {name}\n" for name, told in self._sums.items())
        self._zip.writestr(SUMS, sums)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())

    def publish(self) -> None:
        """Let the archive bear its name. Raises: Invalid if something has taken it meanwhile."""
        try:
            self._take_name()
        except FileExistsError as error:
            raise Invalid(f"There is a file {self.path} by now: it was left alone.") from error
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _take_name(self) -> None:
        """In one step, which fails if somebody else was first. Raises: FileExistsError."""
        try:
            os.link(self.partial, self.path)
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links: the name is taken first, then filled.
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
            try:
                self.partial.rename(self.path)
            except OSError:
                # Nothing bears the name that is not whole.
                self.path.unlink(missing_ok=True)
                raise


class PartWriter:
    """One part, hashed on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.rows = 0

    @property
    def sha256(self) -> str:
        """The hash of what was written so far."""
        return self._hash.hexdigest()

    def write(self, source: bytes) -> None:
        """Write bytes."""
        self._stream.write(source)
        self._hash.update(source)

    def write_line(self, line: bytes) -> None:
        """Write a row."""
        self.write(line + b"\n")
        self.rows += 1


class ArchiveReader:
    """A whole archive: opening it has compared every part with its hash."""

    def __init__(self, path: Path) -> None:
        """Raises: Invalid, in words, for a file that is no whole archive; OSError."""
        self.path = path
        with _told(path):
            self._zip = zipfile.ZipFile(path)
            try:
                self._check_packing()
                self._check_sums()
                self.manifest = read_manifest(self._read(MANIFEST, _LONGEST_MANIFEST))
                self._check_tables()
            except BaseException:
                self._zip.close()
                raise

    def __enter__(self) -> Self:
        """Read from it inside of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        self._zip.close()

    def lines(self, part: TablePart) -> Iterator[bytes]:
        """Return the rows of a table one after the other.

        Raises: Invalid if the file has changed since it was opened.
        """
        with _told(self.path), self._zip.open(part.path) as stream:
            for line in stream:
                yield line.rstrip(b"\n")

    def _read(self, name: str, most: int) -> bytes:
        with self._zip.open(name) as stream:
            source = stream.read(most + 1)
        if len(source) > most:
            raise ValueError("too long")
        return source

    def _check_packing(self) -> None:
        packed = {part.compress_type for part in self._zip.infolist()}
        if not packed <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ValueError("its parts are packed in another way")

    def _check_sums(self) -> None:
        sums: dict[str, str] = {}
        for line in self._read(SUMS, _LONGEST_MANIFEST).decode().splitlines():
            told, _, name = line.partition("  ")
            sums[name] = told
        names = self._zip.namelist()
        if sorted(names) != sorted([*sums, SUMS]):
            raise ValueError("its parts are not those that it lists")
        for name, told in sums.items():
            if self._sha256(name) != told:
                raise ValueError(f"{name} is not what was written")

    def _sha256(self, name: str) -> str:
        hashed = hashlib.sha256()
        with self._zip.open(name) as stream:
            while piece := stream.read(_PIECE):
                hashed.update(piece)
        return hashed.hexdigest()

    def _check_tables(self) -> None:
        listed = {MANIFEST, SUMS, *(part.path for part in self.manifest.tables)}
        if listed != set(self._zip.namelist()):
            raise ValueError("its tables are not those that it lists")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell in one sentence what is wrong with a file."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise _not_whole(path, error) from error
    except OSError as error:
        # A damaged directory may lead to before the beginning of the file.
        if error.errno != errno.EINVAL:
            raise
        raise _not_whole(path, error) from error


def _not_whole(path: Path, error: Exception) -> Invalid:
    return Invalid(
        f"{path} is no whole back-up of Rapporteur: it is damaged, cut short, or something "
        f"else ({str(error) or type(error).__name__}). Nothing was read from it."
    )
