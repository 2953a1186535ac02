"""What the tests begin with: a working group with people in every role, a report with sections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx

from app.access.actor import Role, StakeholderGroup
from app.db.engine import Database
from app.db.tables import Report, Seat, SeatRole, Section, Subgroup, SubgroupMember, WorkingGroup
from app.db.unit_of_work import Work
from app.ids import SectionId, new_id
from tests.house.people import Person, a_person, a_stranger, make_known


@dataclass
class House:
    """Where the tests build: the server's database, and a client without a cookie of its own."""

    database: Database
    http: httpx.AsyncClient

    async def person(self, name: str) -> Person:
        """Return somebody who is signed in, but has no seat."""
        return await a_person(self.database, self.http, name)


@dataclass
class Group:
    """A working group: one person for each role, two subgroups, and people who do not belong."""

    id: UUID
    house: House
    chair: Person
    secretariat: Person
    convenor: Person
    """Leads the subgroup Access."""
    member: Person
    """Sits in the subgroup Access."""
    other_convenor: Person
    """Leads the subgroup Security."""
    other_member: Person
    """Sits in the subgroup Security."""
    observer: Person
    outsider: Person
    """Signed in, without a seat."""
    administrator: Person
    """Runs the server, without a seat."""
    nobody: Person
    """Not signed in."""
    access: UUID
    security: UUID

    def people(self) -> dict[str, Person]:
        """Return everybody by the name of their part, also those who do not belong."""
        return {
            "nobody": self.nobody,
            "outsider": self.outsider,
            "observer": self.observer,
            "member": self.member,
            "convenor": self.convenor,
            "secretariat": self.secretariat,
            "chair": self.chair,
            "administrator": self.administrator,
        }


@dataclass
class BuiltReport:
    """A report and its sections, in the order of the outline."""

    id: UUID
    sections: list[SectionId]


async def a_working_group(house: House, name: str = "Working Group") -> Group:
    """Return a working group in which every role is taken."""
    people = {part: a_stranger(house.http, f"{part} {name}") for part in _SEATS}
    outsider = a_stranger(house.http, f"Outsider {name}")
    administrator = a_stranger(house.http, f"Administrator {name}")
    group_id, access, security = new_id(), new_id(), new_id()
    async with house.database.write() as work:
        everybody = [*people.values(), outsider, administrator]
        await make_known(work, everybody, administrators=[administrator])
        work.session.add(WorkingGroup(id=group_id, name=name, mandate="To report."))
        await work.session.flush()
        await _give_seats(work, group_id, [(people[part], roles) for part, roles in _SEATS.items()])
        work.session.add(Subgroup(id=access, working_group_id=group_id, name="Access"))
        work.session.add(Subgroup(id=security, working_group_id=group_id, name="Security"))
        await work.session.flush()
        work.session.add_all(
            SubgroupMember(subgroup_id=subgroup, member_id=people[part].id, convenor=leads)
            for part, subgroup, leads in (
                ("Convenor", access, True),
                ("Member", access, False),
                ("Other convenor", security, True),
                ("Other member", security, False),
            )
        )
    return Group(
        id=group_id,
        house=house,
        access=access,
        security=security,
        chair=people["Chair"],
        secretariat=people["Secretariat"],
        convenor=people["Convenor"],
        member=people["Member"],
        other_convenor=people["Other convenor"],
        other_member=people["Other member"],
        observer=people["Observer"],
        outsider=outsider,
        administrator=administrator,
        nobody=Person("Nobody", house.http),
    )


_SEATS = {
    "Chair": [Role.CHAIR],
    "Secretariat": [Role.SECRETARIAT],
    "Convenor": [Role.MEMBER],
    "Member": [Role.MEMBER],
    "Other convenor": [Role.MEMBER],
    "Other member": [Role.MEMBER],
    "Observer": [Role.OBSERVER],
}


async def give_seat(work: Work, group_id: UUID, person: Person, roles: Iterable[Role]) -> None:
    """Give the person a seat with these roles."""
    await _give_seats(work, group_id, [(person, roles)])


async def _give_seats(
    work: Work, group_id: UUID, given: Iterable[tuple[Person, Iterable[Role]]]
) -> None:
    seats = {new_id(): (person, roles) for person, roles in given}
    work.session.add_all(
        Seat(
            id=seat_id,
            working_group_id=group_id,
            member_id=person.id,
            stakeholder_group=StakeholderGroup.CIVIL_SOCIETY.value,
        )
        for seat_id, (person, _) in seats.items()
    )
    await work.session.flush()
    work.session.add_all(
        SeatRole(seat_id=seat_id, role=role.value)
        for seat_id, (_, roles) in seats.items()
        for role in roles
    )


async def a_report(
    group: Group, titles: Sequence[str] = ("Access",), *, state: str = "drafting"
) -> BuiltReport:
    """Return a report of the group with top sections, all of the subgroup Access, in one state."""
    report_id = new_id()
    ids = [SectionId(new_id()) for _ in titles]
    async with group.house.database.write() as work:
        work.session.add(
            Report(id=report_id, working_group_id=group.id, title="Report", symbol="WG/1")
        )
        await work.session.flush()
        work.session.add_all(
            Section(
                id=section_id,
                report_id=report_id,
                position=position,
                title=title,
                subgroup_id=group.access,
                state=state,
            )
            for position, (section_id, title) in enumerate(zip(ids, titles, strict=True))
        )
        await work.session.flush()
        await work.touch_report(report_id)
    return BuiltReport(report_id, ids)
