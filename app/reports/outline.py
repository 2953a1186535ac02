"""Changes the outline: sections created, renamed, assigned, moved, deleted."""

from uuid import UUID

from sqlalchemy import delete, select

from app.access.actor import Actor
from app.access.load import access_report, access_section, access_subgroup
from app.access.rights import Right
from app.db.tables import (
    ClientBinding,
    Export,
    MandateItem,
    Report,
    Section,
    SectionMandateItem,
)
from app.db.unit_of_work import Work
from app.errors import Invalid, NotFound, Refused
from app.ids import new_id
from app.reports.order import children_of, make_room, move, take_out
from app.reports.rules import WORDS, SectionState
from app.reports.schemas import SectionAsked, SectionChanged, SectionMoved

_WITH_SUBGROUP = frozenset({SectionState.DRAFTING, SectionState.SUBGROUP_REVIEW})


async def create_section(work: Work, actor: Actor, report_id: UUID, asked: SectionAsked) -> Section:
    """Add a section to the report's outline.

    Raises: NotFound for an unknown report or parent; Forbidden; Refused if it were too deep.
    """
    await access_report(work.session, actor, report_id, Right.EDIT_OUTLINE)
    sections = await lock_outline(work, report_id)
    _check_parent(sections, asked.parent_id)
    section = Section(
        id=new_id(),
        report_id=report_id,
        parent_id=asked.parent_id,
        position=make_room(sections, asked.parent_id, asked.position),
        title=asked.title,
        numbered=asked.numbered,
        state=SectionState.OUTLINED.value,
    )
    work.session.add(section)
    await work.session.flush()
    await work.touch_report(report_id)
    return section


async def change_section(
    work: Work, actor: Actor, section_id: UUID, asked: SectionChanged
) -> Section:
    """Change a section's title, numbering, subgroup or the mandate items that it answers.

    Raises: NotFound for unknown ids; Forbidden; Invalid for another group's subgroup or another
    report's mandate item; Refused for the title of a section that was read, and for taking the
    subgroup from a section that is being drafted.
    """
    section, _ = await _outline_access(work, actor, section_id)
    if asked.title is not None and asked.title != section.title:
        if section.state == SectionState.READ:
            raise Refused("This section has been read: its title stays unless it is reopened.")
        section.title = asked.title
    if asked.numbered is not None:
        section.numbered = asked.numbered
    if "subgroup_id" in asked.model_fields_set:
        await _assign(work, actor, section, asked.subgroup_id)
    if asked.mandate_item_ids is not None:
        await _answer(work, section, asked.mandate_item_ids)
    await work.session.flush()
    await work.touch_report(section.report_id)
    return section


async def move_section(work: Work, actor: Actor, section_id: UUID, asked: SectionMoved) -> Section:
    """Put a section, with all below it, elsewhere in its outline.

    Raises: NotFound for an unknown section or parent; Forbidden; Refused below itself or too deep.
    """
    section, sections = await _outline_access(work, actor, section_id)
    _check_parent(sections, asked.parent_id)
    move(sections, section, asked.parent_id, asked.position)
    await work.session.flush()
    await work.touch_report(section.report_id)
    return section


async def delete_section(work: Work, actor: Actor, section_id: UUID) -> UUID:
    """Take an empty section that is only outlined out of the outline; return its report's id.

    Raises: NotFound; Forbidden; Refused once it has text, a history or sections below it.
    """
    section, sections = await _outline_access(work, actor, section_id)
    await _check_deletable(work, sections, section)
    take_out(sections, section)
    for table in (SectionMandateItem, ClientBinding):
        await work.session.execute(delete(table).where(table.section_id == section_id))
    await work.session.delete(section)
    await work.session.flush()
    await work.touch_report(section.report_id)
    return section.report_id


async def lock_outline(work: Work, report_id: UUID) -> list[Section]:
    """Return the report's sections, and let nobody else change its outline until this work ends."""
    await work.session.execute(
        select(Report.id).where(Report.id == report_id).with_for_update(key_share=True)
    )
    found = await work.session.scalars(
        select(Section)
        .where(Section.report_id == report_id)
        .execution_options(populate_existing=True)
    )
    return list(found)


async def _outline_access(
    work: Work, actor: Actor, section_id: UUID
) -> tuple[Section, list[Section]]:
    """The section, held until the work ends, and its whole outline.

    Always the report's row before a section's: in another order two changes could wait for ever.
    """
    found = (await access_section(work.session, actor, section_id, Right.EDIT_OUTLINE)).row
    sections = await lock_outline(work, found.report_id)
    if found not in sections:
        raise NotFound
    await work.session.refresh(found, with_for_update=True)
    return found, sections


def _check_parent(sections: list[Section], parent_id: UUID | None) -> None:
    if parent_id is not None and all(section.id != parent_id for section in sections):
        raise NotFound("This report has no such section to put another one below.")


async def _check_deletable(work: Work, sections: list[Section], section: Section) -> None:
    if section.state != SectionState.OUTLINED or section.head_seq:
        words = WORDS[SectionState(section.state)]
        raise Refused(
            f"This section is {words}: only one that is outlined and empty can be deleted.",
            state=section.state,
        )
    if children_of(sections, section.id):
        raise Refused("There are sections below this one: move or delete them first.")
    exported = await work.session.scalar(
        select(Export.id).where(Export.section_id == section.id).limit(1)
    )
    if exported is not None:
        raise Refused("This section has been exported, so it stays on record.")


async def _assign(work: Work, actor: Actor, section: Section, subgroup_id: UUID | None) -> None:
    if subgroup_id is None and section.state in _WITH_SUBGROUP:
        words = WORDS[SectionState(section.state)]
        raise Refused(f"This section is {words}, so it needs a subgroup.", state=section.state)
    if subgroup_id is not None:
        subgroup = (await access_subgroup(work.session, actor, subgroup_id)).row
        of_report = select(Report.working_group_id).where(Report.id == section.report_id)
        if subgroup.working_group_id != await work.session.scalar(of_report):
            raise Invalid("This subgroup belongs to another working group.")
    section.subgroup_id = subgroup_id


async def _answer(work: Work, section: Section, mandate_item_ids: list[UUID]) -> None:
    wanted = set(mandate_item_ids)
    known = await work.session.scalars(
        select(MandateItem.id).where(
            MandateItem.report_id == section.report_id, MandateItem.id.in_(wanted)
        )
    )
    if set(known) != wanted:
        raise NotFound("This report's mandate has no such item.")
    await work.session.execute(
        delete(SectionMandateItem).where(SectionMandateItem.section_id == section.id)
    )
    work.session.add_all(
        SectionMandateItem(section_id=section.id, mandate_item_id=item_id) for item_id in wanted
    )
