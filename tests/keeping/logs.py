"""Makes long logs quickly, with the truth about them beside."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pycrdt import Doc, Map, Text
from sqlalchemy import insert, update

from app.db.engine import Database
from app.db.tables import Checkpoint, LogEntry, Section
from app.ids import SectionId, Seq
from app.rooms.keeping.checkpoints import Base, seal
from app.rooms.log import DECISION, EMPTY_HASH, UPDATE, Entry, chained_hash
from app.text import schema
from app.text.from_crdt import read_document, read_state
from app.text.hashing import content_hash

# Hashing the text at each row of a longer log would take the test's time.
TRUTH_ROWS = 1_000
START_US = 1_790_000_000_000_000


@dataclass
class LongLog:
    """A section whose log was written by the test. hashes: of the text at each seq, from 0."""

    section: SectionId
    rows: int
    hashes: list[str] = field(default_factory=list)

    def is_true(self, state: bytes, seq: int) -> bool:
        """Return whether the state is the very text that was written up to this seq."""
        return hash_of_state(state) == self.hashes[seq]


def hash_of_state(state: bytes) -> str:
    """Return the content hash of a text."""
    return content_hash(read_state(state))


class Typing:
    """Somebody types, deletes and jumps about, one row for each key, now and then a decision."""

    def __init__(self, seed: int, members: Sequence[UUID]) -> None:
        self._chance = random.Random(seed)
        self._members = [*members, None]
        self._updates: list[bytes] = []
        self.doc: Doc[Any] = Doc(client_id=1 + seed)
        self.doc[schema.BODY] = self._body = Text()
        self.doc[schema.NOTES] = Map()
        self._subscription = self.doc.observe(lambda event: self._updates.append(event.update))
        self._at = 0

    def entry(self, number: int) -> Entry:
        """Return the next row."""
        chance = self._chance
        member = chance.choice(self._members)
        role = chance.choice(("member", "convenor", "secretariat"))
        at_us = START_US + number * 250_000
        if number % 37 == 36:
            return Entry(DECISION, member, "chair", at_us, b'{"decision":"%d"}' % number)
        if chance.random() < 0.05:
            self._at = chance.randrange(len(self._body) + 1)
        if chance.random() < 0.15 and self._at > 0:
            self._at -= 1
            del self._body[self._at : self._at + 1]
        else:
            self._body.insert(self._at, chance.choice("abcdefgh "), {})
            self._at += 1
        return Entry(UPDATE, member, role, at_us, self._updates.pop())


async def write_long_log(
    database: Database, section: SectionId, typing: Typing, rows: int, checkpoint_rows: int
) -> LongLog:
    """Give an empty section a log of so many rows, as the server would have written it."""
    log = LongLog(section, rows)
    entries: list[dict[str, Any]] = []
    checkpoints: list[dict[str, Any]] = []
    last = EMPTY_HASH
    log.hashes.append(content_hash(read_document(typing.doc)))
    for seq in range(1, rows + 1):
        entry = typing.entry(seq)
        last = chained_hash(last, section, seq, entry)
        entries.append(_columns(section, seq, entry, last))
        if rows < TRUTH_ROWS:
            log.hashes.append(content_hash(read_document(typing.doc)))
        if seq % checkpoint_rows == 0:
            checkpoints.append(_checkpoint(section, seq, last, typing.doc))
    async with database.write() as work:
        await work.session.execute(insert(LogEntry), entries)
        if checkpoints:
            await work.session.execute(insert(Checkpoint), checkpoints)
        await work.session.execute(
            update(Section).where(Section.id == section).values(head_seq=rows, head_hash=last)
        )
    return log


def _columns(section: SectionId, seq: int, entry: Entry, chained: bytes) -> dict[str, Any]:
    return {
        "section_id": section,
        "seq": seq,
        "kind": entry.kind,
        "member_id": entry.member_id,
        "acting_role": entry.acting_role,
        "at_us": entry.at_us,
        "payload": entry.payload,
        "hash": chained,
    }


def _checkpoint(section: SectionId, seq: int, last: bytes, doc: Doc[Any]) -> dict[str, Any]:
    state = doc.get_update()
    return {
        "section_id": section,
        "seq": seq,
        "state": state,
        "state_hash": seal(section, Base(state, Seq(seq), last)),
        "content_hash": content_hash(read_document(doc)),
        "log_hash": last,
    }
