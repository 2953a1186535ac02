"""Reads reports and outlines for people, each reader with what they may do, in few queries."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.load import Access, Standing, access_report
from app.access.rights import Right, acting_role
from app.access.text import decide_text_right
from app.db.tables import (
    MandateItem,
    Meeting,
    Report,
    Seat,
    Section,
    SectionMandateItem,
    Subgroup,
    WorkingGroup,
)
from app.ids import SectionId
from app.reports.order import in_order, numbers_of
from app.reports.rules import SectionState, edges_of, roles_towards
from app.reports.schemas import (
    MandateItemShown,
    May,
    MayWithReport,
    Named,
    ReportListed,
    ReportShown,
    SectionShown,
)


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's sections as one reader may see and change them, in reading order."""

    access: Access[Report]
    rows: tuple[Section, ...]
    shown: tuple[SectionShown, ...]
    meeting: Meeting | None
    """The one that is open or suspended."""


async def list_reports(session: AsyncSession, actor: Actor) -> list[ReportListed]:
    """Return the reports of the working groups in which the actor has a seat, newest first."""
    found = await session.execute(
        select(Report, WorkingGroup)
        .join(WorkingGroup, WorkingGroup.id == Report.working_group_id)
        .join(Seat, Seat.working_group_id == WorkingGroup.id)
        .where(Seat.member_id == actor.member_id)
        .order_by(Report.id.desc())
    )
    return [_listed(report, group) for report, group in found]


async def show_report(session: AsyncSession, actor: Actor, report_id: UUID) -> ReportShown:
    """Return a report with mandate and outline.

    Raises: NotFound.
    """
    outline = await load_outline(session, actor, report_id)
    listed = await listed_report(session, outline.access.row)
    return ReportShown(
        **dict(listed),
        mandate_items=await _mandate(session, report_id),
        sections=list(outline.shown),
        may=MayWithReport(
            edit_outline=_may(outline.access, actor, Right.EDIT_OUTLINE),
            edit_mandate=_may(outline.access, actor, Right.EDIT_MANDATE),
            open_meeting=_may(outline.access, actor, Right.OPEN_MEETING),
        ),
    )


async def show_section(session: AsyncSession, actor: Actor, section: Section) -> SectionShown:
    """Return one section in its outline, as the actor may see and change it."""
    outline = await load_outline(session, actor, section.report_id)
    return next(shown for shown in outline.shown if shown.id == section.id)


async def show_mandate_item(session: AsyncSession, item: MandateItem) -> MandateItemShown:
    """Return one mandate item with the sections that answer it."""
    items = await _mandate(session, item.report_id)
    return next(shown for shown in items if shown.id == item.id)


async def listed_report(session: AsyncSession, report: Report) -> ReportListed:
    """Return a report by name."""
    group = await session.get_one(WorkingGroup, report.working_group_id)
    return _listed(report, group)


async def load_outline(session: AsyncSession, actor: Actor, report_id: UUID) -> Outline:
    """Return the outline with what the actor may do in each section. A constant number of queries.

    Raises: NotFound.
    """
    access = await access_report(session, actor, report_id)
    found = await session.scalars(select(Section).where(Section.report_id == report_id))
    ordered = in_order(list(found))
    rows = tuple(row for row, _ in ordered)
    numbers = numbers_of(rows)
    subgroups = await _subgroups(session, access.row.working_group_id)
    answers = await _answers(session, report_id)
    meeting = await session.scalar(
        select(Meeting).where(Meeting.report_id == report_id, Meeting.state != "closed")
    )
    reader = _Reader(access, actor, meeting)
    shown = tuple(
        SectionShown(
            id=row.id,
            report_id=row.report_id,
            parent_id=row.parent_id,
            position=row.position,
            depth=depth,
            number=numbers[SectionId(row.id)],
            title=row.title,
            numbered=row.numbered,
            state=SectionState(row.state),
            subgroup=subgroups.get(row.subgroup_id) if row.subgroup_id else None,
            mandate_item_ids=answers[row.id],
            may=reader.may(row),
        )
        for row, depth in ordered
    )
    return Outline(access, rows, shown, meeting)


@dataclass(frozen=True, slots=True)
class _Reader:
    access: Access[Report]
    actor: Actor
    meeting: Meeting | None

    def may(self, section: Section) -> May:
        access, chosen = self.access, self.actor.acting_role
        standing = Standing(access.roles, access.own_subgroups, access.led_subgroups)
        text = decide_text_right(section, standing, self._has_pen, chosen)
        leads = section.subgroup_id in access.led_subgroups
        roles = roles_towards(access.roles, leads=leads, chosen=chosen)
        return May(
            write=text.may_write,
            edges=edges_of(SectionState(section.state), roles),
            edit_outline=_may(access, self.actor, Right.EDIT_OUTLINE),
            why_not_write=text.reason,
        )

    @property
    def _has_pen(self) -> bool:
        meeting = self.meeting
        if meeting is None or meeting.state != "open":
            return False
        return meeting.pen_id == self.actor.member_id


def _may(access: Access[Report], actor: Actor, right: Right) -> bool:
    return acting_role(access.roles, right, actor.acting_role) is not None


def _listed(report: Report, group: WorkingGroup) -> ReportListed:
    return ReportListed(
        id=report.id,
        title=report.title,
        symbol=report.symbol,
        zone=report.zone,
        working_group=Named(id=group.id, name=group.name),
    )


async def _mandate(session: AsyncSession, report_id: UUID) -> list[MandateItemShown]:
    items = await session.scalars(
        select(MandateItem).where(MandateItem.report_id == report_id).order_by(MandateItem.position)
    )
    sections = await session.scalars(select(Section).where(Section.report_id == report_id))
    answers = await _answers(session, report_id)
    answering: dict[UUID, list[UUID]] = defaultdict(list)
    for section, _ in in_order(list(sections)):
        for item_id in answers[section.id]:
            answering[item_id].append(section.id)
    return [
        MandateItemShown(id=item.id, number=number, text=item.text, section_ids=answering[item.id])
        for number, item in enumerate(items, 1)
    ]


async def _answers(session: AsyncSession, report_id: UUID) -> defaultdict[UUID, list[UUID]]:
    found = await session.execute(
        select(SectionMandateItem.section_id, MandateItem.id)
        .join(MandateItem, MandateItem.id == SectionMandateItem.mandate_item_id)
        .where(MandateItem.report_id == report_id)
        .order_by(MandateItem.position)
    )
    answers: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for section_id, item_id in found:
        answers[section_id].append(item_id)
    return answers


async def _subgroups(session: AsyncSession, working_group_id: UUID) -> dict[UUID, Named]:
    found = await session.scalars(
        select(Subgroup).where(Subgroup.working_group_id == working_group_id)
    )
    return {row.id: Named(id=row.id, name=row.name) for row in found}
