"""Routes of reports, mandates, outlines, section states and the desk."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.access.load import access_section
from app.access.web import ActorDep, ReadDep, WorkDep
from app.ids import SectionId
from app.reports import desk, mandate, outline, shown, states
from app.reports.schemas import (
    Desk,
    MandateItemAsked,
    MandateItemChanged,
    MandateItemShown,
    ReportAsked,
    ReportChanged,
    ReportListed,
    ReportShown,
    SectionAsked,
    SectionChanged,
    SectionMoved,
    SectionShown,
    StateAsked,
)
from app.rooms.registry import RoomRegistry

router = APIRouter(tags=["reports"])


@router.get("/reports")
async def my_reports(actor: ActorDep, session: ReadDep) -> list[ReportListed]:
    """List the reports of my working groups, newest first."""
    return await shown.list_reports(session, actor)


@router.post("/working-groups/{working_group_id}/reports", status_code=201)
async def new_report(
    working_group_id: UUID, asked: ReportAsked, actor: ActorDep, work: WorkDep
) -> ReportShown:
    """Make a report of the working group."""
    report = await mandate.create_report(work, actor, working_group_id, asked)
    return await shown.show_report(work.session, actor, report.id)


@router.get("/reports/{report_id}")
async def one_report(report_id: UUID, actor: ActorDep, session: ReadDep) -> ReportShown:
    """Show a report with its mandate and outline."""
    return await shown.show_report(session, actor, report_id)


@router.patch("/reports/{report_id}")
async def change_report(
    report_id: UUID, asked: ReportChanged, actor: ActorDep, work: WorkDep
) -> ReportShown:
    """Change a report's title, symbol or time zone; what is left out stays."""
    await mandate.change_report(work, actor, report_id, asked)
    return await shown.show_report(work.session, actor, report_id)


@router.get("/reports/{report_id}/desk")
async def my_desk(report_id: UUID, request: Request, actor: ActorDep, session: ReadDep) -> Desk:
    """Show the outline with words and last changes, who is where, and what waits for me."""
    return await desk.show_desk(session, rooms_of(request), actor, report_id)


@router.post("/reports/{report_id}/mandate-items", status_code=201)
async def new_mandate_item(
    report_id: UUID, asked: MandateItemAsked, actor: ActorDep, work: WorkDep
) -> MandateItemShown:
    """Add an item to the mandate."""
    item = await mandate.add_mandate_item(work, actor, report_id, asked.text)
    return await shown.show_mandate_item(work.session, item)


@router.patch("/mandate-items/{mandate_item_id}")
async def change_mandate_item(
    mandate_item_id: UUID, asked: MandateItemChanged, actor: ActorDep, work: WorkDep
) -> MandateItemShown:
    """Change a mandate item's text or place; what is left out stays."""
    item = await mandate.change_mandate_item(work, actor, mandate_item_id, asked)
    return await shown.show_mandate_item(work.session, item)


@router.delete("/mandate-items/{mandate_item_id}", status_code=204)
async def delete_mandate_item(mandate_item_id: UUID, actor: ActorDep, work: WorkDep) -> None:
    """Take an item out of the mandate."""
    await mandate.delete_mandate_item(work, actor, mandate_item_id)


@router.post("/reports/{report_id}/sections", status_code=201)
async def new_section(
    report_id: UUID, asked: SectionAsked, actor: ActorDep, work: WorkDep
) -> SectionShown:
    """Add a section to the outline."""
    section = await outline.create_section(work, actor, report_id, asked)
    return await shown.show_section(work.session, actor, section)


@router.get("/sections/{section_id}")
async def one_section(section_id: UUID, actor: ActorDep, session: ReadDep) -> SectionShown:
    """Show a section and what I may do with it."""
    access = await access_section(session, actor, section_id)
    return await shown.show_section(session, actor, access.row)


@router.patch("/sections/{section_id}")
async def change_section(
    section_id: UUID, asked: SectionChanged, request: Request, actor: ActorDep, work: WorkDep
) -> SectionShown:
    """Change a section's title, numbering, subgroup or mandate items; what is left out stays."""
    section = await outline.change_section(work, actor, section_id, asked)
    rooms = rooms_of(request)
    work.after_commit(lambda: rooms.decided(SectionId(section_id)))
    return await shown.show_section(work.session, actor, section)


@router.delete("/sections/{section_id}", status_code=204)
async def delete_section(section_id: UUID, actor: ActorDep, work: WorkDep) -> None:
    """Delete a section that is outlined and empty."""
    await outline.delete_section(work, actor, section_id)


@router.post("/sections/{section_id}/move")
async def move_section(
    section_id: UUID, asked: SectionMoved, actor: ActorDep, work: WorkDep
) -> SectionShown:
    """Put a section, with all below it, elsewhere in the outline."""
    section = await outline.move_section(work, actor, section_id, asked)
    return await shown.show_section(work.session, actor, section)


@router.post("/sections/{section_id}/state")
async def change_state(
    section_id: UUID, asked: StateAsked, request: Request, actor: ActorDep, work: WorkDep
) -> SectionShown:
    """Bring a section into another state; every handing-in is sealed as a revision."""
    section = await states.change_state(work, rooms_of(request), actor, section_id, asked)
    return await shown.show_section(work.session, actor, section)


def rooms_of(request: Request) -> RoomRegistry:
    """Return the server's rooms."""
    rooms: RoomRegistry = request.app.state.services.rooms
    return rooms
