"""Who may attach to a live address, by ticket, API token or cookie."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.identify import (
    TICKET_PREFIX,
    actor_of_api_token,
    actor_of_cookie,
    actor_of_ticket,
    live_keys,
)
from app.access.known_rights import KnownRights
from app.access.load import NOBODY, role_in
from app.access.rights import Right
from app.access.text import TextRight
from app.db.away import MAYBE_AWAY, is_away
from app.db.engine import Database
from app.db.tables import ChangeCounter, Report, Section
from app.errors import NotFound, NotSignedIn, Unavailable
from app.ids import ReportId, SectionId

REPORT_PREFIX = "report:"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody whom an address is open to. section_id None: it is the report's own channel."""

    actor: Actor
    report_id: ReportId
    section_id: SectionId | None
    right: TextRight | None
    version: int
    """The report's change counter before the right was read, and the key found good."""


@dataclass(frozen=True, slots=True)
class _Bearer:
    actor: Actor
    report_id: UUID | None
    """The only report that is open to a ticket."""


async def admit(
    database: Database, known: KnownRights, name: str, token: str, cookie: str | None
) -> Admitted:
    """Return who it is and what they may do there, as of now.

    known: rights that need not be read again if nothing has changed them since. name: a section's
    id, or `report:` and a report's id. token: a live ticket or an API token; empty: the cookie of
    the upgrade counts.
    Raises: NotSignedIn, NotFound, Forbidden; Unavailable while the database is away.
    """
    try:
        return await _admit(database, known, name, token, cookie)
    except MAYBE_AWAY as error:
        if is_away(error):
            raise Unavailable("The database does not answer at the moment.") from error
        raise


async def _admit(
    database: Database, known: KnownRights, name: str, token: str, cookie: str | None
) -> Admitted:
    async with database.read() as session:
        bearer = await _identify(session, token, cookie)
        if name.startswith(REPORT_PREFIX):
            report_id = _id_in(name.removeprefix(REPORT_PREFIX))
            admitted = await _admit_to_report(session, known, bearer.actor, report_id)
        else:
            admitted = await _admit_to_section(session, known, bearer.actor, _id_in(name))
        # Again, now that the counter is known: whoever ends the key later counts a change.
        if bearer.actor.key is None or not await live_keys(session, [bearer.actor.key]):
            raise NotSignedIn("Please sign in.")
    if bearer.report_id not in (None, admitted.report_id):
        raise NotFound
    return admitted


async def _admit_to_report(
    session: AsyncSession, known: KnownRights, actor: Actor, report_id: UUID
) -> Admitted:
    version = await session.scalar(
        select(func.coalesce(ChangeCounter.rights_version, 0))
        .select_from(Report)
        .outerjoin(ChangeCounter, ChangeCounter.report_id == Report.id)
        .where(Report.id == report_id)
    )
    if version is None:
        raise NotFound
    rights = await known.of(session, ReportId(report_id), version)
    role_in(rights.standings.get(actor.member_id, NOBODY), actor, Right.SEE)
    return Admitted(actor, ReportId(report_id), None, None, version)


async def _admit_to_section(
    session: AsyncSession, known: KnownRights, actor: Actor, section_id: UUID
) -> Admitted:
    found = await session.execute(
        select(
            Section.report_id,
            Section.subgroup_id,
            Section.state,
            func.coalesce(ChangeCounter.rights_version, 0).label("version"),
        )
        .outerjoin(ChangeCounter, ChangeCounter.report_id == Section.report_id)
        .where(Section.id == section_id)
    )
    section = found.one_or_none()
    if section is None:
        raise NotFound
    report_id = ReportId(section.report_id)
    rights = await known.of(session, report_id, section.version)
    role_in(rights.standings.get(actor.member_id, NOBODY), actor, Right.SEE)
    right = rights.of(section, actor.member_id, actor.acting_role)
    return Admitted(actor, report_id, SectionId(section_id), right, section.version)


async def _identify(session: AsyncSession, token: str, cookie: str | None) -> _Bearer:
    if token.startswith(TICKET_PREFIX):
        found = await actor_of_ticket(session, token)
        if found is None:
            raise NotSignedIn("This ticket is used up or unknown. A fresh one is needed.")
        return _Bearer(*found)
    if token:
        actor = await actor_of_api_token(session, token)
    else:
        actor = await actor_of_cookie(session, cookie) if cookie else None
    if actor is None:
        raise NotSignedIn("Please sign in.")
    return _Bearer(actor, None)


def _id_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
