"""Opens and closes hall screens; finds the screen that a token shows."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.actor import Actor
from app.access.load import access_meeting, access_screen
from app.access.rights import Right
from app.access.secrets import new_token, token_hash
from app.db.tables import HallScreen, Meeting
from app.db.unit_of_work import Work
from app.errors import Refused


async def open_screen(
    work: Work, actor: Actor, meeting_id: UUID, label: str
) -> tuple[HallScreen, str]:
    """A hall screen of the meeting can be shown with the returned token, which is told once.

    Raises: Refused if the meeting is closed.
    """
    meeting = (await access_meeting(work.session, actor, meeting_id, Right.SHOW_SCREEN)).row
    if meeting.state == "closed":
        raise Refused("The meeting is closed, so there is nothing to show.")
    token = new_token()
    screen = HallScreen(meeting_id=meeting.id, label=label, token_hash=token_hash(token))
    work.session.add(screen)
    await work.session.flush()
    return screen, token


async def list_screens(session: AsyncSession, actor: Actor, meeting_id: UUID) -> list[HallScreen]:
    """Return the meeting's screens, oldest first, without their tokens."""
    await access_meeting(session, actor, meeting_id, Right.SHOW_SCREEN)
    found = await session.scalars(
        select(HallScreen).where(HallScreen.meeting_id == meeting_id).order_by(HallScreen.id)
    )
    return list(found)


async def close_screen(work: Work, actor: Actor, screen_id: UUID) -> None:
    """The screen's token shows nothing any more; a screen that stands open goes dark."""
    screen = (await access_screen(work.session, actor, screen_id)).row
    screen.revoked_at = screen.revoked_at or clock.now()
    meeting = await work.session.get_one(Meeting, screen.meeting_id)
    await work.touch_report(meeting.report_id)


async def screen_of(session: AsyncSession, token: str) -> HallScreen | None:
    """Return the screen that the token shows; None for an unknown or revoked one."""
    return await session.scalar(
        select(HallScreen).where(
            HallScreen.token_hash == token_hash(token), HallScreen.revoked_at.is_(None)
        )
    )
