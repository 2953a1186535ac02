"""Fills Rapporteur's database before a run: a working group, its people, reports, texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from sqlalchemy import insert, update

from app import clock
from app.access.actor import Role
from app.access.identify import API_TOKEN_PREFIX
from app.access.secrets import new_token, token_hash
from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.migrate import migrate
from app.db.tables import ApiToken, LogEntry, Member, Section, SubgroupMember
from app.db.unit_of_work import Work
from app.ids import ReportId, SectionId, Seq
from app.rooms import log
from app.rooms.keeping.checkpoints import write_checkpoint
from app.settings import Settings
from app.text.from_crdt import read_state
from app.text.hashing import content_hash
from benchmarks.servers.base import Setting
from benchmarks.servers.texts import state_of
from tests.house import drafts
from tests.house.builders import BuiltReport, Group, House, a_report, a_working_group, give_seat
from tests.house.people import Person
from tests.house.texts import read_text

SECTIONS_PER_REPORT = 20
CHECKPOINT_ROWS = 500


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a load needs to know: each section, each person's API token, each report."""

    sections: list[SectionId]
    tokens: list[str]
    reports: list[ReportId]


async def seed(settings: Settings, setting: Setting) -> Seeded:
    """Bring a database to the setting; everybody may write in every section."""
    database = Database(settings, MemoryBroker())
    try:
        await migrate(database.engine)
        async with httpx.AsyncClient() as http:
            group = await a_working_group(House(database, http))
        tokens = await _people(group, setting.people)
        reports = await _reports(group, setting.sections)
        sections = [section for report in reports for section in report.sections]
        for section in sections:
            await _write(group, section, setting)
        if setting.agreed:
            await _agree(group, reports[0], setting.agreed)
    finally:
        await database.dispose()
    return Seeded(sections, tokens, [ReportId(report.id) for report in reports])


async def _people(group: Group, count: int) -> list[str]:
    http = group.house.http
    people = [
        Person(f"Delegate {number}", http, api_token=new_token(API_TOKEN_PREFIX))
        for number in range(count)
    ]
    async with group.house.database.write() as work:
        work.session.add_all(Member(id=one.id, name=one.name, email=one.email) for one in people)
        await work.session.flush()
        for one in people:
            await give_seat(work, group.id, one, [Role.MEMBER])
            seat = SubgroupMember(subgroup_id=group.access, member_id=one.id, convenor=False)
            key = ApiToken(member_id=one.id, name="load", token_hash=token_hash(one.api_token))
            work.session.add_all([seat, key])
    return [one.api_token for one in people]


async def _reports(group: Group, sections: int) -> list[BuiltReport]:
    reports = []
    for first in range(0, sections, SECTIONS_PER_REPORT):
        titles = [f"Section {first + n}" for n in range(min(SECTIONS_PER_REPORT, sections - first))]
        reports.append(await a_report(group, titles))
    return reports


async def _write(group: Group, section: SectionId, setting: Setting) -> None:
    """Log the text as the server would have: chained rows, and the last checkpoint among them."""
    rows: Sequence[bytes] = setting.rows or (setting.text,)
    author = group.member.id
    logged, previous = [], log.EMPTY_HASH
    for seq, payload in enumerate(rows, start=1):
        entry = log.Entry(log.UPDATE, author, "member", clock.now_us(), payload)
        previous = log.chained_hash(previous, section, seq, entry)
        logged.append(
            {
                "section_id": section,
                "seq": seq,
                "kind": entry.kind,
                "member_id": author,
                "acting_role": entry.acting_role,
                "at_us": entry.at_us,
                "payload": payload,
                "hash": previous,
            }
        )
    async with group.house.database.write() as work:
        await work.session.execute(insert(LogEntry), logged)
        await work.session.execute(
            update(Section)
            .where(Section.id == section)
            .values(head_seq=len(rows), head_hash=previous, changed_at=clock.now())
        )
        last = len(rows) - len(rows) % CHECKPOINT_ROWS
        if last and setting.has_checkpoint:
            await _checkpoint(work, section, rows[:last], logged[last - 1]["hash"])


async def _checkpoint(
    work: Work, section: SectionId, rows: Sequence[bytes], log_hash: object
) -> None:
    state = state_of(rows)
    head = await log.lock_head(work.session, section)
    assert isinstance(log_hash, bytes)
    at = log.Head(head.section, Seq(len(rows)), log_hash)
    await write_checkpoint(work.session, at, state, content_hash(read_state(state)))


async def _agree(group: Group, report: BuiltReport, count: int) -> None:
    meeting = await drafts.a_meeting(group, report)
    section = report.sections[0]
    document = await read_text(group.house.database, section)
    for block in document.blocks[:count]:
        assert block.id is not None
        await drafts.decided(group, meeting, section, block.id, "agreed")
