"""Set up the demonstration's report: its mandate and its outline, as the secretariat would."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Role
from app.db.tables import MandateItem
from app.db.unit_of_work import Work
from app.demo.content import Demonstration
from app.demo.office import Office
from app.demo.script import Outline
from app.ids import SectionId
from app.reports.mandate import create_report
from app.reports.outline import change_section, create_section
from app.reports.schemas import ReportAsked, SectionAsked, SectionChanged


@dataclass(frozen=True, slots=True)
class SeededReport:
    """The report's row and those of its sections, by key."""

    id: UUID
    sections: Mapping[str, SectionId]


async def set_up_report(work: Work, demo: Demonstration, office: Office) -> SeededReport:
    """Make the report with its mandate and all its sections, outlined and empty."""
    outline, secretariat = demo.outline, office.first(Role.SECRETARIAT)
    asked = ReportAsked(
        title=outline.report.title,
        symbol=outline.report.symbol,
        zone=outline.report.zone,
        mandate_items=[item.text for item in outline.mandate_items],
    )
    report = await create_report(work, secretariat, office.working_group_id, asked)
    items = await _mandate_items(work, report.id, outline)
    sections: dict[str, SectionId] = {}
    for plan in outline.sections:
        wanted = SectionAsked(
            title=plan.title,
            parent_id=sections[plan.parent] if plan.parent else None,
            numbered=plan.numbered,
        )
        section = await create_section(work, secretariat, report.id, wanted)
        sections[plan.key] = SectionId(section.id)
        assigned = SectionChanged(
            subgroup_id=office.subgroups[plan.subgroup],
            mandate_item_ids=[items[key] for key in plan.answers],
        )
        await change_section(work, secretariat, section.id, assigned)
    return SeededReport(report.id, sections)


async def _mandate_items(work: Work, report_id: UUID, outline: Outline) -> dict[str, UUID]:
    found = await work.session.scalars(
        select(MandateItem.id)
        .where(MandateItem.report_id == report_id)
        .order_by(MandateItem.position)
    )
    return dict(zip((item.key for item in outline.mandate_items), found, strict=True))
