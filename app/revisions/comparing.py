"""Shows what changed between two moments, with names and labels."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import Section
from app.errors import Invalid
from app.ids import SectionId, Seq
from app.reports.states import start_number
from app.revisions.changes import Compared, SignedChange, compare
from app.revisions.past import check_seq, statuses_at
from app.revisions.people import People, people_of
from app.revisions.schemas import ChangesShown
from app.revisions.timeline import LogRow, Moment, moments
from app.rooms.keeping.loading import load_state
from app.rooms.keeping.rows import read_since
from app.rooms.log import UPDATE, Row
from app.rooms.registry import RoomRegistry
from app.text.diff import Piece
from app.text.model import FootnoteRef
from app.text.numbering import label_blocks

MOST_ROWS = 20_000
"""Comparing more rows than this in one request would keep people waiting."""


async def show_changes(
    session: AsyncSession, rooms: RoomRegistry, section: Section, from_seq: int, to_seq: int
) -> ChangesShown:
    """Return what changed between two seqs, word by word, with names and labels.

    Raises: Invalid if they are not in order, not in the log, or too far apart.
    """
    check_seq(section, to_seq)
    if from_seq > to_seq:
        raise Invalid("The earlier moment comes first: `from` must not be above `to`.")
    if to_seq - from_seq > MOST_ROWS:
        raise Invalid(f"Choose moments that lie at most {MOST_ROWS} changes apart.")
    state, _ = await load_state(session, SectionId(section.id), Seq(from_seq))
    rows = await read_since(session, SectionId(section.id), Seq(from_seq), Seq(to_seq))
    runs = moments([bare(row) for row in rows], [])
    writers = sorted((run for run in runs if run.kind == "edit"), key=lambda run: run.from_seq)
    compared = await asyncio.to_thread(compare, state, _signed_rows(rows, writers))
    people = await people_of(session, section, (writer.member_id for writer in writers))
    start = await start_number(session, rooms, section)
    shown = _Shown(compared, writers, people, start)
    statuses = await statuses_at(session, section, to_seq)
    return ChangesShown(
        from_seq=from_seq,
        to_seq=to_seq,
        blocks=[shown.block(change, statuses) for change in compared.changes],
        people=shown.people(),
    )


def bare(row: Row) -> LogRow:
    """Return the row without its payload and hash."""
    entry = row.entry
    return LogRow(row.seq, entry.kind, entry.member_id, entry.acting_role, entry.at_us)


def _signed_rows(rows: list[Row], writers: list[Moment]) -> list[tuple[int, bytes]]:
    signed: list[tuple[int, bytes]] = []
    at = 0
    for row in rows:
        if row.entry.kind != UPDATE:
            continue
        while writers[at].to_seq < row.seq:
            at += 1
        signed.append((at, row.entry.payload))
    return signed


class _Shown:
    """Turns compared blocks into JSON."""

    def __init__(
        self, compared: Compared, writers: list[Moment], people: People, start: int
    ) -> None:
        self._writers = writers
        self._people = people
        self._old_labels, _ = label_blocks(compared.old, start)
        self._new_labels, _ = label_blocks(compared.new, start)
        self._seen: set[UUID] = set()

    def block(self, signed: SignedChange, statuses: dict[str, str]) -> dict[str, Any]:
        change = signed.change
        block = change.new or change.old
        label = ""
        if signed.new_at is not None:
            label = self._new_labels[signed.new_at]
        elif signed.old_at is not None:
            label = self._old_labels[signed.old_at]
        return {
            "id": change.id,
            "label": label,
            "kind": block.kind if block else "para",
            "level": block.level if block else 0,
            "dir": block.dir if block else "",
            "change": change.change,
            "moved": change.moved,
            "status": statuses.get(change.id or "", "tabled"),
            "by": self._by(signed.writer),
            "pieces": [self._piece(one.piece, one.writer) for one in signed.pieces],
        }

    def people(self) -> list[Any]:
        """Everybody who changed something that is shown."""
        found = [self._people.person(member_id) for member_id in sorted(self._seen)]
        return [person for person in found if person is not None]

    def _piece(self, piece: Piece, writer: int | None) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "op": piece.op,
            "text": piece.text,
            "marks": dict(piece.marks),
            "by": self._by(writer),
        }
        if piece.was is not None:
            shown["was"] = dict(piece.was)
        if isinstance(piece.atom, FootnoteRef):
            shown["fn"] = True
            shown["note"] = [self._piece(one, None) for one in piece.note]
        return shown

    def _by(self, writer: int | None) -> dict[str, Any] | None:
        if writer is None:
            return None
        moment = self._writers[writer]
        person = self._people.person(moment.member_id)
        if moment.member_id is not None:
            self._seen.add(moment.member_id)
        return {
            "member_id": str(person.id) if person else None,
            "name": person.name if person else "",
            "acting_role": moment.acting_role,
            "subgroup": self._people.subgroup(moment.member_id, moment.acting_role),
            "at": clock.from_us(moment.ended_us).isoformat(),
        }
