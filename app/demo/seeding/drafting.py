"""Write the sections as their histories say: typed, handed in, returned, named."""

from datetime import datetime, timedelta

from app import clock
from app.access.text import load_text_rights
from app.db.unit_of_work import Work
from app.demo.content import ContentError, Demonstration
from app.demo.office import Office
from app.demo.replay import Replay
from app.demo.script import Step
from app.demo.seeding.heads import HeadsInWork
from app.demo.seeding.report import SeededReport
from app.demo.typist import Author, Typist
from app.demo.weave import Weaver
from app.ids import ParagraphId, SectionId
from app.reports.schemas import StateAsked
from app.reports.states import change_state
from app.revisions.schemas import RevisionAsked
from app.revisions.service import name_revision
from app.rooms import log


class Draft:
    """One section while it is written."""

    def __init__(self, work: Work, section_id: SectionId, replay: Replay) -> None:
        self.section_id = section_id
        self._work = work
        self._replay = replay
        self._weaver = Weaver()
        self._typist = Typist(section_id)

    def id_of(self, key: str) -> ParagraphId:
        """Return the id of the block with this key."""
        return self._weaver.id_of(key)

    async def write(self, step: Step, office: Office) -> datetime:
        """Type what a step says, from its time on, and return the time when that is done.

        Raises: ContentError when its author may not write the section then.
        """
        at = step.at
        bursts = self._replay.take(step)
        if not bursts:
            return at
        session = self._work.session
        actor = office.actor(step.by)
        head = await log.lock_head(session, self.section_id)
        rights = await load_text_rights(session, head.section.report_id, [actor.member_id])
        right = rights.of(head.section, actor.member_id)
        if not right.may_write:
            raise ContentError(f"{step.by} may not write at {step.at}: {right.reason}")
        author = Author(actor.member_id, right.acting_role.value)
        locked = {ParagraphId(one) for one in rights.locked_ids}
        for burst in bursts:
            at += timedelta(seconds=burst.typed_s)
            text = (self._weaver.weave(burst.blocks), clock.to_us(at))
            head = await self._typist.type(session, head, author, text, locked)
        return at


class Drafting:
    """All sections, each brought on by the steps of its history."""

    def __init__(
        self, work: Work, demo: Demonstration, office: Office, report: SeededReport
    ) -> None:
        self.heads = HeadsInWork(work.session)
        self.report_id = report.id
        self._work = work
        self._office = office
        self._demo = demo
        self._drafts = {
            section.plan.key: Draft(work, report.sections[section.plan.key], Replay(section))
            for section in demo.sections
        }

    def of(self, key: str) -> Draft:
        """Return the section with this key."""
        return self._drafts[key]

    def around(self, block_key: str) -> Draft:
        """Return the section in which a block stands today. Raises: ContentError."""
        return self._drafts[self._demo.section_of(block_key).plan.key]

    async def take(self, key: str, step: Step) -> None:
        """Do to a section what a step says, now. Effects: sets the clock to when it is done."""
        draft, actor = self._drafts[key], self._office.actor(step.by)
        if step.state is not None:
            asked = StateAsked(to=step.state, reason=step.reason)
            await change_state(self._work, self.heads, actor, draft.section_id, asked)
        clock.set_now(await draft.write(step, self._office))
        if step.revision is not None:
            named = RevisionAsked(name=step.revision)
            await name_revision(self._work, actor, draft.section_id, named)
