"""Proves from an archive alone that it holds whole, unbroken logs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.backups.archive import ArchiveReader
from app.backups.manifest import SectionPart, TablePart
from app.backups.values import decode_row
from app.errors import Invalid
from app.ids import SectionId, Seq
from app.rooms.keeping.rows import intact_rows
from app.rooms.keeping.segments import Segment, unpack
from app.rooms.log import EMPTY_HASH, Entry, Row


@dataclass(slots=True)
class _Chain:
    """How far a section's rows follow unbroken."""

    seq: int = 0
    hash: bytes = EMPTY_HASH
    is_broken: bool = False


def check_logs(archive: ArchiveReader) -> None:
    """Pass if every row counts as often as the manifest says, and every log is whole to its head.

    A log that was damaged when the archive was made is as the manifest tells.
    Raises: Invalid, in words.
    """
    chains: dict[UUID, _Chain] = {}
    for segment in _segments(archive):
        _follow(chains, SectionId(segment.section_id), segment.first_seq, unpack(segment))
    for section_id, row in _rows(archive):
        _follow(chains, section_id, row.seq, [row])
    for part in archive.manifest.tables:
        if part.rows != sum(1 for _ in archive.lines(part)):
            raise Invalid(f"{archive.path} does not hold all rows of {part.name}.")
    for section in archive.manifest.sections:
        _check(archive, section, chains.get(UUID(section.id), _Chain()))


def _check(archive: ArchiveReader, section: SectionPart, chain: _Chain) -> None:
    is_whole = (chain.seq, chain.hash.hex()) == (section.head_seq, section.head_hash)
    if not section.damage and (chain.is_broken or not is_whole):
        raise Invalid(
            f"{archive.path} cannot be relied on: the log of section {section.id} breaks off "
            f"behind row {chain.seq} of {section.head_seq}."
        )


def _follow(
    chains: dict[UUID, _Chain], section_id: SectionId, first_seq: int, rows: list[Row]
) -> None:
    chain = chains.setdefault(section_id, _Chain())
    if chain.is_broken:
        return
    count = intact_rows(section_id, chain.seq, chain.hash, rows)
    chain.is_broken = first_seq != chain.seq + 1 or count < len(rows) or not rows
    if count:
        chain.seq, chain.hash = rows[count - 1].seq, rows[count - 1].hash


def _segments(archive: ArchiveReader) -> Iterator[Segment]:
    for row in _dicts(archive, archive.manifest.table("log_segment")):
        row.pop("created_at")
        yield Segment(**row)


def _rows(archive: ArchiveReader) -> Iterator[tuple[SectionId, Row]]:
    for row in _dicts(archive, archive.manifest.table("log_entry")):
        section_id, seq, chained = row.pop("section_id"), row.pop("seq"), row.pop("hash")
        yield SectionId(section_id), Row(Seq(seq), Entry(**row), chained)


def _dicts(archive: ArchiveReader, part: TablePart | None) -> Iterator[dict[str, Any]]:
    if part is None:
        return
    names = [name for name, _ in part.columns]
    for line in archive.lines(part):
        yield dict(zip(names, decode_row(part.kinds, line), strict=True))
