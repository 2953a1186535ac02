"""One transaction for many rooms: each room's tick is proven, and all are written together."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from app import clock
from app.access.text import TextRights
from app.db.engine import Database
from app.db.ledger import Ledger
from app.errors import NotFound
from app.rooms.guarding.rights import Known, KnownRights
from app.rooms.keeping.loading import End
from app.rooms.keeping.rows import read_since_each
from app.rooms.log import Row
from app.rooms.writing.answers import unsaved
from app.rooms.writing.beforehand import Beforehand, is_strange, meet_clients
from app.rooms.writing.heads import (
    Growth,
    HeldSection,
    NewHead,
    hold_sections,
    log_if_unchanged,
    write_logged,
)
from app.rooms.writing.share import Share, apart, where_they_are

# A transaction in which proving has taken longer than this takes no further rooms in.
PROVING_MAX_S = 0.02


@dataclass(slots=True)
class Outcome:
    """What came of a commit that stands, or needed none."""

    settled: list[Share] = field(default_factory=list)
    """Each with its head, or with the failure that was its own."""
    late: list[Share] = field(default_factory=list)
    """There was no time left to prove them."""
    held_elsewhere: list[Share] = field(default_factory=list)
    """Somebody else holds their sections."""
    to_hold: list[Share] = field(default_factory=list)
    """Something is not as it was taken to be: nothing of them was logged yet."""


class SharedCommit:
    """Makes the transaction, in one of two ways."""

    def __init__(self, database: Database, rights: KnownRights) -> None:
        self._database = database
        self._rights = rights
        self._beforehand = Beforehand(database, rights)

    async def make_in_one(self, shares: Sequence[Share]) -> Outcome:
        """Prove the ticks by what is known; then hold, compare and log, all in one step.

        Whatever is not as it was taken to be, when it is held, is not logged: it is `to_hold`.
        Raises: whatever the database raises; then nothing stands, as far as is known.
        """
        outcome = Outcome(to_hold=[share for share in shares if not share.may_assume])
        hopeful = [share for share in shares if share.may_assume]
        known = await self._beforehand.know(hopeful)
        outcome.to_hold += [share for share in hopeful if share.section is None]
        ready = [share for share in hopeful if share.section is not None]
        rights = {report_id: one.rights for report_id, one in known.items()}
        proven = _prove(ready, rights, outcome)
        heads = await self._log(proven, known)
        for share in proven:
            share.head = heads.get(share.writer.room.section_id)
            if share.head is None and share.failure is None:
                share.is_otherwise()
                outcome.to_hold.append(share)
                continue
            if share.head is not None:
                share.is_as_known()
            outcome.settled.append(share)
        return outcome

    async def _log(
        self, proven: Sequence[Share], known: Mapping[UUID, Known]
    ) -> dict[UUID, NewHead]:
        """Also those who add nothing are compared: what they were refused may have been right."""
        growths = _growths(proven)
        if not growths:
            return {}
        until_us = {report_id: one.until_us for report_id, one in known.items()}
        step = partial(log_if_unchanged, growths=growths, until_us=until_us)
        return await self._database.log(step)

    async def make(self, shares: Sequence[Share], *, waits: bool) -> Outcome:
        """Hold the sections, read what has moved, prove and log: in two steps.

        waits: for sections that somebody else holds; otherwise those come back as they are.
        Each room's refusals and failures are its own. Raises: whatever the database raises; then
        nothing stands, as far as is known.
        """
        outcome = Outcome()
        async with self._database.ledger() as ledger:
            present = await self._hold(ledger, shares, outcome, waits=waits)
            await self._catch_up(present)
            proven = _prove(present, await self._rights_now(present), outcome)
            await _write(ledger, proven)
        outcome.settled += proven
        return outcome

    async def _hold(
        self, ledger: Ledger, shares: Sequence[Share], outcome: Outcome, *, waits: bool
    ) -> list[Share]:
        waits = waits or self._database.is_sqlite
        ids = [share.writer.room.section_id for share in shares]
        held = await ledger.run(partial(hold_sections, section_ids=ids, waits=waits))
        present: list[Share] = []
        for share in shares:
            share.section = held.get(share.writer.room.section_id)
            if share.section is not None:
                share.writer.place = share.section
                present.append(share)
            elif waits:
                share.failure = NotFound()
                outcome.settled.append(share)
            else:
                outcome.held_elsewhere.append(share)
        return present

    async def _catch_up(self, shares: Sequence[Share]) -> None:
        """Read what others have logged, and whose the client ids are that were never met.

        By another session: as long as the sections are held, all that it can see stays so.
        """
        moved = [s for s in shares if s.has_moved and s.writer.room.damage is None]
        strange = [share for share in shares if is_strange(share)]
        if not moved and not strange:
            return
        async with self._database.read() as session:
            rows = await read_since_each(session, where_they_are(moved))
            await meet_clients(session, strange)
        for share in moved:
            self._rights.forget(share.writer.room.report_id)
            _take(share, rows[share.writer.room.section_id])

    async def _rights_now(self, shares: Iterable[Share]) -> dict[UUID, TextRights]:
        """Rights and locks as they are in this transaction.

        They are read again whenever anything that the report shows has changed, whenever a
        decision or another worker moved the log, and at the latest after a second.
        """
        asked: dict[UUID, set[UUID]] = {}
        versions: dict[UUID, int] = {}
        for share in shares:
            if share.section is not None:
                report_id = share.section.report_id
                versions[report_id] = share.section.version
                asked.setdefault(report_id, set()).update(share.tick.members)
        found = {one: self._rights.find(one, versions[one], asked[one]) for one in asked}
        unread = {one: asked[one] for one, known in found.items() if known is None}
        if unread:
            async with self._database.read() as session:
                found |= await self._rights.read(session, unread, versions)
        return {report_id: known for report_id, known in found.items() if known is not None}


def _take(share: Share, rows: Sequence[Row]) -> None:
    end = End(share.section.seq, share.section.hash) if share.section is not None else None
    with apart(share):
        share.writer.take(rows, end)


def _prove(
    shares: Sequence[Share], rights: Mapping[UUID, TextRights], outcome: Outcome
) -> list[Share]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    proven: list[Share] = []
    for share in shares:
        if proven and loop.time() - began > PROVING_MAX_S:
            outcome.late.append(share)
        elif share.section is not None:
            proven.append(share)
            with apart(share):
                _prove_share(share, share.section, rights[share.section.report_id])
    return proven


def _prove_share(share: Share, section: HeldSection, rights: TextRights) -> None:
    if share.failure is None and share.writer.room.text.is_broken:
        raise unsaved()
    if share.failure is None:
        share.writer.prove(share.tick, section, rights)


def _growths(shares: Iterable[Share]) -> list[Growth]:
    """What was proven, and what it is to stand behind; some add nothing."""
    at_us = clock.now_us()
    growths: list[Growth] = []
    for share in shares:
        if share.section is None or share.failure is not None:
            continue
        with apart(share):
            share.tick.make_rows(at_us)
            growths.append(Growth(share.section, share.tick.rows, share.tick.bound))
    return growths


async def _write(ledger: Ledger, shares: Sequence[Share]) -> None:
    for share in shares:
        if share.section is not None and share.failure is None:
            share.head = NewHead(share.section.seq, share.section.hash)
    growths = _growths(share for share in shares if share.tick.must_be_written)
    if not growths:
        return
    heads = await ledger.finish(partial(write_logged, growths=growths))
    for share in shares:
        share.head = heads.get(share.writer.room.section_id, share.head)
