"""Hold the plenary's meetings: the floor, the pen and the gavel, at the minutes that were set."""

from app import clock
from app.access.actor import Role
from app.db.tables import Meeting
from app.db.unit_of_work import Work
from app.demo.content import ContentError
from app.demo.office import Office
from app.demo.script import Event, MeetingPlan, Step
from app.demo.seeding.drafting import Drafting
from app.ids import new_id
from app.plenary.floor import put_on_floor
from app.plenary.gavel import GavelCall, decide
from app.plenary.meetings import hand_pen, open_meeting, set_meeting_state
from app.plenary.rules import MeetingState, Verb
from app.plenary.schemas import DecisionCall, FloorCall, NewMeeting
from app.reports.rules import SectionState
from app.reports.schemas import StateAsked
from app.reports.states import change_state
from app.text.hashing import text_hash


class Sitting:
    """One meeting: the chair acts, and the holder of the pen writes, when the clock says so."""

    def __init__(self, work: Work, plan: MeetingPlan, office: Office, drafting: Drafting) -> None:
        self._work = work
        self._plan = plan
        self._office = office
        self._drafting = drafting
        self._chair = office.first(Role.CHAIR)
        self._row: Meeting | None = None

    async def open(self) -> None:
        """Open the meeting and hand over the pen."""
        plan = self._plan
        new = NewMeeting(
            title=plan.title, reading=plan.reading, planned_minutes=plan.planned_minutes
        )
        self._row = await open_meeting(self._work, self._chair, self._drafting.report_id, new)
        holder = self._office.members[plan.pen]
        await hand_pen(self._work, self._chair, self._meeting.id, holder)

    async def take(self, event: Event) -> None:
        """Let an event happen."""
        if event.section is not None and event.state is not None:
            await self._bring(event.section, event.state)
        elif event.today is not None:
            await self._put_on_floor(event.today)
            step = Step(at=clock.now(), by=self._plan.pen, today=(event.today,))
            await self._drafting.around(event.today).write(step, self._office)
        elif event.floor is not None:
            await self._put_on_floor(event.floor)
        elif event.paragraph is not None and event.decide is not None:
            await self._put_on_floor(event.paragraph)
            await self._decide(event.paragraph, event.decide, event.reason)
        else:
            raise ContentError(f"Nothing happens in minute {event.minute} of {self._plan.title}.")

    async def close(self) -> None:
        """Close the meeting."""
        to = MeetingState.CLOSED
        await set_meeting_state(self._work, self._chair, self._meeting.id, to)

    @property
    def _meeting(self) -> Meeting:
        if self._row is None:
            raise ContentError(f"{self._plan.title} is not open.")
        return self._row

    async def _bring(self, key: str, to: SectionState) -> None:
        drafting = self._drafting
        if to is SectionState.READ:
            call = FloorCall(paragraph_id=None)
            await put_on_floor(self._work, drafting.heads, self._chair, self._meeting.id, call)
        asked, section_id = StateAsked(to=to), drafting.of(key).section_id
        await change_state(self._work, drafting.heads, self._chair, section_id, asked)

    async def _put_on_floor(self, key: str) -> None:
        draft = self._drafting.around(key)
        call = FloorCall(section_id=draft.section_id, paragraph_id=draft.id_of(key))
        heads, meeting = self._drafting.heads, self._meeting
        if meeting.floor_paragraph_id != call.paragraph_id:
            await put_on_floor(self._work, heads, self._chair, meeting.id, call)

    async def _decide(self, key: str, verb: Verb, reason: str) -> None:
        draft, heads = self._drafting.around(key), self._drafting.heads
        head = (await heads.read_heads([draft.section_id]))[draft.section_id]
        paragraph_id = draft.id_of(key)
        shown = next(block for block in head.document.blocks if block.id == paragraph_id)
        call = DecisionCall(
            section_id=draft.section_id,
            paragraph_id=paragraph_id,
            verb=verb,
            seen_hash=text_hash(shown, head.document.notes),
            seen_seq=head.seq,
            reason=reason,
        )
        asked = GavelCall(self._chair, self._meeting.id, call, str(new_id()))
        await decide(self._work, heads, asked)
