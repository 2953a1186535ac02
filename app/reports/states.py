"""Moves a section from state to state, and seals each handing-in as a named revision."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Role
from app.access.load import Access, access_section
from app.db.tables import (
    Meeting,
    ParagraphStatus,
    Revision,
    Section,
    SectionStateChange,
    Subgroup,
)
from app.db.unit_of_work import Work
from app.ids import SectionId, Seq, new_id
from app.reports.order import in_order
from app.reports.rules import (
    Edge,
    Facts,
    SectionState,
    check,
    permit,
    roles_towards,
    seal_name,
)
from app.reports.schemas import StateAsked
from app.rooms import log
from app.rooms.keeping.loading import load_state
from app.rooms.registry import Heads
from app.rooms.writing.repair import needs_repair, repair_at_head
from app.text import schema
from app.text.from_crdt import read_state
from app.text.hashing import content_hash
from app.text.model import Block, Document, plain_text
from app.text.numbering import label_blocks
from app.text.words import count_words

_IN_MEETING = frozenset({SectionState.IN_READING, SectionState.READ})
CONSIDERED = ("agreed", "bracketed", "parked")
_BEGINNING = 40


@dataclass(frozen=True, slots=True)
class _Step:
    section: Section
    edge: Edge
    role: Role
    roles: frozenset[Role]
    asked: StateAsked
    document: Document


async def change_state(
    work: Work, rooms: Heads, actor: Actor, section_id: UUID, asked: StateAsked
) -> Section:
    """Bring a section into another state.

    Effects: holds the section's row, so that text, decisions and states have one order; a
    handing-in is sealed as a revision of the text at exactly that place; after the commit the
    section's room reads rights and locks afresh.
    Raises: NotFound; Refused with `state` and `allowed`; Forbidden; Invalid without a reason where
    one is owed.
    """
    meeting = await _hold_meeting(work, section_id, asked.to)
    head = await log.lock_head(work.session, SectionId(section_id))
    access = await access_section(work.session, actor, section_id)
    section, before = access.row, SectionState(access.row.state)
    roles = _roles(access, actor)
    edge, role = permit(before, asked.to, roles, asked.reason)
    head, document = await _named_text(work, head, (actor.member_id, role.value))
    step = _Step(section, edge, role, roles, asked, document)
    check(before, asked.to, roles, await _facts(work, rooms, step, meeting))
    await _record(work, actor, step, head.seq)
    section.state = asked.to.value
    await work.session.flush()
    await work.touch_report(section.report_id)
    work.after_commit(lambda: rooms.decided(SectionId(section_id)))
    return section


async def _named_text(
    work: Work, head: log.Head, author: tuple[UUID, str]
) -> tuple[log.Head, Document]:
    """The text at the head, each of its blocks with an id of its own: only those can be decided on.

    Whoever wrote into an empty section and never began a second paragraph gave the first no id.
    """
    section_id = SectionId(head.section.id)
    state, _ = await load_state(work.session, section_id, head.seq)
    document = read_state(state)
    if not needs_repair(document):
        return head, document
    head = await repair_at_head(work.session, head, author)
    state, _ = await load_state(work.session, section_id, head.seq)
    return head, read_state(state)


def is_to_be_considered(block: Block) -> bool:
    """Return whether a reading must consider the block: it has words, and is no heading."""
    return block.kind != schema.HEADING and count_words(block) > 0


async def start_number(session: AsyncSession, rooms: Heads, section: Section) -> int:
    """Return the number of the section's first numbered paragraph in the report as it stands."""
    found = await session.scalars(select(Section).where(Section.report_id == section.report_id))
    order = [SectionId(row.id) for row, _ in in_order(list(found))]
    earlier = order[: order.index(SectionId(section.id))]
    heads = await rooms.read_heads(earlier)
    number = 1
    for section_id in earlier:
        _, number = label_blocks(heads[section_id].document, number)
    return number


async def _hold_meeting(work: Work, section_id: UUID, to: SectionState) -> Meeting | None:
    """The report's meeting, held before the section's row, in the order in which a gavel does."""
    if to not in _IN_MEETING:
        return None
    of_section = select(Section.report_id).where(Section.id == section_id).scalar_subquery()
    return await work.session.scalar(
        select(Meeting)
        .where(Meeting.report_id == of_section, Meeting.state != "closed")
        .with_for_update()
    )


def _roles(access: Access[Section], actor: Actor) -> frozenset[Role]:
    leads = access.row.subgroup_id in access.led_subgroups
    return roles_towards(access.roles, leads=leads, chosen=actor.acting_role)


async def _facts(work: Work, rooms: Heads, step: _Step, meeting: Meeting | None) -> Facts:
    section, is_reading_over = step.section, step.asked.to is SectionState.READ
    return Facts(
        has_subgroup=section.subgroup_id is not None,
        has_words=count_words(step.document) > 0,
        meeting_is_open=meeting is not None and meeting.state == "open",
        is_on_floor=meeting is not None and meeting.floor_section_id == section.id,
        remaining=await _remaining(work, rooms, step) if is_reading_over else (),
    )


async def _remaining(work: Work, rooms: Heads, step: _Step) -> tuple[str, ...]:
    """The labels of what was not considered; where there is no label, how the text begins."""
    found = await work.session.scalars(
        select(ParagraphStatus.paragraph_id).where(
            ParagraphStatus.report_id == step.section.report_id,
            ParagraphStatus.status.in_(CONSIDERED),
        )
    )
    considered = set(found)
    missing = [
        place
        for place, block in enumerate(step.document.blocks)
        if is_to_be_considered(block) and block.id not in considered
    ]
    if not missing:
        return ()
    labels = await _spoken_labels(work, rooms, step)
    return tuple(labels[place] for place in missing)


async def _spoken_labels(work: Work, rooms: Heads, step: _Step) -> list[str]:
    start = await start_number(work.session, rooms, step.section)
    labels, _ = label_blocks(step.document, start)
    above = ["", ""]
    spoken = []
    for block, label in zip(step.document.blocks, labels, strict=True):
        depth = block.level if block.kind == schema.SUBPARA else 0
        named = " ".join([*above[:depth], label]).strip()
        if block.kind != schema.PLAIN:
            above[depth:] = [label, ""]
        spoken.append(named if label else f"“{plain_text(block.inlines)[:_BEGINNING]}…”")
    return spoken


async def _record(work: Work, actor: Actor, step: _Step, seq: Seq) -> None:
    sealed = await _seal(work, actor, step, seq) if step.edge.seal else None
    work.session.add(
        SectionStateChange(
            section_id=step.section.id,
            seq=seq,
            from_state=step.section.state,
            to_state=step.asked.to.value,
            reason=step.asked.reason,
            revision_id=sealed,
            member_id=actor.member_id,
            acting_role=step.role.value,
        )
    )


async def _seal(work: Work, actor: Actor, step: _Step, seq: Seq) -> UUID:
    subgroup = await work.session.scalar(
        select(Subgroup.name).where(Subgroup.id == step.section.subgroup_id)
    )
    revision = Revision(
        id=new_id(),
        section_id=step.section.id,
        seq=seq,
        name=seal_name(step.edge, step.role, subgroup or ""),
        content_hash=content_hash(step.document),
        member_id=actor.member_id,
        acting_role=step.role.value,
    )
    work.session.add(revision)
    await work.session.flush()
    return revision.id
