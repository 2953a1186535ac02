"""Puts a paragraph on the floor, moves on to the next, clears the floor."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app import clock
from app.access.actor import Actor
from app.access.load import access_meeting
from app.access.rights import Right
from app.db.tables import Meeting, Section
from app.db.unit_of_work import Work
from app.errors import Invalid, NotFound, Refused
from app.plenary.facts import load_sections, load_statuses
from app.plenary.gavel import status_in
from app.plenary.meetings import lock_meeting
from app.plenary.rules import MeetingState, Status, check_floor, check_open
from app.plenary.schemas import FloorCall
from app.plenary.view import SectionFacts, StatusFacts, status_of
from app.reports.rules import SectionState
from app.reports.schemas import StateAsked
from app.reports.states import change_state
from app.rooms.registry import Heads

Place = tuple[UUID, str]
"""A section and a paragraph in it."""


async def put_on_floor(
    work: Work, rooms: Heads, actor: Actor, meeting_id: UUID, call: FloorCall
) -> Meeting:
    """The paragraph is the one that the meeting discusses; with none, the floor is clear.

    Effects: a consolidated section goes into reading with its first paragraph on the floor.
    Raises: Refused (rules), NotFound.
    """
    meeting = (await access_meeting(work.session, actor, meeting_id, Right.PUT_ON_FLOOR)).row
    await lock_meeting(work, meeting)
    check_open(MeetingState(meeting.state))
    if call.paragraph_id is None:
        await _set(work, meeting, None)
        return meeting
    if call.section_id is None:
        raise Invalid("Say in which section the paragraph is: section_id.")
    sections = await load_sections(work.session, rooms, meeting.report_id)
    _check_present(sections, (call.section_id, call.paragraph_id))
    await _put(work, rooms, actor, meeting, (call.section_id, call.paragraph_id))
    return meeting


async def move_on(
    work: Work, rooms: Heads, actor: Actor, meeting_id: UUID, direction: int
) -> Meeting:
    """The next paragraph that is not agreed yet (or the one before) is on the floor.

    Raises: Refused when there is none that way.
    """
    meeting = (await access_meeting(work.session, actor, meeting_id, Right.PUT_ON_FLOOR)).row
    await lock_meeting(work, meeting)
    check_open(MeetingState(meeting.state))
    sections = await load_sections(work.session, rooms, meeting.report_id)
    statuses = await load_statuses(work.session, meeting.report_id)
    now = None
    if meeting.floor_section_id and meeting.floor_paragraph_id:
        now = (meeting.floor_section_id, meeting.floor_paragraph_id)
    place = next_place(sections, statuses, now, direction)
    if place is None:
        where = "after" if direction > 0 else "before"
        raise Refused(f"Nothing is left to consider {where} this paragraph.")
    await _put(work, rooms, actor, meeting, place)
    return meeting


def next_place(
    sections: Sequence[SectionFacts],
    statuses: Mapping[str, StatusFacts],
    now: Place | None,
    direction: int,
) -> Place | None:
    """Return the nearest place, that way, that a reading has still to consider."""
    places = [
        (section.id, paragraph.id)
        for section in sections
        if section.state in ("consolidated", "in_reading")
        for paragraph in section.paragraphs
        if paragraph.counts or (section.id, paragraph.id) == now
    ]
    if direction < 0:
        places.reverse()
    start = places.index(now) + 1 if now in places else 0
    waiting = (place for place in places[start:] if status_of(place[1], statuses) != Status.AGREED)
    return next(waiting, None)


async def _put(work: Work, rooms: Heads, actor: Actor, meeting: Meeting, place: Place) -> None:
    section = await work.session.get_one(Section, place[0], with_for_update=True)
    check_floor(await status_in(work, meeting.report_id, place[1]), section.state)
    if section.state == "consolidated":
        asked = StateAsked(to=SectionState.IN_READING)
        await change_state(work, rooms, actor, section.id, asked)
    await _set(work, meeting, place)


async def _set(work: Work, meeting: Meeting, place: Place | None) -> None:
    meeting.floor_section_id, meeting.floor_paragraph_id = place or (None, None)
    meeting.floor_since = clock.now() if place else None
    await work.touch_report(meeting.report_id)


def _check_present(sections: Sequence[SectionFacts], place: Place) -> None:
    section = next((one for one in sections if one.id == place[0]), None)
    if section is None:
        raise NotFound
    paragraph = next((one for one in section.paragraphs if one.id == place[1]), None)
    if paragraph is None:
        raise NotFound("This paragraph is no longer in the text.")
    if not paragraph.counts and paragraph.words == 0:
        raise Refused("This paragraph is empty, so there is nothing to discuss yet.")
