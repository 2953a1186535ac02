"""Who may do what in a section, in words of its own; and the scenes in which everybody tries it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pycrdt import Doc
from sqlalchemy import select, update

from app import clock
from app.access.actor import Role
from app.db.engine import Database
from app.db.tables import LogEntry, Section
from app.ids import SectionId
from app.rooms import frames, log
from app.text.from_crdt import body_of
from tests.house.builders import Group, a_report, a_working_group, give_seat
from tests.house.drafts import a_meeting
from tests.house.live import Device, LiveText, a_device
from tests.house.people import Person

AUTHOR = 1
"""The client id under which the text was written."""

# ------------------------------------------------------- what is right, in words of its own

NOBODY: frozenset[str] = frozenset()
WRITERS = {
    "outlined": NOBODY,
    "drafting": frozenset({"member of it", "convenor of it", "secretariat"}),
    "subgroup_review": frozenset({"convenor of it"}),
    "signed_off": NOBODY,
    "consolidated": frozenset({"secretariat"}),
    "in_reading": NOBODY,
    "read": NOBODY,
}
"""Who may write in a section of this state; in reading, also who holds the pen."""

PARTS = {
    "chair": ("chair", "chair"),
    "secretariat": ("secretariat", "secretariat"),
    "convenor": ("convenor of it", "convenor of another"),
    "member": ("member of it", "member of another"),
    "other_convenor": ("convenor of another", "convenor of it"),
    "other_member": ("member of another", "member of it"),
    "observer": ("observer", "observer"),
    "administrator": ("", ""),
    "outsider": ("", ""),
    "stranger": ("", ""),
}
"""What each person is towards a section of Access and one of Security; nothing without a seat."""

MAY_HOLD_THE_PEN = frozenset(PARTS) - {"observer", "administrator", "outsider", "stranger"}
NOT_YOURS = "There is nothing here that you can see."


def may_see(part: str) -> bool:
    return PARTS[part][0] != ""


def may_write(part: str, is_of_access: bool, state: str, pen: str | None) -> bool:
    if state == "in_reading" and part == pen:
        return part in MAY_HOLD_THE_PEN
    return PARTS[part][0 if is_of_access else 1] in WRITERS[state]


# ----------------------------------------------------------------------------- the scene


@dataclass
class Scene:
    """One section in one state, with a paragraph for everybody to try on, and a bystander."""

    host: str
    people: dict[str, Person]
    devices: dict[str, Device]
    database: Database
    section: SectionId
    state: str
    is_of_access: bool
    pen: str | None
    bystander: LiveText
    invisible: dict[str, int]
    """The clock of a unit that nobody sees, in the paragraph of each."""
    number: int = 0
    expected: set[str] = field(default_factory=set)
    """Words that the bystander is to see."""

    def may_write(self, part: str) -> bool:
        return may_write(part, self.is_of_access, self.state, self.pen)

    def case(self, part: str, what: str) -> str:
        owner = "Access" if self.is_of_access else "Security"
        return f"{part}: {what} in {self.state} of {owner}, pen: {self.pen}"

    async def everybody_opens(self) -> dict[str, LiveText]:
        """Open the section for everybody anew, and return the text of each."""
        self.number += 1
        for part in self.people:
            if not may_see(part):
                # A connection on which nobody is let in for a minute is ended.
                await self.devices[part].hang_up()
                self.devices[part] = await a_device(self.host)
        address = f"{self.section}\x00{self.state} {self.pen} {self.number}"
        parts = list(self.people)
        texts = await asyncio.gather(
            *(self.devices[part].open(address, self.people[part].api_token) for part in parts)
        )
        return dict(zip(parts, texts, strict=True))

    async def rows_since(self, seq: int) -> list[UUID | None]:
        async with self.database.read() as session:
            query = (
                select(LogEntry.member_id)
                .where(LogEntry.section_id == self.section, LogEntry.seq > seq)
                .order_by(LogEntry.seq)
            )
            return list(await session.scalars(query))

    async def head(self) -> int:
        async with self.database.read() as session:
            query = select(Section.head_seq).where(Section.id == self.section)
            return await session.scalar(query) or 0


def mark_of(scene: Scene, part: str) -> str:
    return f"<{part} {scene.number}>"


async def build(group: Group, database: Database, host: str) -> "Stage":
    """Return everybody with a device, and somebody who only looks on."""
    stranger = (await a_working_group(group.house, "Elsewhere")).member
    people = {part: getattr(group, part) for part in PARTS if part != "stranger"}
    people = {part: people.get(part, stranger) for part in PARTS}
    devices = {part: await a_device(host) for part in PARTS}
    looker = await group.house.person("Onlooker")
    async with database.write() as work:
        await give_seat(work, group.id, looker, [Role.OBSERVER])
    return Stage(group, host, database, people, devices, looker, await a_device(host))


@dataclass
class Stage:
    """Where scenes are set: the people, their devices, and the one who only looks."""

    group: Group
    host: str
    database: Database
    people: dict[str, Person]
    devices: dict[str, Device]
    looker: Person
    watching: Device

    async def scene(
        self, state: str, *, is_of_access: bool = True, pen: str | None = None
    ) -> Scene:
        """Set a scene: a fresh report whose one section is in this state."""
        report = await a_report(self.group, state="drafting")
        section = report.sections[0]
        invisible = await write_paragraphs(self.database, section)
        owner = self.group.access if is_of_access else self.group.security
        async with self.database.write() as work:
            await work.session.execute(
                update(Section).where(Section.id == section).values(state=state, subgroup_id=owner)
            )
            await work.touch_report(report.id)
        if pen is not None:
            await a_meeting(self.group, report, pen=self.people[pen])
        bystander = await self.watching.open(section, self.looker.api_token)
        return Scene(
            self.host,
            self.people, self.devices, self.database, section, state, is_of_access, pen,
            bystander, invisible,
        )  # fmt: skip

    async def close(self) -> None:
        for device in (*self.devices.values(), self.watching):
            await device.hang_up()


async def write_paragraphs(database: Database, section: SectionId) -> dict[str, int]:
    """Write a paragraph for each part; return the clock of a unit in it that nobody sees."""
    doc: Doc[Any] = Doc(client_id=AUTHOR)
    body, clocks = body_of(doc), {}
    for number, part in enumerate(PARTS):
        name = "p" + "abcdefghij"[number] * 12
        body.insert_embed(len(body), {"b": 1}, {"b.id": name, "b.kind": "para"})
        clocks[part] = frames.decode_vector(doc.get_state())[AUTHOR]
        # The first unit of it says where the comment begins.
        body.insert(len(body), f"of {part}:", {"comment:c": {"id": "c"}})
        body.insert(len(body), " words", {})
    async with database.write() as work:
        head = await log.lock_head(work.session, section)
        entry = log.Entry(log.UPDATE, None, "secretariat", clock.now_us(), doc.get_update())
        await log.append(work.session, head, entry)
    return clocks
