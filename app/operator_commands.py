"""What the operator's commands do, with the server's parts in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from app.access.actor import Role, StakeholderGroup
from app.accounts.keys import link_address, make_api_token, make_link
from app.accounts.members import add_member as make_member
from app.accounts.members import find_member, give_seat
from app.accounts.schemas import EMAIL, SeatGiven, SeatRoleName, normal_email
from app.db.migrate import migrate
from app.db.tables import Member, Report, Seat, SeatRole, WorkingGroup
from app.db.unit_of_work import Work
from app.demo.seed import sign_in_links
from app.errors import Invalid, NotFound
from app.exports.service import export_now
from app.services import Services


@dataclass(frozen=True, slots=True)
class SeatAsked:
    """A seat to give from the command line."""

    email: str
    name: str
    roles: tuple[Role, ...]
    stakeholder_group: StakeholderGroup


async def bring_up_to_date(services: Services, revision: str = "head") -> list[str]:
    """Bring the schema to a revision; there is nothing to tell."""
    await migrate(services.database.engine, revision)
    return []


async def demonstrate(services: Services) -> list[str]:
    """Seed the demonstration unless it is there, and return its links as lines to print."""
    await migrate(services.database.engine)
    links = await sign_in_links(services)
    width = max(len(name) for name, _ in links)
    lines = [f"  {name:<{width}}  {link}" for name, link in links]
    return ["One-time sign-in links of the demonstration (new ones at each start):", *lines]


async def add_member(services: Services, email: str, name: str, administrator: bool) -> str:
    """Make a person known; return their one-time link."""
    async with services.database.write() as work:
        member = await make_member(work, name, _new_email(email))
        member.is_system_administrator = administrator
        return await _link(services, work, member.id)


async def invite(services: Services, working_group: str, seat: SeatAsked) -> str:
    """Give a person a seat, making person and group if they are new; return a one-time link."""
    async with services.database.write() as work:
        group = await _group(work, working_group)
        email = _new_email(seat.email)
        member = await find_member(work.session, email) or await make_member(work, seat.name, email)
        given = SeatGiven(
            stakeholder_group=seat.stakeholder_group,
            country="",
            personal_capacity=True,
            roles=_seat_roles(seat.roles),
        )
        await give_seat(work, group.id, member, given)
        return await _link(services, work, member.id)


async def list_members(services: Services) -> list[str]:
    """Return a line for each member: e-mail, name, and their seats."""
    async with services.database.read() as session:
        members = (await session.scalars(select(Member).order_by(Member.email))).all()
        found = await session.execute(
            select(Seat.member_id, WorkingGroup.name, SeatRole.role)
            .join(WorkingGroup, WorkingGroup.id == Seat.working_group_id)
            .join(SeatRole, SeatRole.seat_id == Seat.id)
        )
        seats: dict[UUID, list[str]] = {}
        for member_id, group, role in found:
            seats.setdefault(member_id, []).append(f"{role} in {group}")
    return [
        f"{member.email}  {member.name}  {'; '.join(seats.get(member.id, ['no seat']))}"
        for member in members
    ]


async def make_token(services: Services, email: str, name: str) -> str:
    """Return a new API token of the member."""
    async with services.database.write() as work:
        member = await find_member(work.session, normal_email(email))
        if member is None:
            raise NotFound(f"Nobody here has the address {email}.")
        _, token = await make_api_token(work, member.id, name)
        return token


async def list_reports(services: Services) -> list[str]:
    """Return a line for each report: id, symbol, title, working group."""
    async with services.database.read() as session:
        found = await session.execute(
            select(Report, WorkingGroup.name)
            .join(WorkingGroup, WorkingGroup.id == Report.working_group_id)
            .order_by(Report.id)
        )
        return [f"{row.id}  {row.symbol}  {row.title}  ({group})" for row, group in found]


async def export(services: Services, report_id: str, ending: str) -> bytes:
    """Return the report as it stands, in the format that the file ending names."""
    try:
        wanted = UUID(report_id)
    except ValueError:
        raise Invalid(
            f"“{report_id}” is not a report's id; see `rapporteur report list`."
        ) from None
    return await export_now(services, wanted, ending)


def _seat_roles(asked: Sequence[Role]) -> list[SeatRoleName]:
    roles: list[SeatRoleName] = []
    for role in asked:
        if role is Role.CONVENOR:
            raise Invalid("A convenor is named by leading a subgroup, not by the seat.")
        roles.append(role)
    return roles


async def _group(work: Work, named: str) -> WorkingGroup:
    group = await work.session.scalar(select(WorkingGroup).where(WorkingGroup.name == named))
    if group is not None:
        return group
    try:
        found = await work.session.get(WorkingGroup, UUID(named))
    except ValueError:
        found = WorkingGroup(name=named)
        work.session.add(found)
        await work.session.flush()
    if found is None:
        raise NotFound(f"No working group has the id {named}.")
    return found


def _new_email(address: str) -> str:
    try:
        return EMAIL.validate_python(address)
    except ValidationError:
        raise Invalid(f"“{address}” is not an e-mail address.") from None


async def _link(services: Services, work: Work, member_id: UUID) -> str:
    token = await make_link(work, member_id, services.settings.link_hours)
    return link_address(services.settings.address, token)
