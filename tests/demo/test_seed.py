"""The demonstration as people find it: seeded once, whole, and true to its plan."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app import clock
from app.db.engine import Database
from app.db.tables import Decision, LogEntry, Member, OneTimeLink, Report, Section
from app.demo.content import load_demonstration
from app.demo.seed import sign_in_links
from app.ids import SectionId
from app.plenary.facts import load_sections
from app.rooms.keeping.verifying import verify_chain
from app.services import Services
from tests.house.people import API, told

DEMO = load_demonstration()
NOW = datetime(2027, 3, 3, 14, 20, tzinfo=UTC)  # a Wednesday


class Visitor:
    """Somebody who came by a printed link."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def sign_in(self, link: str) -> None:
        """Use the link."""
        token = link.rpartition("/")[2]
        told(await self._client.post(f"{API}/sign-ins/by-link", json={"token": token}), 201)

    async def get(self, path: str) -> Any:
        """Look at something."""
        return told(await self._client.get(f"{API}{path}"), 200)


async def test_the_demonstration_is_there_whole(app: FastAPI, client: httpx.AsyncClient) -> None:
    services: Services = app.state.services
    clock.set_now(NOW)
    links = dict(await sign_in_links(services))
    assert clock.now() == NOW
    assert list(links) == [person.name for person in DEMO.people.people]
    visitor = Visitor(client)
    await visitor.sign_in(links["Member, civil society (Africa)"])
    report_id = (await visitor.get("/reports"))[0]["id"]
    view = await visitor.get(f"/reports/{report_id}/view")

    _check_outline(view)
    _check_meeting(view)
    await _check_paragraphs(services, view)
    await _check_logs(services.database)
    await _check_history(visitor, view)
    await _check_desk(visitor, report_id)
    await _check_second_start(services, links)


def _check_outline(view: Any) -> None:
    shown = {section["title"]: section for section in view["sections"]}
    planned = [section.plan.title for section in DEMO.sections]
    assert list(shown) == planned
    assert [section["number"] for section in view["sections"]] == [
        *("I.", "II.", "III.", "IV.", "V.", "A.", "1.", "2.", "3.", "4.", "B."),
        *("", "", ""),
    ]
    assert [section["state"] for section in view["sections"]] == [
        *("read", "read", "in_reading", "consolidated", "signed_off", "signed_off"),
        *("subgroup_review", "drafting", "drafting", "signed_off", "drafting"),
        *("drafting", "outlined", "subgroup_review"),
    ]


def _check_meeting(view: Any) -> None:
    meeting = view["meeting"]
    assert meeting["title"] == "Eighth plenary meeting"
    assert meeting["state"] == "open"
    assert meeting["opened_at"] == "2027-03-03T12:45:00+00:00"
    assert meeting["chair"]["name"] == "Chair"
    assert meeting["pen"]["name"] == "Secretariat, podium"
    assert meeting["floor"]["label"] == "16"
    gauge = meeting["gauge"]
    assert gauge["time_used_s"] == 95 * 60
    assert gauge["time_planned_s"] == 180 * 60
    assert 0 < gauge["words_agreed"] < gauge["words"]
    counted = {key: meeting["counts"][key] for key in ("agreed", "bracketed", "parked")}
    assert counted == {"agreed": 19, "bracketed": 3, "parked": 1}


async def _check_paragraphs(services: Services, view: Any) -> None:
    async with services.database.read() as session:
        sections = await load_sections(session, services.rooms, UUID(view["report_id"]))
    paragraphs = {one.id: one for section in sections for one in section.paragraphs}
    numbers = [int(one.label) for one in paragraphs.values() if one.label.isdigit()]
    assert numbers == list(range(1, 86))
    assert len(view["statuses"]) == 23
    for paragraph_id, status in view["statuses"].items():
        assert status["hash"] == paragraphs[paragraph_id].hash
        assert status["at"] < NOW.isoformat()


async def _check_logs(database: Database) -> None:
    async with database.read() as session:
        for section_id in await session.scalars(select(Section.id)):
            assert await verify_chain(session, SectionId(section_id)) is None
        rows = await session.execute(
            select(LogEntry.section_id, LogEntry.at_us).order_by(LogEntry.section_id, LogEntry.seq)
        )
        times = rows.all()
        assert len(times) > 400
        for (section, at_us), (following, later_us) in pairwise(times):
            assert section != following or at_us <= later_us
        decided = (await session.scalars(select(Decision).order_by(Decision.id))).all()
        assert [one.decided_at for one in decided] == sorted(one.decided_at for one in decided)


async def _check_history(visitor: Visitor, view: Any) -> None:
    section = view["sections"][1]
    path = f"/sections/{section['id']}"
    shown = await visitor.get(f"{path}/timeline?limit=100")
    kinds = {moment["kind"] for moment in shown["moments"]}
    assert kinds == {"edit", "decision", "state", "revision"}
    assert all(moment["member"] for moment in shown["moments"])
    writers = {moment["member"]["name"] for moment in shown["moments"] if moment["kind"] == "edit"}
    assert len(writers) >= 8
    changes = await visitor.get(f"{path}/changes?from=0&to={section['head_seq']}")
    inserted = [
        piece for block in changes["blocks"] for piece in block["pieces"] if piece["op"] == "ins"
    ]
    assert inserted
    assert all(piece["by"] for piece in inserted)


async def _check_desk(visitor: Visitor, report_id: str) -> None:
    desk = await visitor.get(f"/reports/{report_id}/desk")
    mine = [section["title"] for section in desk["sections"] if section["may"]["write"]]
    assert mine == ["Recommendations on particular issues", "Annex I. Membership and secretariat"]


async def _check_second_start(services: Services, links: dict[str, str]) -> None:
    again = dict(await sign_in_links(services))
    assert list(again) == list(links)
    assert not set(again.values()) & set(links.values())
    async with services.database.read() as session:
        people = await session.scalar(select(func.count()).select_from(Member))
        reports = await session.scalar(select(func.count()).select_from(Report))
        unused = await session.scalar(
            select(func.count()).select_from(OneTimeLink).where(OneTimeLink.used_at.is_(None))
        )
    assert (people, reports, unused) == (24, 1, 24)


@pytest.mark.engine("sqlite")
async def test_a_seeding_that_breaks_off_leaves_nothing_behind(
    app: FastAPI, database: Database
) -> None:
    started = clock.now()
    seeding = asyncio.create_task(sign_in_links(app.state.services))
    while clock.now() >= started:
        assert not seeding.done()
        await asyncio.sleep(0)
    seeding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await seeding

    assert clock.now() >= started
    async with database.read() as session:
        for table in (Member, Report, Section):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
