"""What is proven by what was known counts only if it is still so when the section is held."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access.actor import Actor, Role
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.tables import LogEntry, Section, SubgroupMember
from app.db.unit_of_work import Work
from app.errors import Forbidden, Refused
from app.ids import MemberId, SectionId, Seq
from app.rooms import log
from app.rooms.guard import LOCKED_SENTENCE
from app.rooms.keeping.verifying import verify_chain
from app.rooms.registry import RoomRegistry
from app.rooms.writing.heads import Growth, HeldSection, NewHead, hold_sections, log_if_unchanged
from app.settings import Settings
from app.text.from_crdt import body_of
from tests.house.builders import BuiltReport, Group
from tests.house.drafts import a_meeting, decide_in
from tests.house.live import PATIENCE_S
from tests.house.texts import block, paragraph_id, read_text, words_of, write_text

FAR_OFF_US = 2**62


@pytest.fixture
def rooms(app: FastAPI) -> RoomRegistry:
    registry: RoomRegistry = app.state.services.rooms
    return registry


class Touching:
    """An edit of the first paragraph, and how often it was tried."""

    def __init__(self) -> None:
        self.tried = asyncio.Event()
        self.times = 0

    def __call__(self, doc: Any) -> None:
        """Write behind the marker, in front of the words."""
        self.times += 1
        self.tried.set()
        body_of(doc).insert(1, "very ", {})


class Scene:
    """A section of two paragraphs, in which the member has just written: all of it is known."""

    def __init__(
        self, group: Group, report: BuiltReport, rooms: RoomRegistry, meeting: UUID
    ) -> None:
        self.group, self.report, self.section = group, report, report.sections[0]
        self.rooms, self.meeting = rooms, meeting

    async def edit(self, change: Callable[[Any], None]) -> Seq:
        """Let the member change the text."""
        actor = Actor(MemberId(self.group.member.id), self.group.member.name)
        return await self.rooms.server_edit(self.section, change, actor, Role.MEMBER)

    async def words(self) -> list[str]:
        """The text in the log."""
        return words_of(await read_text(self.group.house.database, self.section))


@pytest.fixture
async def scene(group: Group, report: BuiltReport, rooms: RoomRegistry) -> Scene:
    begun = Scene(group, report, rooms, await a_meeting(group, report))
    blocks = [block("px", "agreed"), block("py", "free")]
    await write_text(group.house.database, begun.section, group.member.id, blocks)
    await begun.edit(lambda doc: body_of(doc).insert(len(body_of(doc)), "ly", {}))
    return begun


Happens: TypeAlias = Callable[[Scene, Work], Awaitable[None]]


async def agreed(scene: Scene, work: Work) -> None:
    place = (scene.section, paragraph_id("px"))
    await decide_in(work, scene.group, scene.meeting, place, "agreed")


async def handed_in(scene: Scene, work: Work) -> None:
    await unnoticed(scene, work)
    await work.touch_report(scene.report.id)


async def unnoticed(scene: Scene, work: Work) -> None:
    """Nothing counts it, and no row of the log."""
    await work.session.execute(
        update(Section).where(Section.id == scene.section).values(state="read")
    )


async def given_away(scene: Scene, work: Work) -> None:
    await work.session.execute(
        update(Section).where(Section.id == scene.section).values(subgroup_id=scene.group.security)
    )
    await work.touch_report(scene.report.id)


async def taken_from_the_subgroup(scene: Scene, work: Work) -> None:
    await work.session.execute(
        delete(SubgroupMember).where(SubgroupMember.member_id == scene.group.member.id)
    )
    await work.touch_report(scene.report.id)


LOSSES: tuple[tuple[Happens, type[Refused | Forbidden]], ...] = (
    (agreed, Refused),
    (handed_in, Forbidden),
    (unnoticed, Forbidden),
    (given_away, Forbidden),
    (taken_from_the_subgroup, Forbidden),
)


async def happens_in_between(
    scene: Scene, happens: Happens, change: Touching
) -> "asyncio.Task[Seq]":
    """Let it happen between the proving of an edit and its commit; return who waits for that."""
    async with scene.group.house.database.write() as work:
        await log.lock_head(work.session, scene.section)
        waiting = asyncio.create_task(scene.edit(change))
        async with asyncio.timeout(PATIENCE_S):
            await change.tried.wait()
        await happens(scene, work)
    return waiting


@pytest.mark.parametrize(("happens", "refusal"), LOSSES)
async def test_what_was_proven_before_a_right_or_the_words_were_lost_does_not_stand(
    scene: Scene, happens: Happens, refusal: type[Exception], database: Database
) -> None:
    change = Touching()

    waiting = await happens_in_between(scene, happens, change)

    with pytest.raises(refusal) as refused:
        await waiting
    assert (str(refused.value) == LOCKED_SENTENCE) == (happens is agreed)
    # A right is looked at before the words are.
    assert change.times == (2 if happens is agreed else 1)
    assert await scene.words() == ["agreed", "freely"]
    async with database.read() as session:
        assert await verify_chain(session, scene.section) is None


@pytest.mark.parametrize(("happens", "refusal"), LOSSES)
async def test_a_right_that_was_lost_without_a_hint_is_lost_with_the_next_edit(
    scene: Scene, happens: Happens, refusal: type[Exception], settings: Settings
) -> None:
    elsewhere = Database(settings, MemoryBroker())
    try:
        async with elsewhere.write() as work:
            await happens(scene, work)
        with pytest.raises(refusal):
            await scene.edit(Touching())
    finally:
        await elsewhere.dispose()
    assert await scene.words() == ["agreed", "freely"]


async def test_an_edit_in_another_paragraph_stands_behind_a_decision_that_came_in_between(
    scene: Scene, database: Database
) -> None:
    change = Touching()

    async def other_agreed(scene: Scene, work: Work) -> None:
        place = (scene.section, paragraph_id("py"))
        await decide_in(work, scene.group, scene.meeting, place, "agreed")

    seq = await (await happens_in_between(scene, other_agreed, change))

    assert await scene.words() == ["very agreed", "freely"]
    async with database.read() as session:
        kinds = await session.scalars(
            select(LogEntry.kind).where(LogEntry.seq >= seq - 1).order_by(LogEntry.seq)
        )
        assert list(kinds) == [log.DECISION, log.UPDATE]
        assert await verify_chain(session, scene.section) is None


async def test_nobody_is_refused_by_what_is_no_longer_so(scene: Scene, settings: Settings) -> None:
    elsewhere = Database(settings, MemoryBroker())
    try:
        async with elsewhere.write() as work:
            await handed_in(scene, work)
        with pytest.raises(Forbidden):
            await scene.edit(Touching())
        # What is known by now is that the member may not write.
        async with elsewhere.write() as work:
            given_back = update(Section).where(Section.id == scene.section)
            await work.session.execute(given_back.values(state="drafting"))
            await work.touch_report(scene.report.id)
        await scene.edit(Touching())
    finally:
        await elsewhere.dispose()
    assert await scene.words() == ["very agreed", "freely"]


async def test_two_processes_that_write_in_turns_lose_nothing(
    scene: Scene, settings: Settings, database: Database
) -> None:
    broker = MemoryBroker()
    elsewhere = Database(settings, broker)
    other = RoomRegistry(elsewhere, broker, settings)
    there = Scene(scene.group, scene.report, other, scene.meeting)
    try:
        for turn in range(8):
            writer = there if turn % 2 else scene
            await writer.edit(lambda doc: body_of(doc).insert(len(body_of(doc)), "!", {}))
        await asyncio.gather(*(one.edit(Touching()) for one in (there, scene) * 4))
    finally:
        await other.close()
        await elsewhere.dispose()
    assert await scene.words() == ["very " * 8 + "agreed", "freely" + "!" * 8]
    async with database.read() as session:
        assert await verify_chain(session, scene.section) is None


# ------------------------------------------------------------------------ the one step


async def held(database: Database, section: SectionId) -> HeldSection:
    async with database.ledger() as ledger:
        found = await ledger.run(partial(hold_sections, section_ids=[section], waits=True))
    return found[section]


async def logged(
    database: Database, head: HeldSection, member: UUID, until_us: int = FAR_OFF_US
) -> dict[UUID, NewHead]:
    entry = log.Entry(log.UPDATE, member, "member", clock.now_us(), b"\0\0")
    step = partial(
        log_if_unchanged, growths=[Growth(head, [entry], {})], until_us={head.report_id: until_us}
    )
    return await database.log(step)


async def test_only_a_section_that_is_as_it_was_taken_to_be_grows(
    report: BuiltReport, group: Group, database: Database
) -> None:
    section = report.sections[0]
    now, member = await held(database, section), group.member.id
    others = (
        now._replace(seq=Seq(1)),
        now._replace(hash=bytes(31) + b"1"),
        now._replace(version=now.version + 1),
        now._replace(state="read"),
        now._replace(subgroup_id=None),
        now._replace(report_id=member),
    )

    for other in others:
        assert await logged(database, other, member) == {}
    assert await held(database, section) == now
    assert (await logged(database, now, member))[section].seq == 1
    assert await logged(database, now, member) == {}, "it has grown since"


async def test_what_was_known_for_too_long_does_not_count(
    report: BuiltReport, group: Group, database: Database
) -> None:
    now = await held(database, report.sections[0])

    assert await logged(database, now, group.member.id, clock.now_us() - 1) == {}

    assert await held(database, report.sections[0]) == now


async def test_a_step_that_fails_or_is_cut_short_leaves_no_lock_and_no_row(
    report: BuiltReport, group: Group, database: Database
) -> None:
    section = report.sections[0]
    now = await held(database, section)

    with pytest.raises(IntegrityError):
        await logged(database, now, report.id)
    cut = asyncio.create_task(logged(database, now, group.member.id))
    await asyncio.sleep(0)
    cut.cancel()
    await asyncio.gather(cut, return_exceptions=True)

    after = await held(database, section)
    assert after.seq in (0, 1), "whoever was cut short does not know whether it stood"
    assert (await logged(database, after, group.member.id))[section].seq == after.seq + 1
