"""Makes things to ask about, only those that a request names."""

from uuid import UUID

from app.access.actor import Role
from app.access.secrets import new_token, token_hash
from app.db.base import Base
from app.db.tables import (
    ApiToken,
    Export,
    HallScreen,
    MandateItem,
    Section,
    Subgroup,
    SubgroupMember,
)
from app.ids import ParagraphId, SectionId, new_id
from app.text.hashing import text_hash
from tests.house.builders import BuiltReport, Group, a_report, give_seat
from tests.house.drafts import a_meeting, write
from tests.house.people import Person, a_person
from tests.house.texts import read_text

Things = dict[str, str]
_IN_MEETING = {"meeting_id", "screen_id", "paragraph_id"}
_IN_REPORT = {"report_id", "section_id", "mandate_item_id", "export_id"} | _IN_MEETING


async def make_things(group: Group, person: Person, names: set[str], state: str) -> Things:
    """Return fresh ids for the names, for one request of this person.

    state: of the section that is asked about.
    """
    things = {"working_group_id": str(group.id), "fresh": new_id().hex}
    if names & _IN_REPORT:
        things |= await _a_report(group, names, state)
    if names & {"member_id", "subgroup_id"}:
        things |= await _people(group)
    await _rows(group, person, names, things)
    return things


async def _a_report(group: Group, names: set[str], state: str) -> Things:
    report = await a_report(group, ["Asked about", "Other"])
    section = report.sections[0]
    things = {"report_id": str(report.id), "section_id": str(section)}
    if state != "outlined":
        paragraph, _ = await write(group, section, "A.", "B.")
        things["paragraph_id"] = paragraph
        block = (await read_text(group.house.database, section)).blocks[0]
        things["text_hash"] = text_hash(block, {})
    async with group.house.database.write() as work:
        (await work.session.get_one(Section, section)).state = state
        (await work.session.get_one(Section, report.sections[1])).state = "in_reading"
    if names & _IN_MEETING:
        things["meeting_id"] = str(await _a_meeting(group, report, things, state))
    return things


async def _a_meeting(group: Group, report: BuiltReport, things: Things, state: str) -> UUID:
    section, paragraph = report.sections[0], ParagraphId(things.get("paragraph_id", ""))
    if state != "in_reading":
        section = SectionId(report.sections[1])
        paragraph, _ = await write(group, section, "One.", "Two.")
    return await a_meeting(group, report, floor=(section, paragraph))


async def _people(group: Group) -> Things:
    member = await a_person(group.house.database, group.house.http, f"Somebody {new_id()}")
    subgroup = Subgroup(id=new_id(), working_group_id=group.id, name=f"Subgroup {new_id()}")
    async with group.house.database.write() as work:
        await give_seat(work, group.id, member, [Role.MEMBER])
        work.session.add(subgroup)
        await work.session.flush()
        work.session.add(SubgroupMember(subgroup_id=subgroup.id, member_id=member.id))
    return {"member_id": str(member.id), "subgroup_id": str(subgroup.id)}


async def _rows(group: Group, person: Person, names: set[str], things: Things) -> None:
    rows: dict[str, Base] = {}
    if "mandate_item_id" in names:
        report_id = UUID(things["report_id"])
        rows["mandate_item_id"] = MandateItem(report_id=report_id, position=0, text="Item")
    if "screen_id" in names:
        meeting_id = UUID(things["meeting_id"])
        rows["screen_id"] = HallScreen(meeting_id=meeting_id, label="Hall", token_hash=_hash())
    if "export_id" in names and person.cookie:
        report_id = UUID(things["report_id"])
        rows["export_id"] = Export(report_id=report_id, format="markdown", member_id=person.id)
    if "token_id" in names and person.cookie:
        rows["token_id"] = ApiToken(member_id=person.id, name="old", token_hash=_hash())
    async with group.house.database.write() as work:
        for name, row in rows.items():
            things[name] = str(new_id())
            row.id = UUID(things[name])  # type: ignore[attr-defined]
        work.session.add_all(rows.values())
    for name in names - things.keys():
        things[name] = str(new_id())


def _hash() -> bytes:
    return token_hash(new_token())
