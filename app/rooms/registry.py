"""At most one open Room per Section in this process: opens, evicts, drains; the door for others."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Actor, Role
from app.access.identify import API_TOKEN_PREFIX
from app.access.text import load_text_rights
from app.broker.base import Broker
from app.db.away import MAYBE_AWAY, is_away
from app.db.engine import Database
from app.db.prepared import Among, Plain
from app.db.tables import ChangeCounter, Section
from app.errors import NotFound, NotSignedIn, Unavailable
from app.ids import ReportId, SectionId, Seq
from app.logs import get_logger
from app.rooms.connections.admission import Admissions
from app.rooms.frames import EMPTY_UPDATE
from app.rooms.guard import Edit, open_document
from app.rooms.keeping.damage import Damage
from app.rooms.keeping.loading import load, warm_loading
from app.rooms.precautions.quarantine import Quarantine
from app.rooms.precautions.strikes import Strikes
from app.rooms.precautions.trial import Trials
from app.rooms.room import CatchUp, HeadText, News, Room, ServerEdit
from app.rooms.telling.heads import HeadTurns
from app.rooms.watch import ReportWatch
from app.rooms.watching.channels import BuildView, Surroundings
from app.rooms.watching.turns import Turns
from app.rooms.workers.catching_up import caught_up
from app.rooms.workers.head_texts import HeadTexts
from app.rooms.writing.committer import Committer
from app.settings import Settings

__all__ = ["HeadText", "Heads", "RoomRegistry"]

IDLE_S = 60.0
# A text that nobody has changed for so long is kept as bytes alone.
REST_S = 60.0
_SWEEP_S = 15.0
_CATCH_UP_S = 2.0
# A database that does not answer keeps nobody from starting.
_WARM_S = 2.0

logger = get_logger(__name__)


class Heads(Protocol):
    """What a command asks of the rooms: the texts as they stand, and to take in what it did."""

    async def read_heads(self, section_ids: Collection[SectionId]) -> dict[SectionId, HeadText]:
        """Return the sections' texts at the heads of their logs."""

    async def decided(self, section_id: SectionId) -> None:
        """Take in what was just committed."""


class RoomRegistry:
    """The open rooms of this process. `main` calls `start` and `close` around its lifetime."""

    def __init__(
        self,
        database: Database,
        broker: Broker,
        settings: Settings,
        build_view: BuildView | None = None,
    ) -> None:
        self.admissions = Admissions(database)
        self._database = database
        self._settings = settings
        self._around = Surroundings(database, broker, build_view)
        self._rooms: dict[SectionId, Room] = {}
        self._committer = Committer(database, settings)
        self._head_turns = HeadTurns()
        self._loading: dict[SectionId, asyncio.Task[Room]] = {}
        self._watches: dict[ReportId, ReportWatch] = {}
        self.strikes = Strikes()
        self.trials = Trials()
        self._quarantine = Quarantine()
        self._heads = HeadTexts(database, self._rooms, self._behind, self._quarantine)
        self._damaged: dict[SectionId, Damage] = {}
        """What was found when rooms were opened."""
        self._tasks: list[asyncio.Task[None]] = []
        self._is_closing = False

    async def start(self) -> None:
        """Begin to look for changes that no hint told of, and for rooms that nobody needs."""
        self._is_closing = False
        poll_s = self._settings.poll_ms / 1000
        self._tasks = [
            asyncio.create_task(_repeat(self._poll, poll_s), name="rooms poll"),
            asyncio.create_task(_repeat(self._sweep, _SWEEP_S), name="rooms sweep"),
        ]

    async def warm(self) -> None:
        """Look for a section that is not there, so that whoever opens one first is not the first.

        Effects: the CRDT library has loaded what its documents need; the statements are compiled,
        and the database is connected to, if it answers.
        """
        open_document(EMPTY_UPDATE)
        nobody = SectionId(UUID(int=0))
        with suppress(NotSignedIn, Unavailable, *MAYBE_AWAY):
            async with asyncio.timeout(_WARM_S):
                async with self._database.read() as session:
                    await load_text_rights(session, ReportId(nobody))
                    await warm_loading(session, nobody)
                await self.admissions.admit(str(nobody), API_TOKEN_PREFIX, None)

    async def close(self) -> None:
        """Write what waits, then close every room and say so to who is attached."""
        self._is_closing = True
        await _stop(self._tasks)
        for room in list(self._rooms.values()):
            await self._close_room(room, "The server is restarting. Your device reconnects.")
        await self._committer.close()
        for watch in list(self._watches.values()):
            await watch.close()
        self._watches.clear()

    def set_view(self, build_view: BuildView) -> None:
        """Let the report channels carry this view, whole, whenever it changes."""
        self._around.build_view = build_view

    async def open_at(self, section_id: SectionId, head: Seq) -> Room:
        """Return the section's Room, opened, which has read its log up to this row.

        What another worker has acknowledged is in it, whether or not a hint has told of it. One
        that cannot read on within moments is given as it is: it reads on as soon as it can.
        Raises: as `open`.
        """
        room = await self.open(section_id)
        if room.seq < head and room.damage is None:
            await caught_up([room], _CATCH_UP_S)
            room = await self.open(section_id)
        return room

    async def open(self, section_id: SectionId) -> Room:
        """Return the section's Room, opened from its log if it was not.

        Raises: NotFound; Unavailable while the server is shutting down; Quarantined.
        """
        if self._is_closing:
            raise Unavailable("The server is restarting. Please try again in a moment.")
        room = self._rooms.get(section_id)
        if room is not None and room.text.is_broken:
            room.break_off()
        elif room is not None:
            room.idle_since = asyncio.get_running_loop().time()
            return room
        loading = self._loading.get(section_id)
        if loading is None:
            loading = asyncio.create_task(self._load(section_id))
            self._loading[section_id] = loading
            loading.add_done_callback(lambda _: self._loading.pop(section_id, None))
        return await asyncio.shield(loading)

    async def read_head(self, section_id: SectionId) -> HeadText:
        """Return the section's text at the head of its log; kept until the head moves.

        Raises: NotFound.
        """
        heads = await self.read_heads([section_id])
        return heads[section_id]

    async def read_heads(self, section_ids: Collection[SectionId]) -> dict[SectionId, HeadText]:
        """Return the sections' texts at the heads of their logs; one query finds what has moved.

        Raises: NotFound.
        """
        return await self._heads.read(section_ids)

    async def live_head(self, section_id: SectionId) -> HeadText:
        """Return the text at the head from an open Room, for who asks again and again.

        Effects: the Room is opened, and has read what other workers logged. No asker may hold the
        section's row: a Room that writes waits for it. Raises: NotFound; Unavailable.
        """
        room = await self.open(section_id)
        await caught_up([room], _CATCH_UP_S)
        return room.head_text()

    async def server_edit(
        self,
        section_id: SectionId,
        edit: Edit,
        actor: Actor,
        acting_role: Role,
        *,
        needs_right: bool = True,
    ) -> Seq:
        """Change the text for somebody through the same door as everybody: prove, log, apply, show.

        edit: gets the proving copy inside one transaction; called once for each try, so it must
        depend on nothing but the document. needs_right: the actor must be one who may write the
        text now, in this role; without it only the locks count.
        Returns the seq of the row, or of the head if the edit changed nothing.
        Raises: Forbidden, RefusedEdit (a locked paragraph), DamagedLog, Unavailable, NotFound.
        """
        room = await self.open(section_id)
        done: asyncio.Future[Seq] = asyncio.get_running_loop().create_future()
        room.add(ServerEdit(edit, actor, acting_role, needs_right, done))
        return await done

    async def decided(self, section_id: SectionId) -> None:
        """Let an open Room take in what was just committed: head, locks, rights.

        To be called after the commit of a decision or of a change of state.
        """
        room = self._rooms.get(section_id)
        if room is None:
            return
        self.watch(room.report_id).look_again()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        room.add(CatchUp(done))
        await done

    def present(self, where: UUID | Collection[UUID]) -> dict[str, list[dict[str, str]]]:
        """Return who is in which section: {section id: [{member_id, name, colour}]}.

        where: a report's id, or ids of sections. Sections without anybody are left out.
        """
        if isinstance(where, UUID):
            watch = self._watches.get(ReportId(where))
            people = watch.relay.people() if watch else {}
        else:
            everywhere = [watch.relay.people() for watch in self._watches.values()]
            people = {key: one for some in everywhere for key, one in some.items() if key in where}
        return {str(section_id): present for section_id, present in people.items()}

    def watch(self, report_id: ReportId) -> ReportWatch:
        """Return what tells this report's rooms and channels of changes."""
        watch = self._watches.get(report_id)
        if watch is None:
            watch = self._watches[report_id] = ReportWatch(report_id, self._around)
        return watch

    def list_damaged(self) -> list[Damage]:
        """Return where the logs that were read here are not what was written."""
        found = {id_: room.damage for id_, room in self._rooms.items() if room.damage is not None}
        return list((self._damaged | found).values())

    # ---------------------------------------------------------------------- private

    async def _load(self, section_id: SectionId) -> Room:
        async with self._database.read() as session:
            report_id = await session.scalar(
                select(Section.report_id).where(Section.id == section_id)
            )
            if report_id is None:
                raise NotFound
            with self._quarantine.rebuilding(section_id):
                loaded = await load(session, section_id)
        news = News(
            waits=self._committer.wake,
            text_moved=lambda room: self.watch(room.report_id).text_moved(room),
            presence_moved=lambda room: self.watch(room.report_id).presence_moved(room),
            broke=self._gave_way,
            show_window_s=self._settings.show_window_ms / 1000,
            head_turns=self._head_turns,
        )
        room = Room(section_id, ReportId(report_id), loaded, news)
        if loaded.damage is not None:
            logger.critical("log_damaged", section=str(section_id), seq=loaded.damage.seq)
            self._damaged[section_id] = loaded.damage
        else:
            self._damaged.pop(section_id, None)
        self._rooms[section_id] = room
        self._committer.serve(room)
        self.watch(room.report_id).add(room)
        return room

    def _gave_way(self, room: Room) -> None:
        """The room was given up: a text that is to blame is not opened for ever."""
        if room.text.failure is not None and self._rooms.get(room.section_id) is room:
            self._quarantine.count(room.section_id, room.text.failure)
        self._forget(room)

    def _forget(self, room: Room) -> None:
        """Take the room off the map; whoever comes next opens it anew from the log."""
        if self._rooms.get(room.section_id) is room:
            del self._rooms[room.section_id]
            watch = self._watches.get(room.report_id)
            if watch is not None:
                watch.remove(room)

    def _behind(self, room: Room, seq: Seq) -> None:
        self.watch(room.report_id).head_moved(room.section_id, seq)

    async def _close_room(self, room: Room, reason: str) -> None:
        await self._committer.leave(room)
        self._forget(room)
        room.close(reason)

    async def _sweep(self) -> None:
        now = asyncio.get_running_loop().time()
        await self._committer.rest(now - REST_S, Turns())
        for room in self._committer.rooms:
            is_lost = self._rooms.get(room.section_id) is not room
            if is_lost or (room.is_idle and now - room.idle_since >= IDLE_S):
                self._forget(room)
                await self._close_room(room, "")
        for report_id, watch in list(self._watches.items()):
            if watch.is_idle:
                del self._watches[report_id]
                await watch.close()

    async def _poll(self) -> None:
        """Look at counters and heads: hints may be lost, and other processes may send none.

        Effects: a room whose text could not be read by somebody is given up, for all who are in it.
        """
        for room in [room for room in self._rooms.values() if room.text.is_broken]:
            room.break_off()
        if not self._watches:
            return
        look = partial(_look_at_all, report_ids=list(self._watches), section_ids=list(self._rooms))
        versions, heads = await self._database.look(look)
        for report_id, version, rights_version in versions:
            if watch := self._watches.get(ReportId(report_id)):
                watch.heed(version, rights_version)
        for report_id, section_id, seq in heads:
            if watch := self._watches.get(ReportId(report_id)):
                watch.head_moved(SectionId(section_id), Seq(seq))


_COUNTERS = Among(
    lambda ids: select(
        ChangeCounter.report_id, ChangeCounter.version, ChangeCounter.rights_version
    ).where(ChangeCounter.report_id.in_(ids))
)
_HEADS = Among(
    lambda ids: select(Section.report_id, Section.id, Section.head_seq).where(Section.id.in_(ids))
)


def _look_at_all(
    connection: Plain, report_ids: Collection[ReportId], section_ids: Collection[SectionId]
) -> tuple[Sequence[tuple[Any, ...]], Sequence[tuple[Any, ...]]]:
    """Return the counters of reports, and where the logs of sections end."""
    return _COUNTERS.fetch(connection, report_ids), _HEADS.fetch(connection, section_ids)


async def _repeat(work: Callable[[], Awaitable[None]], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the CRDT library panics beside Exception
            if is_away(error):
                logger.warning("database_away", error=str(error) or type(error).__name__)
            else:
                logger.exception("rooms_task_failed")


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
    tasks.clear()
