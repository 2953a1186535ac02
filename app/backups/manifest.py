"""What an archive says of itself: its tables, and where each section's log stands."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import column, table
from sqlalchemy.sql.expression import TableClause

from app.backups.values import KINDS

FORMAT = 1


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table: its columns with their kinds, its key, and the hash of its lines."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def path(self) -> str:
        """Where its lines are in the archive."""
        return f"tables/{self.name}.jsonl"

    @property
    def kinds(self) -> list[str]:
        """The kinds of its columns, in order."""
        return [kind for _, kind in self.columns]

    @property
    def clause(self) -> TableClause:
        """The table, as statements name it, whatever this program's own tables are like."""
        return table(self.name, *(column(name, KINDS[kind]) for name, kind in self.columns))


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A section's log: where it ends, and the hash of the text that it comes to.

    damage: what was wrong with it already when the archive was made, in words; empty for nothing.
    """

    id: str
    title: str
    head_seq: int
    head_hash: str
    content_hash: str
    damage: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole archive."""

    made_at: str
    schema: str
    """The revision of the schema that the tables are of."""
    engine: str
    tables: tuple[TablePart, ...]
    sections: tuple[SectionPart, ...]

    def table(self, name: str) -> TablePart | None:
        """Return a table of the archive, if it has it."""
        return next((part for part in self.tables if part.name == name), None)


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as JSON."""
    told = {"format": FORMAT, **asdict(manifest)}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def read_manifest(source: bytes) -> Manifest:
    """Return the manifest that JSON holds.

    Raises: ValueError for another format, or for anything that is no manifest.
    """
    told = json.loads(source)
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise ValueError("another format")
    try:
        tables = tuple(_table(one) for one in told.pop("tables"))
        sections = tuple(SectionPart(**one) for one in told.pop("sections"))
        return Manifest(tables=tables, sections=sections, **told)
    except (KeyError, TypeError) as error:
        raise ValueError("no manifest") from error


def _table(told: dict[str, Any]) -> TablePart:
    columns = tuple((name, kind) for name, kind in told.pop("columns"))
    return TablePart(columns=columns, key=tuple(told.pop("key")), **told)
