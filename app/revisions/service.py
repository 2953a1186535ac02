"""Names revisions, and restores an earlier text as a new change."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pycrdt import Doc
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Actor
from app.access.load import access_section
from app.access.rights import Right
from app.access.text import locked_paragraphs, text_right
from app.db.engine import Database
from app.db.tables import Revision
from app.db.unit_of_work import Work
from app.errors import Forbidden
from app.ids import ParagraphId, SectionId
from app.reports.states import start_number
from app.revisions.past import check_seq, document_at
from app.revisions.people import People, people_of
from app.revisions.schemas import RestoreShown, RevisionAsked, RevisionShown
from app.rooms.log import lock_head
from app.rooms.registry import RoomRegistry
from app.text import from_crdt, hashing, into_crdt
from app.text.model import Document
from app.text.numbering import label_blocks
from app.text.restore import restore_document


async def name_revision(
    work: Work, actor: Actor, section_id: UUID, asked: RevisionAsked
) -> Revision:
    """The text at a seq has a name, sealed by its content hash.

    Raises: Invalid for a seq that the log has not reached.
    """
    access = await access_section(work.session, actor, section_id, Right.NAME_REVISION)
    head = await lock_head(work.session, SectionId(section_id))
    seq = head.seq if asked.seq is None else asked.seq
    check_seq(head.section, seq)
    revision = Revision(
        section_id=section_id,
        seq=seq,
        name=asked.name,
        content_hash=hashing.content_hash(await document_at(work.session, head.section, seq)),
        member_id=actor.member_id,
        acting_role=access.acting_role.value,
        created_at=clock.now(),
    )
    work.session.add(revision)
    await work.session.flush()
    await work.touch_report(head.section.report_id)
    return revision


async def list_revisions(
    session: AsyncSession, actor: Actor, section_id: UUID
) -> list[RevisionShown]:
    """Return the section's named revisions, newest first."""
    section = (await access_section(session, actor, section_id)).row
    found = await session.scalars(
        select(Revision).where(Revision.section_id == section_id).order_by(Revision.id.desc())
    )
    revisions = found.all()
    people = await people_of(session, section, (one.member_id for one in revisions))
    return [show_revision(one, people) for one in revisions]


def show_revision(revision: Revision, people: People) -> RevisionShown:
    """Return a revision as routes give it."""
    return RevisionShown(
        id=revision.id,
        section_id=revision.section_id,
        seq=revision.seq,
        name=revision.name,
        content_hash=revision.content_hash,
        by=people.person(revision.member_id),
        acting_role=revision.acting_role,
        created_at=revision.created_at,
    )


@dataclass(frozen=True, slots=True)
class RestoreCall:
    """Who wants which section's text of which seq back."""

    actor: Actor
    section_id: UUID
    seq: int


@dataclass(slots=True)
class _Restoring:
    """The edit that lays the old text over the present one, and what it had to leave."""

    old: Document
    locked: frozenset[str]
    start: int
    left: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, doc: Doc[Any]) -> None:
        locked = [ParagraphId(one) for one in self.locked]
        restored = restore_document(from_crdt.read_document(doc), self.old, locked)
        into_crdt.write_document(doc, restored.document, keep=locked)
        labels, _ = label_blocks(restored.document, self.start)
        blocks = zip(restored.document.blocks, labels, strict=True)
        label_of = {block.id: label for block, label in blocks}
        self.left = [
            {
                "paragraph_id": block.id,
                "label": label_of.get(block.id, ""),
                "reason": "This paragraph is agreed, so its text was left as it is.",
            }
            for block in restored.left
        ]


async def restore(database: Database, rooms: RoomRegistry, call: RestoreCall) -> RestoreShown:
    """The text of an earlier seq stands again, as a new change; agreed paragraphs are left.

    Effects: one log row by the actor, shown to everyone in the room.
    Raises: Forbidden for someone who may not write this section's text now; Invalid.
    """
    actor, section_id = call.actor, SectionId(call.section_id)
    async with database.read() as session:
        section = (await access_section(session, actor, section_id, Right.RESTORE)).row
        right = await text_right(session, actor.member_id, section, actor.acting_role)
        if not right.may_write:
            raise Forbidden(right.reason)
        check_seq(section, call.seq)
        edit = _Restoring(
            old=await document_at(session, section, call.seq),
            locked=await locked_paragraphs(session, section.report_id),
            start=await start_number(session, rooms, section),
        )
    seq = await rooms.server_edit(section_id, edit, actor, right.acting_role)
    return RestoreShown(seq=seq, left=edit.left)
