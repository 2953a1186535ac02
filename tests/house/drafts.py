"""Puts drafts, meetings and decisions where a test begins: the rows as the server would write."""

from uuid import UUID

from app import clock
from app.db.tables import Decision, Meeting, ParagraphStatus
from app.db.unit_of_work import Work
from app.ids import ParagraphId, SectionId, new_id, new_paragraph_id
from app.rooms import log
from app.text import schema
from app.text.hashing import canonical, text_hash
from app.text.model import Block, Run
from tests.house.builders import BuiltReport, Group
from tests.house.people import Person
from tests.house.texts import read_text, write_text

_MARKUP = (
    ("# ", schema.HEADING, 1),
    ("-- ", schema.SUBPARA, 2),
    ("- ", schema.SUBPARA, 1),
    ("~ ", schema.PLAIN, 0),
)


def a_block(line: str) -> Block:
    """Return a block of one line: `# heading`, `- (a)`, `-- (i)`, `~ unnumbered`, else numbered."""
    for mark, kind, level in _MARKUP:
        if line.startswith(mark):
            return _block(line.removeprefix(mark), kind, level)
    return _block(line, schema.PARA, 0)


def _block(text: str, kind: str, level: int) -> Block:
    inlines = (Run(text),) if text else ()
    return Block(new_paragraph_id(), kind, level, inlines=inlines)


async def write(
    group: Group, section_id: SectionId, *lines: str, by: Person | None = None
) -> list[ParagraphId]:
    """Add lines to the end of a section's text, by the member unless told; return their ids."""
    added = [a_block(line) for line in lines]
    before = await read_text(group.house.database, section_id)
    author = (by or group.member).id
    await write_text(group.house.database, section_id, author, [*before.blocks, *added])
    return [block.id for block in added if block.id]


async def a_meeting(
    group: Group,
    report: BuiltReport,
    *,
    state: str = "open",
    floor: tuple[SectionId, ParagraphId] | None = None,
    pen: Person | None = None,
) -> UUID:
    """Return a meeting on the report, under the chair."""
    meeting = Meeting(
        id=new_id(),
        report_id=report.id,
        title="First reading",
        planned_minutes=120,
        state=state,
        chair_id=group.chair.id,
        pen_id=pen.id if pen else None,
        floor_section_id=floor[0] if floor else None,
        floor_paragraph_id=floor[1] if floor else None,
        floor_since=clock.now() if floor else None,
        opened_at=clock.now(),
        running_since=clock.now() if state == "open" else None,
    )
    async with group.house.database.write() as work:
        work.session.add(meeting)
        await work.session.flush()
        await work.touch_report(report.id)
    return meeting.id


async def decided(
    group: Group, meeting_id: UUID, section_id: SectionId, paragraph_id: ParagraphId, status: str
) -> None:
    """Record that the meeting decided on a paragraph as it stands."""
    async with group.house.database.write() as work:
        await decide_in(work, group, meeting_id, (section_id, paragraph_id), status)


async def decide_in(
    work: Work, group: Group, meeting_id: UUID, place: tuple[SectionId, ParagraphId], status: str
) -> None:
    """Record in this transaction that the meeting decided on a paragraph as it stands."""
    section_id, paragraph_id = place
    document = await read_text(group.house.database, section_id)
    block = next(block for block in document.blocks if block.id == paragraph_id)
    head = await log.lock_head(work.session, section_id)
    entry = log.Entry(log.DECISION, group.chair.id, "chair", clock.now_us(), b"{}")
    head = await log.append(work.session, head, entry)
    decision = Decision(
        id=new_id(),
        report_id=head.section.report_id,
        meeting_id=meeting_id,
        section_id=section_id,
        seq=head.seq,
        paragraph_id=paragraph_id,
        label="",
        verb="agree",
        status_before="tabled",
        status_after=status,
        canonical=canonical(block, document.notes).decode(),
        text_hash=text_hash(block, document.notes),
        member_id=group.chair.id,
        acting_role="chair",
        reading=1,
        idempotency_key=str(new_id()),
    )
    work.session.add(decision)
    await work.session.flush()
    await work.session.merge(
        ParagraphStatus(
            report_id=decision.report_id,
            paragraph_id=decision.paragraph_id,
            section_id=decision.section_id,
            status=status,
            text_hash=decision.text_hash,
            decision_id=decision.id,
        )
    )
    await work.touch_report(decision.report_id)
