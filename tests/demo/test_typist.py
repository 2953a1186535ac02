from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.engine import Database
from app.db.tables import ClientBinding, LogEntry, Member, Report, Section, WorkingGroup
from app.demo.content import DemoSection, load_demonstration
from app.demo.replay import Replay
from app.demo.typist import Author, Typist
from app.demo.weave import Weaver
from app.ids import SectionId
from app.rooms import log
from app.rooms.keeping.loading import load_state
from app.rooms.keeping.rows import read_since
from app.rooms.keeping.verifying import verify_chain
from app.rooms.strict.update import read_update
from app.text.from_crdt import read_state
from app.text.model import Document, Run

DEMO = load_demonstration()
WRITTEN = [section for section in DEMO.sections if section.plan.written]


async def _a_section(session: AsyncSession) -> Section:
    group = WorkingGroup(name="Group")
    session.add(group)
    await session.flush()
    report = Report(working_group_id=group.id, title="Report")
    session.add(report)
    await session.flush()
    section = Section(report_id=report.id, position=0, title="Section")
    session.add(section)
    await session.flush()
    return section


async def _an_author(session: AsyncSession, key: str) -> Author:
    email = f"{key}@example.org"
    member = await session.scalar(select(Member).where(Member.email == email))
    if member is None:
        member = Member(name=key, email=email)
        session.add(member)
        await session.flush()
    return Author(member.id, "member")


async def _type_history(session: AsyncSession, plan: DemoSection, weaver: Weaver) -> SectionId:
    section_id = SectionId((await _a_section(session)).id)
    head = await log.lock_head(session, section_id)
    replay, typist = Replay(plan), Typist(section_id)
    for step in plan.steps:
        author = await _an_author(session, step.by)
        at_us = clock.to_us(step.at)
        for burst in replay.take(step):
            at_us += burst.typed_s * 1_000_000
            text = weaver.weave(burst.blocks)
            head = await typist.type(session, head, author, (text, at_us))
            assert read_state((await load_state(session, section_id))[0]) == text
    return section_id


@pytest.mark.parametrize("plan", WRITTEN, ids=lambda plan: plan.plan.key)
@pytest.mark.engine("sqlite")
async def test_every_burst_of_typing_is_in_the_log(database: Database, plan: DemoSection) -> None:
    async with database.write() as work:
        section_id = await _type_history(work.session, plan, Weaver())
        assert await verify_chain(work.session, section_id) is None


@pytest.mark.engine("sqlite")
async def test_what_is_typed_would_pass_the_door_of_a_room(database: Database) -> None:
    plan = next(section for section in WRITTEN if section.plan.key == "iii")
    async with database.write() as work:
        section_id = await _type_history(work.session, plan, Weaver())
        for row in await read_since(work.session, section_id, 0):
            assert read_update(row.entry.payload).writes


async def test_each_author_types_under_a_client_id_of_their_own(database: Database) -> None:
    plan = next(section for section in WRITTEN if section.plan.key == "ii")
    async with database.write() as work:
        section_id = await _type_history(work.session, plan, Weaver())
        bound = await work.session.scalars(
            select(ClientBinding.member_id).where(ClientBinding.section_id == section_id)
        )
        wrote: set[UUID | None] = set(
            await work.session.scalars(
                select(LogEntry.member_id).where(LogEntry.section_id == section_id)
            )
        )
        assert sorted(map(str, bound)) == sorted(map(str, wrote))
        assert len(wrote) == 8


async def test_what_is_agreed_is_kept_and_nothing_is_logged_for_nothing(
    database: Database,
) -> None:
    plan = next(section for section in WRITTEN if section.plan.key == "ii")
    weaver = Weaver()
    text = weaver.weave(plan.blocks)
    async with database.write() as work:
        section_id = SectionId((await _a_section(work.session)).id)
        author = await _an_author(work.session, "somebody")
        typist = Typist(section_id)
        head = await log.lock_head(work.session, section_id)
        head = await typist.type(work.session, head, author, (text, 1))
        again = await typist.type(work.session, head, author, (text, 2))
        locked = {weaver.id_of("definition")}
        bare = tuple(replace(block, inlines=(Run("Slipped in."),)) for block in text.blocks)
        slipped = Document((text.blocks[0], text.blocks[1], bare[2], *text.blocks[3:]), text.notes)
        kept = await typist.type(work.session, again, author, (slipped, 3), locked)
        assert kept.seq == again.seq == head.seq == 1
