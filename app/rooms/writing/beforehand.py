"""What a commit takes to be so before it holds the sections: read at leisure, compared later."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.engine import Database
from app.db.tables import ChangeCounter, ClientBinding
from app.ids import SectionId
from app.rooms.guarding.rights import Known, KnownRights
from app.rooms.log import EMPTY_HASH
from app.rooms.writing.heads import PLACE, HeldSection
from app.rooms.writing.share import Share

# What is too old sooner than this is read anew now: it would be proven in vain, in many rooms.
_SPARE_US = 300_000
# When anything is read, so is what is too old sooner than this: from then on in one go with it.
_SOON_US = 600_000


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
            async with self._database.read() as session:
                await _place(session, unplaced)
                await meet_clients(session, strange)
                known |= await self._read(session, unread)
        complete = {report: found for report, found in known.items() if found is not None}
        for share in shares:
            share.section = _taken_to_be(share, complete)
        return complete

    def _still_known(self, report_id: UUID, members: set[UUID]) -> Known | None:
        """Return what is known, if it will not be too old before the commit is made."""
        known = self._rights.latest(report_id, members)
        return known if known is not None and known.until_us > clock.now_us() + _SPARE_US else None

    async def _read(
        self, session: AsyncSession, asked: Mapping[UUID, set[UUID]]
    ) -> dict[UUID, Known | None]:
        if not asked:
            return {}
        # Before the rights, or a change that comes between would not be noticed.
        found = await session.execute(
            select(ChangeCounter.report_id, ChangeCounter.rights_version).where(
                ChangeCounter.report_id.in_(asked)
            )
        )
        versions: dict[UUID, int] = {report_id: version for report_id, version in found}
        await self._rights.read(session, asked, versions)
        return {report: self._rights.latest(report, who) for report, who in asked.items()}


def _taken_to_be(share: Share, known: Mapping[UUID, Known]) -> HeldSection | None:
    room, place = share.writer.room, share.writer.place
    if place is None or place.report_id not in known:
        return None
    version = known[place.report_id].version
    return place._replace(seq=room.seq, hash=room.hash, version=version)


async def _place(session: AsyncSession, shares: Iterable[Share]) -> None:
    writers = {share.writer.room.section_id: share.writer for share in shares}
    if not writers:
        return
    for row in await session.execute(select(*PLACE).where(PLACE[0].in_(writers))):
        section_id, report_id, subgroup_id, state, seq, hash_ = row
        writers[SectionId(section_id)].place = HeldSection(
            SectionId(section_id), report_id, subgroup_id, state, seq, hash_ or EMPTY_HASH, 0
        )


def is_strange(share: Share) -> bool:
    """Return whether it is not known whose all its client ids are, or which one is the server's."""
    writer, tick = share.writer, share.tick
    return writer.server_client_id is None or not tick.client_ids <= writer.room.owners.keys()


async def meet_clients(session: AsyncSession, shares: Sequence[Share]) -> None:
    """Learn whose the client ids are, and under which ids the server writes."""
    if not shares:
        return
    by_section: dict[UUID, Share] = {share.writer.room.section_id: share for share in shares}
    unknown = {
        client_id
        for share in shares
        for client_id in share.tick.client_ids - share.writer.room.owners.keys()
    }
    found = await session.execute(
        select(ClientBinding.section_id, ClientBinding.client_id, ClientBinding.member_id).where(
            ClientBinding.section_id.in_(by_section),
            or_(ClientBinding.member_id.is_(None), ClientBinding.client_id.in_(unknown)),
        )
    )
    for section_id, client_id, member_id in found:
        writer = by_section[section_id].writer
        writer.room.owners[client_id] = member_id
        if member_id is None:
            writer.server_client_id = client_id
