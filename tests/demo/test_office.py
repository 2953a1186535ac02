from sqlalchemy import func, select

from app.access.actor import Role
from app.access.load import standing_of
from app.accounts.sign_ins import sign_in_by_link
from app.db.engine import Database
from app.db.tables import Member, OneTimeLink, Seat, SignIn, Subgroup
from app.demo.content import load_demonstration
from app.demo.office import is_set_up, make_links, set_up_office
from app.settings import Settings

DEMO = load_demonstration()


async def test_everybody_has_their_seat_and_the_convenors_lead(database: Database) -> None:
    async with database.write() as work:
        assert not await is_set_up(work, DEMO)
        office = await set_up_office(work, DEMO)
        assert await is_set_up(work, DEMO)
        assert await work.session.scalar(select(func.count()).select_from(Seat)) == 23
        assert await work.session.scalar(select(func.count()).select_from(Subgroup)) == 4
        group_id = office.working_group_id
        for key, roles in {
            "administrator": set(),
            "chair": {Role.CHAIR},
            "secretariat-podium": {Role.SECRETARIAT},
            "convenor-access": {Role.MEMBER, Role.CONVENOR},
            "civil-africa": {Role.MEMBER},
            "observer-registries": {Role.OBSERVER},
        }.items():
            standing = await standing_of(work.session, office.members[key], group_id)
            assert standing.roles == roles, key
        assert office.actor("chair").member_id == office.first(Role.CHAIR).member_id
        assert office.first(Role.SECRETARIAT).name == "Executive Coordinator"


async def test_somebody_who_took_another_address_does_not_bring_the_others_twice(
    database: Database,
) -> None:
    async with database.write() as work:
        office = await set_up_office(work, DEMO)
        first = await work.session.get_one(Member, office.members["administrator"])
        first.email = "operator@example.net"
        await work.session.flush()
        assert await is_set_up(work, DEMO)


async def test_new_links_replace_those_that_nobody_used(
    database: Database, settings: Settings
) -> None:
    async with database.write() as work:
        await set_up_office(work, DEMO)
        first = await make_links(work, DEMO, settings)
        second = await make_links(work, DEMO, settings)
        assert [name for name, _ in second] == [person.name for person in DEMO.people.people]
        assert not {link for _, link in first} & {link for _, link in second}
        assert await work.session.scalar(select(func.count()).select_from(OneTimeLink)) == 24
        assert all(link.startswith(settings.address) for _, link in second)


async def test_a_link_signs_its_person_in(database: Database, settings: Settings) -> None:
    async with database.write() as work:
        office = await set_up_office(work, DEMO)
        links = dict(await make_links(work, DEMO, settings))
    async with database.write() as work:
        token = links["Chair"].rpartition("/")[2]
        await sign_in_by_link(work, token, settings.sign_in_days)
        signed_in = await work.session.scalars(select(SignIn.member_id))
        assert signed_in.all() == [office.members["chair"]]
