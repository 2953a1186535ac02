"""The operator's commands: what they do, and the sentences with which they refuse."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app import operator_commands as commands
from app.access.actor import Role, StakeholderGroup
from app.backups.commands import verify_logs
from app.db.tables import LogEntry
from app.errors import Invalid, NotFound, Refused
from app.services import Services
from tests.conftest import StartServer
from tests.house.builders import Group, a_report
from tests.house.people import API, told
from tests.house.servers import ANSWER_S, LiveServer
from tests.house.texts import block, write_text

SEAT = commands.SeatAsked(
    "ana@example.org", "Ana", (Role.SECRETARIAT,), StakeholderGroup.GOVERNMENT
)


@pytest.fixture
def services(app: FastAPI) -> Services:
    """The parts of the server in this process."""
    found: Services = app.state.services
    return found


async def test_an_invited_person_signs_in_by_the_link(
    services: Services, client: httpx.AsyncClient
) -> None:
    link = await commands.invite(services, "Working Group", SEAT)
    token = link.rpartition("/")[2]
    me = told(await client.post(f"{API}/sign-ins/by-link", json={"token": token}), 201)

    assert me["seats"][0]["roles"] == ["secretariat"]
    assert await commands.list_members(services) == [
        "ana@example.org  Ana  secretariat in Working Group"
    ]


async def test_people_and_their_roles_are_checked(services: Services) -> None:
    with pytest.raises(Invalid, match="“Ana” is not an e-mail address"):
        await commands.add_member(services, "Ana", "Ana", False)
    await commands.add_member(services, "Ana@Example.org", "Ana", True)
    with pytest.raises(Refused, match="known already"):
        await commands.add_member(services, "ana@example.org", "Ana", False)
    convenor = commands.SeatAsked("b@example.org", "B", (Role.CONVENOR,), SEAT.stakeholder_group)
    with pytest.raises(Invalid, match="leading a subgroup"):
        await commands.invite(services, "Working Group", convenor)
    with pytest.raises(NotFound):
        await commands.make_token(services, "nobody@example.org", "script")


async def test_a_token_opens_the_api(services: Services, client: httpx.AsyncClient) -> None:
    await commands.invite(services, "Working Group", SEAT)
    token = await commands.make_token(services, " Ana@example.org", "script")
    answer = await client.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    assert told(answer, 200)["name"] == "Ana"


async def test_a_changed_row_of_a_log_is_found(group: Group, services: Services) -> None:
    report = await a_report(group)
    section = report.sections[0]
    for words in ("One.", "Two."):
        await write_text(services.database, section, group.member.id, [block("one", words)])
    assert [line.partition("  ")[0] for line in await commands.list_reports(services)] == [
        str(report.id)
    ]
    lines, is_damaged = await verify_logs(services.database)
    assert not is_damaged
    assert all("rows  sound" in line for line in lines)

    async with services.database.write() as work:
        await work.session.execute(update(LogEntry).where(LogEntry.seq == 2).values(at_us=1))
    lines, is_damaged = await verify_logs(services.database)
    assert is_damaged
    assert sum("damaged at row 2" in line for line in lines) == 1


@pytest.mark.engine("sqlite")
async def test_the_demonstration_starts_with_the_server(
    start_server: StartServer, database_url: str, tmp_path: Path
) -> None:
    server = start_server(DATABASE_URL=database_url)
    printed = server.run("demo")
    token = server.run("token", "chair@example.org").strip()
    async with httpx.AsyncClient(base_url=server.url, timeout=ANSWER_S) as http:
        me = await http.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    report_id = server.run("report", "list").split()[0]
    server.run("export", report_id, str(tmp_path / "report.md"))

    assert told(me, 200)["name"] == "Chair"
    assert printed.count(f"{server.url}/sign-in/link/") == 24
    assert "85\\. " in (tmp_path / "report.md").read_text("utf-8")
    for arguments, sentence in (
        (("export", report_id, str(tmp_path / "nowhere" / "report.md")), "There is no folder"),
        (("export", report_id, str(tmp_path / "report.odt")), "Choose one of"),
        (("export", "first", str(tmp_path / "report.md")), "not a report's id"),
    ):
        with pytest.raises(RuntimeError, match=sentence):
            server.run(*arguments)


def test_a_database_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "home", {})
    with pytest.raises(RuntimeError, match="Has `rapporteur migrate` been run") as told_of:
        server.run("member", "list")
    assert "Traceback" not in str(told_of.value)
    nowhere = LiveServer(tmp_path / "home", {"DATABASE_URL": "postgresql://a:secret@127.0.0.1:1/b"})
    with pytest.raises(RuntimeError, match="That did not work") as told_of:
        nowhere.run("member", "list")
    assert "secret" not in str(told_of.value)
