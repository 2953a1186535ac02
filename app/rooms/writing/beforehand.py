"""What a commit takes to be so before it holds the sections: read at leisure, compared later."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.text import TextRights, look_up_rights
from app.db.engine import Database
from app.db.ledger import in_session
from app.db.prepared import Among, Plain
from app.db.tables import ClientBinding
from app.ids import SectionId
from app.rooms.guarding.rights import Known, KnownRights
from app.rooms.log import EMPTY_HASH
from app.rooms.writing.heads import PLACE, HeldSection, look_up_versions
from app.rooms.writing.share import Share

# What is too old sooner than this is read anew now: it would be proven in vain, in many rooms.
_SPARE_US = 300_000
# When anything is read, so is what is too old sooner than this: from then on in one go with it.
_SOON_US = 600_000

Rows: TypeAlias = Sequence[Sequence[Any]]


class Beforehand:
    """Reads what is not known any more, in no transaction that holds anybody up."""

    def __init__(self, database: Database, rights: KnownRights) -> None:
        self._database = database
        self._rights = rights

    async def know(self, shares: Sequence[Share]) -> dict[UUID, Known]:
        """Give each share its section as it is taken to be; return what is known of the reports.

        A share whose section is not there gets none.
        """
        asked: dict[UUID, set[UUID]] = {}
        for share in shares:
            asked.setdefault(share.writer.room.report_id, set()).update(share.tick.members)
        known = {report: self._still_known(report, who) for report, who in asked.items()}
        unread = {report: asked[report] for report, found in known.items() if found is None}
        if unread:
            soon_us = clock.now_us() + _SOON_US
            old = (report for report, found in known.items() if found and found.until_us < soon_us)
            unread |= {report: asked[report] for report in old}
        unplaced = [share for share in shares if share.writer.place is None]
        strange = [share for share in shares if is_strange(share)]
        if unread or unplaced or strange:
            reading = self._rights.begin(unread)
            look = partial(_look, asked=_asked(unplaced, strange), covered=reading.covered)
            found = await self._database.look(look)
            _place(unplaced, found.places)
            _meet(strange, found.bindings)
            self._rights.note(reading, found.rights, found.versions)
            known |= {report: self._rights.latest(report, who) for report, who in unread.items()}
        complete = {report: found for report, found in known.items() if found is not None}
        for share in shares:
            share.section = _taken_to_be(share, complete)
        return complete

    def _still_known(self, report_id: UUID, members: set[UUID]) -> Known | None:
        """Return what is known, if it will not be too old before the commit is made."""
        known = self._rights.latest(report_id, members)
        return known if known is not None and known.until_us > clock.now_us() + _SPARE_US else None


def _taken_to_be(share: Share, known: Mapping[UUID, Known]) -> HeldSection | None:
    room, place = share.writer.room, share.writer.place
    if place is None or place.report_id not in known:
        return None
    version = known[place.report_id].version
    return place._replace(seq=room.seq, hash=room.hash, version=version)


_Strange: TypeAlias = Mapping[UUID, Collection[int]]
"""Sections, and of each the client ids of which it is not known whose they are."""


class _Asked(NamedTuple):
    """What is not known of sections: where they are, whose their client ids are."""

    unplaced: Collection[UUID]
    strange: _Strange


class _Found(NamedTuple):
    """What a look has found, as rows."""

    places: Rows
    bindings: Rows
    versions: dict[UUID, int]
    rights: dict[UUID, TextRights]


def _asked(unplaced: Iterable[Share], strange: Iterable[Share]) -> _Asked:
    return _Asked({share.writer.room.section_id for share in unplaced}, _unknown(strange))


def _look(connection: Plain, asked: _Asked, covered: Mapping[UUID, Collection[UUID]]) -> _Found:
    places = _PLACES.fetch(connection, asked.unplaced)
    bindings = _look_up_bindings(connection, asked.strange)
    # Before the rights, or a change that comes between would not be noticed.
    versions = look_up_versions(connection, covered)
    return _Found(places, bindings, versions, look_up_rights(connection, covered))


def _look_up_bindings(connection: Plain, strange: _Strange) -> Rows:
    """Return whose these client ids are, and which are the server's."""
    found = [*_OWN_BINDINGS.fetch(connection, strange)]
    for section_id, client_ids in strange.items():
        found += _BINDINGS.fetch(connection, client_ids, {"section": section_id})
    return found


_BOUND = (ClientBinding.section_id, ClientBinding.client_id, ClientBinding.member_id)
_PLACES = Among(lambda ids: select(*PLACE).where(PLACE[0].in_(ids)))
_OWN_BINDINGS = Among(
    lambda ids: select(*_BOUND).where(
        ClientBinding.section_id.in_(ids), ClientBinding.member_id.is_(None)
    )
)
_BINDINGS = Among(
    lambda ids: select(*_BOUND).where(
        ClientBinding.section_id == bindparam("section"), ClientBinding.client_id.in_(ids)
    ),
    BigInteger(),
)


def _place(shares: Iterable[Share], rows: Iterable[Sequence[Any]]) -> None:
    writers = {share.writer.room.section_id: share.writer for share in shares}
    for section_id, report_id, subgroup_id, state, seq, hash_ in rows:
        writers[SectionId(section_id)].place = HeldSection(
            SectionId(section_id), report_id, subgroup_id, state, seq, hash_ or EMPTY_HASH, 0
        )


def is_strange(share: Share) -> bool:
    """Return whether it is not known whose all its client ids are, or which one is the server's."""
    writer, tick = share.writer, share.tick
    return writer.server_client_id is None or not tick.client_ids <= writer.room.owners.keys()


async def meet_clients(session: AsyncSession, shares: Sequence[Share]) -> None:
    """Learn whose the client ids are, and under which ids the server writes."""
    if shares:
        look = partial(_look_up_bindings, strange=_unknown(shares))
        _meet(shares, await in_session(session, look))


def _unknown(shares: Iterable[Share]) -> dict[UUID, Collection[int]]:
    rooms = [(share.writer.room, share.tick) for share in shares]
    return {room.section_id: tick.client_ids - room.owners.keys() for room, tick in rooms}


def _meet(shares: Iterable[Share], rows: Iterable[Sequence[Any]]) -> None:
    by_section: dict[UUID, Share] = {share.writer.room.section_id: share for share in shares}
    for section_id, client_id, member_id in rows:
        writer = by_section[section_id].writer
        writer.room.owners[client_id] = member_id
        if member_id is None:
            writer.server_client_id = client_id
