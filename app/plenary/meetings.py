"""Opens, suspends, resumes and closes meetings; hands the pen over."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.access.actor import Actor, Role
from app.access.load import access_meeting, access_report, standing_of
from app.access.rights import TABLE, Right
from app.db.tables import Meeting, Member, Report
from app.db.unit_of_work import Work
from app.errors import Forbidden, Invalid, Refused
from app.plenary.facts import used_seconds
from app.plenary.rules import MeetingState, check_meeting_edge
from app.plenary.schemas import NewMeeting

_ONE_OPEN = "A meeting on this report is already going on. Close it before opening another."


async def open_meeting(work: Work, actor: Actor, report_id: UUID, new: NewMeeting) -> Meeting:
    """A meeting on the report is open, under the actor's chairmanship.

    Raises: Refused if one is open or suspended already.
    """
    await access_report(work.session, actor, report_id, Right.OPEN_MEETING)
    meeting = Meeting(
        report_id=report_id,
        title=new.title,
        reading=new.reading,
        planned_minutes=new.planned_minutes,
        chair_id=actor.member_id,
        opened_at=clock.now(),
        running_since=clock.now(),
    )
    work.session.add(meeting)
    try:
        await work.session.flush()
    except IntegrityError:
        raise Refused(_ONE_OPEN) from None
    await work.touch_report(report_id)
    return meeting


async def set_meeting_state(
    work: Work, actor: Actor, meeting_id: UUID, to: MeetingState
) -> Meeting:
    """The meeting is open, suspended or closed; its clock runs only while it is open.

    Effects: closing takes the paragraph off the floor and the pen out of every hand.
    """
    meeting = (await access_meeting(work.session, actor, meeting_id, Right.OPEN_MEETING)).row
    await lock_meeting(work, meeting)
    check_meeting_edge(MeetingState(meeting.state), to)
    meeting.used_s = used_seconds(meeting)
    meeting.running_since = clock.now() if to is MeetingState.OPEN else None
    meeting.state = to.value
    if to is MeetingState.CLOSED:
        meeting.closed_at = clock.now()
        meeting.pen_id = None
        meeting.floor_section_id = meeting.floor_paragraph_id = meeting.floor_since = None
    await work.touch_report(meeting.report_id)
    return meeting


async def hand_pen(work: Work, actor: Actor, meeting_id: UUID, member_id: UUID | None) -> Meeting:
    """The member holds the pen, or nobody does.

    The chair gives it to anyone; the secretariat takes it for themselves when it is free or in
    the secretariat's hands, and whoever holds it may lay it down.
    """
    access = await access_meeting(work.session, actor, meeting_id)
    meeting = access.row
    await lock_meeting(work, meeting)
    if meeting.state == MeetingState.CLOSED:
        raise Refused("The meeting is closed.", state=meeting.state)
    await _check_may_hand(work, actor, meeting, member_id)
    if member_id is not None:
        await _check_may_hold(work, meeting, member_id)
    meeting.pen_id = member_id
    await work.touch_report(meeting.report_id)
    return meeting


async def lock_meeting(work: Work, meeting: Meeting) -> None:
    """Make other commands on this meeting wait, and read its row afresh."""
    await work.session.refresh(meeting, with_for_update=True)


async def _roles(work: Work, meeting: Meeting, member_id: UUID) -> frozenset[Role]:
    group_id = await work.session.scalar(
        select(Report.working_group_id).where(Report.id == meeting.report_id)
    )
    if group_id is None:
        return frozenset()
    return (await standing_of(work.session, member_id, group_id)).roles


async def _check_may_hand(
    work: Work, actor: Actor, meeting: Meeting, member_id: UUID | None
) -> None:
    acting = await _roles(work, meeting, actor.member_id)
    if actor.acting_role is not None:
        acting &= {actor.acting_role}
    if acting & TABLE[Right.GIVE_PEN]:
        return
    if member_id is None and meeting.pen_id == actor.member_id:
        return
    if member_id != actor.member_id or Role.SECRETARIAT not in acting:
        raise Forbidden("Only the chair may hand over the pen.")
    if meeting.pen_id is None:
        return
    if Role.SECRETARIAT not in await _roles(work, meeting, meeting.pen_id):
        holder = await work.session.get_one(Member, meeting.pen_id)
        raise Refused(f"{holder.name} holds the pen. Ask the chair for it.")


async def _check_may_hold(work: Work, meeting: Meeting, member_id: UUID) -> None:
    roles = await _roles(work, meeting, member_id)
    if not roles:
        raise Invalid("That person has no seat in this working group.")
    if not roles & TABLE[Right.HOLD_PEN]:
        raise Refused("An observer cannot hold the pen.")
