"""Who may attach to a live address, by ticket, API token or cookie; many are read together."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Key
from app.access.identify import Bearer, Secret, SecretKind, read_bearers, secret_of
from app.access.known_rights import KnownRights
from app.access.load import NOBODY, role_in
from app.access.rights import Right
from app.access.text import TextRight, TextRights
from app.db.away import MAYBE_AWAY, is_away
from app.db.engine import Database
from app.db.tables import ChangeCounter, Report, Section
from app.errors import AppError, NotFound, NotSignedIn, Unavailable
from app.ids import ReportId, SectionId, Seq

REPORT_PREFIX = "report:"
# One statement names no more values than this.
_MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody whom an address is open to. section_id None: it is the report's own channel."""

    actor: Actor
    report_id: ReportId
    section_id: SectionId | None
    right: TextRight | None
    version: int
    """The report's change counter before the right was read, and the key found good."""
    head: Seq
    """Where the section's log ended then: what was saved before may not be missing."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A section or a report, its report's change counter, and where its log ends."""

    report_id: ReportId
    section_id: SectionId | None
    version: int
    head: int
    subgroup_id: UUID | None
    state: str


@dataclass(eq=False, slots=True)
class _Ask:
    """Somebody who waits. place_id None: no such address can be."""

    secret: Secret | None
    place_id: UUID | None
    is_report: bool
    answer: "asyncio.Future[Admitted]"


class Admissions:
    """Lets people in. Those who come while others are being read for are read for together.

    Everything that counts is read after somebody has asked; nobody is let in by what was.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = KnownRights()
        self._waiting: list[_Ask] = []
        self._reading: asyncio.Task[None] | None = None
        self.note_key: Callable[[Key | None], None] = lambda _: None
        """Is told of each key by which somebody is let in."""

    async def admit(self, name: str, token: str, cookie: str | None) -> Admitted:
        """Return who it is and what they may do there, as of now.

        name: a section's id, or `report:` and a report's id. token: a live ticket or an API
        token; empty: the cookie of the upgrade counts.
        Raises: NotSignedIn, NotFound, Forbidden; Unavailable while the database is away.
        """
        is_report = name.startswith(REPORT_PREFIX)
        place_id = _id_in(name.removeprefix(REPORT_PREFIX))
        answer: asyncio.Future[Admitted] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Ask(secret_of(token, cookie), place_id, is_report, answer))
        self._go_on()
        return await answer

    # ---------------------------------------------------------------------- private

    def _go_on(self) -> None:
        if self._reading is None and self._waiting:
            self._reading = asyncio.create_task(self._read_next(), name="admissions")
            self._reading.add_done_callback(self._is_read)

    def _is_read(self, reading: asyncio.Task[None]) -> None:
        self._reading = None
        self._go_on()
        if not reading.cancelled() and (error := reading.exception()) is not None:
            raise error

    async def _read_next(self) -> None:
        asks, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
        asks = [ask for ask in asks if not ask.answer.done()]
        try:
            await self._answer(asks)
        except MAYBE_AWAY as error:
            _fail(asks, _away(error) if is_away(error) else error)
        except asyncio.CancelledError:
            _fail(asks, Unavailable("The server is restarting. Please try again in a moment."))
            raise
        except Exception as error:
            await self._answer_alone(asks, error)

    async def _answer_alone(self, asks: Collection[_Ask], error: Exception) -> None:
        """Something of one of them cannot be read: the others are to have their answers."""
        if len(asks) == 1:
            _fail(asks, error)
            return
        for ask in asks:
            try:
                await self._answer([ask])
            except Exception as failed:
                _fail([ask], failed)

    async def _answer(self, asks: Collection[_Ask]) -> None:
        secrets = {ask.secret for ask in asks if ask.secret is not None}
        async with self._database.read() as session:
            places = await _read_places(session, asks)
            # Now that the counters are known: whoever ends a key later counts a change.
            bearers = await read_bearers(session, secrets)
            for known in bearers.values():
                self.note_key(known.actor.key)
            reached = {place.report_id: place.version for place in places.values()}
            rights = {
                report_id: await self._known.of(session, report_id, version)
                for report_id, version in (reached if bearers else {}).items()
            }
        for ask in asks:
            bearer = bearers.get(ask.secret) if ask.secret is not None else None
            place = places.get((ask.is_report, ask.place_id))
            _settle(ask, bearer, place, rights)


def _settle(
    ask: _Ask,
    bearer: Bearer | None,
    place: _Place | None,
    rights: Mapping[ReportId, TextRights],
) -> None:
    if ask.answer.done():
        return
    try:
        if bearer is None:
            raise _unknown(ask.secret)
        if place is None:
            raise NotFound
        ask.answer.set_result(_admitted(bearer, place, rights[place.report_id]))
    except AppError as error:
        ask.answer.set_exception(error)


def _admitted(bearer: Bearer, place: _Place, rights: TextRights) -> Admitted:
    actor = bearer.actor
    role_in(rights.standings.get(actor.member_id, NOBODY), actor, Right.SEE)
    if bearer.report_id not in (None, place.report_id):
        raise NotFound
    right = None
    if place.section_id is not None:
        right = rights.of(place, actor.member_id, actor.acting_role)
    head = Seq(place.head)
    return Admitted(actor, place.report_id, place.section_id, right, place.version, head)


def _unknown(secret: Secret | None) -> NotSignedIn:
    if secret is not None and secret.kind is SecretKind.TICKET:
        return NotSignedIn("This ticket is used up or unknown. A fresh one is needed.")
    return NotSignedIn("Please sign in.")


def _away(error: Exception) -> Unavailable:
    away = Unavailable("The database does not answer at the moment.")
    away.__cause__ = error
    return away


def _fail(asks: Collection[_Ask], error: Exception) -> None:
    for ask in asks:
        if not ask.answer.done():
            ask.answer.set_exception(error)


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _read_places(
    session: AsyncSession, asks: Collection[_Ask]
) -> dict[tuple[bool, UUID | None], _Place]:
    """Return the sections and reports that there are, by whether it is a report, and its id."""
    places: dict[tuple[bool, UUID | None], _Place] = {}
    if ids := {ask.place_id for ask in asks if ask.place_id is not None and not ask.is_report}:
        for id_, report_id, version, head, subgroup_id, state in await session.execute(
            _sections(ids)
        ):
            place = _Place(ReportId(report_id), SectionId(id_), version, head, subgroup_id, state)
            places[False, id_] = place
    if ids := {ask.place_id for ask in asks if ask.place_id is not None and ask.is_report}:
        for id_, version in await session.execute(_reports(ids)):
            places[True, id_] = _Place(ReportId(id_), None, version, 0, None, "")
    return places


_VERSION = func.coalesce(ChangeCounter.rights_version, 0)


def _sections(ids: Collection[UUID]) -> Select[UUID, UUID, int, int, UUID | None, str]:
    where = Section.head_seq, Section.subgroup_id, Section.state
    return (
        select(Section.id, Section.report_id, _VERSION, *where)
        .outerjoin(ChangeCounter, ChangeCounter.report_id == Section.report_id)
        .where(Section.id.in_(ids))
    )


def _reports(ids: Collection[UUID]) -> Select[UUID, int]:
    return (
        select(Report.id, _VERSION)
        .outerjoin(ChangeCounter, ChangeCounter.report_id == Report.id)
        .where(Report.id.in_(ids))
    )
