"""Reports and what their groups were asked to do: created and changed."""

from uuid import UUID

from sqlalchemy import delete, func, select, update

from app.access.actor import Actor
from app.access.load import access_mandate_item, access_report, access_working_group
from app.access.rights import Right
from app.db.tables import MandateItem, Report, SectionMandateItem
from app.db.unit_of_work import Work
from app.errors import NotFound
from app.ids import new_id
from app.reports.schemas import MandateItemChanged, ReportAsked, ReportChanged


async def create_report(
    work: Work, actor: Actor, working_group_id: UUID, asked: ReportAsked
) -> Report:
    """Make a report of the working group, with its mandate items and an empty outline.

    Raises: NotFound; Forbidden.
    """
    await access_working_group(work.session, actor, working_group_id, Right.EDIT_OUTLINE)
    report = Report(
        id=new_id(),
        working_group_id=working_group_id,
        title=asked.title,
        symbol=asked.symbol,
        zone=asked.zone,
    )
    work.session.add(report)
    await work.session.flush()
    work.session.add_all(
        MandateItem(report_id=report.id, position=position, text=text)
        for position, text in enumerate(asked.mandate_items)
    )
    await work.session.flush()
    await work.touch_report(report.id)
    return report


async def change_report(work: Work, actor: Actor, report_id: UUID, asked: ReportChanged) -> None:
    """Change a report's title, symbol or time zone.

    Raises: NotFound; Forbidden.
    """
    report = (await access_report(work.session, actor, report_id, Right.EDIT_OUTLINE)).row
    for name, value in asked.model_dump(exclude_none=True).items():
        setattr(report, name, value)
    await work.session.flush()
    await work.touch_report(report_id)


async def add_mandate_item(work: Work, actor: Actor, report_id: UUID, text: str) -> MandateItem:
    """Add an item to the end of the report's mandate.

    Raises: NotFound; Forbidden.
    """
    await access_report(work.session, actor, report_id, Right.EDIT_MANDATE)
    await _lock(work, report_id)
    counted = select(func.count()).where(MandateItem.report_id == report_id)
    position = await work.session.scalar(counted) or 0
    item = MandateItem(id=new_id(), report_id=report_id, position=position, text=text)
    work.session.add(item)
    await work.session.flush()
    await work.touch_report(report_id)
    return item


async def change_mandate_item(
    work: Work, actor: Actor, item_id: UUID, asked: MandateItemChanged
) -> MandateItem:
    """Change a mandate item's text or its place.

    Raises: NotFound; Forbidden.
    """
    item = await _item_access(work, actor, item_id)
    if asked.text is not None:
        item.text = asked.text
    if asked.position is not None:
        await _put(work, item, asked.position)
    await work.session.flush()
    await work.touch_report(item.report_id)
    return item


async def delete_mandate_item(work: Work, actor: Actor, item_id: UUID) -> None:
    """Take an item out of the mandate; sections no longer answer it.

    Raises: NotFound; Forbidden.
    """
    item = await _item_access(work, actor, item_id)
    await work.session.execute(
        delete(SectionMandateItem).where(SectionMandateItem.mandate_item_id == item_id)
    )
    await work.session.delete(item)
    await work.session.flush()
    await work.session.execute(
        update(MandateItem)
        .where(MandateItem.report_id == item.report_id, MandateItem.position > item.position)
        .values(position=MandateItem.position - 1)
    )
    await work.touch_report(item.report_id)


async def _item_access(work: Work, actor: Actor, item_id: UUID) -> MandateItem:
    found = (await access_mandate_item(work.session, actor, item_id, Right.EDIT_MANDATE)).row
    await _lock(work, found.report_id)
    item = await work.session.scalar(
        select(MandateItem)
        .where(MandateItem.id == item_id)
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFound
    return item


async def _put(work: Work, item: MandateItem, position: int) -> None:
    found = await work.session.scalars(
        select(MandateItem)
        .where(MandateItem.report_id == item.report_id, MandateItem.id != item.id)
        .order_by(MandateItem.position)
    )
    items = list(found)
    items.insert(min(position, len(items)), item)
    for place, one in enumerate(items):
        one.position = place


async def _lock(work: Work, report_id: UUID) -> None:
    await work.session.execute(
        select(Report.id).where(Report.id == report_id).with_for_update(key_share=True)
    )
