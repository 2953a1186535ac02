"""Reads the record: meetings, decisions, screens and the view, as routes give them."""

from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.load import access_meeting, access_report
from app.db.engine import Database
from app.db.tables import Decision, HallScreen, Meeting, Member
from app.plenary.facts import load_facts, used_seconds
from app.plenary.rules import MeetingState, Verb
from app.plenary.schemas import DecisionOut, MeetingOut, Person, ReportView, ScreenOut
from app.plenary.view import build_view
from app.rooms.registry import RoomRegistry
from app.text import schema


class ReportViews:
    """Builds the view of a report for its live channel."""

    def __init__(self, database: Database, rooms: RoomRegistry) -> None:
        self._database = database
        self._rooms = rooms

    async def build(self, report_id: UUID) -> ReportView:
        """Return the report's view as of now, whole."""
        async with self._database.read() as session:
            return build_view(await load_facts(session, self._rooms, report_id))


async def get_view(
    session: AsyncSession, rooms: RoomRegistry, actor: Actor, report_id: UUID
) -> ReportView:
    """Return the report's view for a member who may see it."""
    await access_report(session, actor, report_id)
    return build_view(await load_facts(session, rooms, report_id))


async def list_meetings(session: AsyncSession, actor: Actor, report_id: UUID) -> list[MeetingOut]:
    """Return the report's meetings, newest first."""
    await access_report(session, actor, report_id)
    found = await session.scalars(
        select(Meeting).where(Meeting.report_id == report_id).order_by(Meeting.id.desc())
    )
    return [await meeting_out(session, meeting) for meeting in found.all()]


async def get_meeting(session: AsyncSession, actor: Actor, meeting_id: UUID) -> MeetingOut:
    """Return one meeting."""
    return await meeting_out(session, (await access_meeting(session, actor, meeting_id)).row)


async def list_decisions(
    session: AsyncSession, actor: Actor, meeting_id: UUID
) -> list[DecisionOut]:
    """Return the meeting's decisions, oldest first."""
    await access_meeting(session, actor, meeting_id)
    found = await session.scalars(
        select(Decision).where(Decision.meeting_id == meeting_id).order_by(Decision.id)
    )
    return [await decision_out(session, decision) for decision in found.all()]


async def list_paragraph_decisions(
    session: AsyncSession, actor: Actor, report_id: UUID, paragraph_id: str
) -> list[DecisionOut]:
    """Return all decisions on a paragraph, oldest first."""
    await access_report(session, actor, report_id)
    found = await session.scalars(
        select(Decision)
        .where(Decision.report_id == report_id, Decision.paragraph_id == paragraph_id)
        .order_by(Decision.id)
    )
    return [await decision_out(session, decision) for decision in found.all()]


async def meeting_out(session: AsyncSession, meeting: Meeting) -> MeetingOut:
    """Return a meeting as routes give it."""
    return MeetingOut(
        id=meeting.id,
        report_id=meeting.report_id,
        title=meeting.title,
        reading=meeting.reading,
        planned_minutes=meeting.planned_minutes,
        state=MeetingState(meeting.state),
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
        used_s=used_seconds(meeting),
        chair=await _person(session, meeting.chair_id),
        pen=await _person(session, meeting.pen_id) if meeting.pen_id else None,
    )


async def decision_out(session: AsyncSession, decision: Decision) -> DecisionOut:
    """Return a decision as it stands on the record."""
    return DecisionOut(
        id=decision.id,
        meeting_id=decision.meeting_id,
        section_id=decision.section_id,
        paragraph_id=decision.paragraph_id,
        label=decision.label,
        verb=Verb(decision.verb),
        status_before=decision.status_before,
        status_after=decision.status_after,
        text=canonical_text(decision.canonical),
        text_hash=decision.text_hash,
        seq=decision.seq,
        reason=decision.reason,
        reading=decision.reading,
        by=await _person(session, decision.member_id),
        acting_role=decision.acting_role,
        decided_at=decision.decided_at,
    )


def canonical_text(canonical: str) -> str:
    """Return the words of a canonical paragraph (text.hashing): its runs without their marks."""
    runs = orjson.loads(canonical)[3]
    return "".join(run[0] for run in runs if run[0] != schema.ATOM)


def screen_out(screen: HallScreen, token: str | None = None, url: str | None = None) -> ScreenOut:
    """Return a hall screen as routes give it; token and address only when it was just opened."""
    return ScreenOut(
        id=screen.id,
        label=screen.label,
        created_at=screen.created_at,
        revoked_at=screen.revoked_at,
        token=token,
        url=url,
    )


async def _person(session: AsyncSession, member_id: UUID) -> Person:
    member = await session.get_one(Member, member_id)
    return Person(member_id=member_id, name=member.name)
