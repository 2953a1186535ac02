"""Records what the meeting decides on a paragraph, bound to the exact text that was shown."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from app import clock
from app.access.actor import Actor
from app.access.load import Access, access_meeting
from app.access.rights import Right
from app.db.tables import Decision, Meeting, ParagraphStatus, Section
from app.db.unit_of_work import Work
from app.errors import Invalid, NotFound, Refused, TextMoved
from app.ids import DecisionId, ParagraphId, SectionId, Seq, TextHash, new_id
from app.plenary.facts import load_sections
from app.plenary.meetings import lock_meeting
from app.plenary.rules import MeetingState, Status, Verb, check_open, next_status
from app.plenary.schemas import DecisionCall
from app.plenary.view import full_label_in
from app.rooms import log
from app.rooms.keeping.loading import load_state
from app.rooms.registry import Heads
from app.text import from_crdt, hashing, jsonable
from app.text.model import Block, Document, is_pending, plain_text


@dataclass(frozen=True, slots=True)
class GavelCall:
    """What the chair asks: the decision, and the key that makes a repeated request decide once."""

    actor: Actor
    meeting_id: UUID
    decision: DecisionCall
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph at the head of its section's log."""

    block: Block
    document: Document
    seq: Seq
    hash: TextHash

    @property
    def canonical(self) -> str:
        """The canonical text that the hash is the hash of."""
        return hashing.canonical(self.block, self.document.notes).decode()


async def decide(work: Work, rooms: Heads, asked: GavelCall) -> Decision:
    """Record that the meeting decided on a paragraph exactly as it was shown.

    asked.decision.seen_hash: hash of the text on the podium's screen (text.hashing).
    Effects: consumes a seq of the section; an agreed paragraph is locked from this commit on;
    after it every screen is told. The same key again gives the first decision.
    Raises: Refused (rules), TextMoved (the text at the head differs), NotFound.
    Source: glossary "gavel": decisions bind to text, not to time.
    """
    access = await access_meeting(work.session, asked.actor, asked.meeting_id, Right.GAVEL)
    meeting = access.row
    await lock_meeting(work, meeting)
    made = await _made_before(work, asked)
    if made is not None:
        return made
    check_open(MeetingState(meeting.state))
    call = asked.decision
    section = await _section_in_reading(work, meeting, call.section_id)
    head = await log.lock_head(work.session, SectionId(section.id))
    shown = await read_paragraph(work, section, call.paragraph_id, head.seq)
    if shown.hash != call.seen_hash:
        raise text_moved(call.seen_hash, shown)
    if call.verb is Verb.AGREE and is_pending(shown.block):
        raise Refused("A suggestion is pending in this paragraph. Accept or reject it first.")
    decision = await _decision(work, rooms, access, asked, shown)
    await _append(work, head, decision)
    work.session.add(decision)
    await work.session.flush()
    await _set_status(work, decision)
    await work.touch_report(meeting.report_id)
    work.after_commit(lambda: rooms.decided(SectionId(section.id)))
    return decision


async def read_paragraph(work: Work, section: Section, paragraph_id: str, seq: Seq) -> Shown:
    """Return the paragraph in the section's text at exactly this seq, read in this transaction.

    Raises: NotFound if it is not there; Refused if its id is doubled.
    """
    state, _ = await load_state(work.session, SectionId(section.id), seq)
    document = from_crdt.read_state(state)
    found = [block for block in document.blocks if block.id == paragraph_id]
    if not found:
        raise NotFound("This paragraph is no longer in the text.")
    if len(found) > 1:
        raise Refused("Two paragraphs carry this one's id. Wait a moment until that is repaired.")
    return Shown(found[0], document, seq, hashing.text_hash(found[0], document.notes))


def text_moved(seen_hash: str, shown: Shown) -> TextMoved:
    """Return the refusal that carries both texts' hashes and what is true now."""
    return TextMoved(
        "The text changed after it was put on your screen. Read it again before deciding.",
        shown_hash=seen_hash,
        current_hash=shown.hash,
        current_text=plain_text(shown.block.inlines),
        current_block=jsonable.block_json(shown.block, shown.document.notes, ""),
        seq=shown.seq,
    )


async def _made_before(work: Work, asked: GavelCall) -> Decision | None:
    made = await work.session.scalar(
        select(Decision).where(
            Decision.meeting_id == asked.meeting_id,
            Decision.idempotency_key == asked.idempotency_key,
        )
    )
    call = asked.decision
    if made is not None and (made.paragraph_id, made.verb) != (call.paragraph_id, call.verb):
        raise Invalid("This idempotency key was used for another decision.")
    return made


async def _section_in_reading(work: Work, meeting: Meeting, section_id: UUID) -> Section:
    section = await work.session.scalar(
        select(Section).where(Section.id == section_id, Section.report_id == meeting.report_id)
    )
    if section is None:
        raise NotFound
    if section.state != "in_reading":
        raise Refused("The plenary is not reading this section.", state=section.state)
    return section


async def _decision(
    work: Work, rooms: Heads, access: Access[Meeting], asked: GavelCall, shown: Shown
) -> Decision:
    meeting, call = access.row, asked.decision
    before = await status_in(work, meeting.report_id, call.paragraph_id)
    on_floor = meeting.floor_paragraph_id == call.paragraph_id
    after = next_status(before, call.verb, on_floor=on_floor, reason=call.reason)
    sections = await load_sections(work.session, rooms, meeting.report_id)
    return Decision(
        id=DecisionId(new_id()),
        report_id=meeting.report_id,
        meeting_id=meeting.id,
        section_id=call.section_id,
        paragraph_id=call.paragraph_id,
        label=full_label_in(sections, call.section_id, call.paragraph_id),
        verb=call.verb.value,
        status_before=before.value,
        status_after=after.value,
        canonical=shown.canonical,
        text_hash=shown.hash,
        reason=call.reason.strip(),
        member_id=asked.actor.member_id,
        acting_role=access.acting_role.value,
        reading=meeting.reading,
        idempotency_key=asked.idempotency_key,
        decided_at=clock.now(),
    )


async def status_in(work: Work, report_id: UUID, paragraph_id: str) -> Status:
    """Return the paragraph's status; tabled where nothing was decided."""
    row = await work.session.get(ParagraphStatus, (report_id, paragraph_id))
    return Status(row.status) if row else Status.TABLED


async def _append(work: Work, head: log.Head, decision: Decision) -> None:
    payload: dict[str, Any] = {
        "decision": str(decision.id),
        "paragraph": decision.paragraph_id,
        "verb": decision.verb,
        "text_hash": decision.text_hash,
    }
    entry = log.Entry(
        kind="decision",
        member_id=decision.member_id,
        acting_role=decision.acting_role,
        at_us=clock.to_us(decision.decided_at),
        payload=orjson.dumps(payload),
    )
    after = await log.append(work.session, head, entry)
    decision.seq = after.seq


async def _set_status(work: Work, decision: Decision) -> None:
    key = (decision.report_id, decision.paragraph_id)
    row = await work.session.get(ParagraphStatus, key)
    if row is None:
        row = ParagraphStatus(
            report_id=decision.report_id, paragraph_id=ParagraphId(decision.paragraph_id)
        )
        work.session.add(row)
    row.section_id = decision.section_id
    row.status = decision.status_after
    row.text_hash = decision.text_hash
    row.decision_id = decision.id
    await work.session.flush()
