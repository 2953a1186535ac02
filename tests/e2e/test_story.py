"""The whole job in the browser: drafted together, signed off, read, agreed, looked up, exported."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
import pytest_asyncio
from playwright.async_api import expect
from pypdf import PdfReader

from tests.conftest import OpenBrowser
from tests.e2e.office import Office
from tests.e2e.people import HallScreen, Participant, a_participant
from tests.house.servers import LiveServer

pytestmark = pytest.mark.slow

TITLE = "Report of the Working Group"
FIRST = "Access is the first condition of everything else."
SECOND = "Interconnection costs fall hardest on those who pay the most."
AGREED = f"{FIRST} It should be affordable."


@dataclass
class Cast:
    """Everybody in the story, each at a browser of their own."""

    office: Office
    section: str
    ana: Participant
    bo: Participant
    convenor: Participant
    secretariat: Participant
    chair: Participant
    hall: HallScreen

    @property
    def section_path(self) -> str:
        return f"/reports/{self.office.report}/sections/{self.section}"

    @property
    def report_path(self) -> str:
        return f"/reports/{self.office.report}"


@pytest_asyncio.fixture(loop_scope="session")
async def cast(live_server: LiveServer, open_browser: OpenBrowser) -> AsyncIterator[Cast]:
    """A subgroup with a section to draft, a chair, a secretariat, and a projector in the hall."""
    office = Office(live_server)
    office.invites("Ana", "Bo", "Convenor")
    office.invites("Chair", role="chair")
    subgroup = office.founds("Access", "Convenor", "Ana", "Bo")
    office.begins(TITLE, "Say what stands in the way of access.")
    section = office.lays_out("Access for all", subgroup)

    async def comes(name: str) -> Participant:
        context = await open_browser(viewport={"width": 1440, "height": 900})
        person = await a_participant(context, live_server.url, name)
        await person.signs_in(office.link(name))
        return person

    projector = await open_browser(viewport={"width": 1920, "height": 1080})
    yield Cast(
        office,
        section,
        ana=await comes("Ana"),
        bo=await comes("Bo"),
        convenor=await comes("Convenor"),
        secretariat=await comes("Secretariat"),
        chair=await comes("Chair"),
        hall=HallScreen(await projector.new_page()),
    )
    office.close()


async def test_from_the_first_word_to_the_exported_report(cast: Cast, tmp_path: Path) -> None:
    await two_members_draft_together(cast)
    await the_convenor_signs_off(cast)
    await the_secretariat_consolidates(cast)
    await the_chair_puts_a_paragraph_on_the_floor(cast)
    await the_pen_writes_and_the_hall_reads(cast)
    await the_chair_gavels(cast)
    await history_tells_who_wrote_what(cast)
    await the_files_hold_the_agreed_text(cast, tmp_path)


async def two_members_draft_together(cast: Cast) -> None:
    ana, bo = cast.ana, cast.bo
    await ana.walks_to(TITLE, "Access for all")
    await bo.walks_to(TITLE, "Access for all")
    await ana.types_at_end(FIRST)
    await ana.all_is_saved()
    await bo.reads(FIRST)
    await bo.sees_caret_of(ana)
    await bo.types_at_end("")
    await bo.new_paragraph()
    await bo.types(SECOND)
    await ana.reads(FIRST, SECOND)

    await ana.sees_caret_of(bo)
    await ana.sees_beside(bo)
    await ana.all_is_saved()
    await bo.all_is_saved()


async def the_convenor_signs_off(cast: Cast) -> None:
    convenor = cast.convenor
    await convenor.goes_to(cast.section_path)
    await convenor.reads(FIRST, SECOND)
    await convenor.moves_on("Drafting", "Hand in to the subgroup")
    await convenor.sees_state("Subgroup review")
    await convenor.moves_on("Subgroup review", "Sign off")
    await convenor.sees_state("Signed off")
    await expect(cast.ana.text).to_have_attribute("aria-readonly", "true")


async def the_secretariat_consolidates(cast: Cast) -> None:
    secretariat = cast.secretariat
    await secretariat.goes_to(cast.section_path)
    await secretariat.moves_on("Signed off", "Consolidate")
    await secretariat.sees_state("Consolidated")


async def the_chair_puts_a_paragraph_on_the_floor(cast: Cast) -> None:
    chair, hall = cast.chair, cast.hall
    await chair.goes_to(f"{cast.report_path}/podium")
    await chair.opens_meeting("First meeting, morning")
    await hall.shows(await chair.opens_screen())
    await chair.puts_on_floor("1")

    await hall.has_on_floor(FIRST)
    await hall.is_yellow("1")


async def the_pen_writes_and_the_hall_reads(cast: Cast) -> None:
    secretariat = cast.secretariat
    await cast.chair.hands_pen_to(secretariat)
    await secretariat.goes_to(f"{cast.report_path}/podium")
    await secretariat.types_after(FIRST, " It should be affordable.")
    await secretariat.all_is_saved()

    await cast.hall.has_on_floor(AGREED)
    await cast.chair.reads(AGREED)


async def the_chair_gavels(cast: Cast) -> None:
    await cast.chair.gavels_agreed("1")
    await cast.hall.is_green()


async def history_tells_who_wrote_what(cast: Cast) -> None:
    ana = cast.ana
    await ana.goes_to(cast.section_path)
    await ana.looks_back()
    timeline = ana.page.get_by_role("complementary", name="Timeline")
    for told in ("Paragraph 1 agreed", "Consolidated by Secretariat", "Signed off by Convenor"):
        await expect(timeline.get_by_text(told).first).to_be_visible()

    await ana.compares_with_the_beginning()
    await ana.sees_inserted("Access is the first condition", by=cast.ana)
    await ana.sees_inserted("Interconnection costs", by=cast.bo)
    await ana.sees_inserted("It should be affordable.", by=cast.secretariat)


async def the_files_hold_the_agreed_text(cast: Cast, folder: Path) -> None:
    bo = cast.bo
    await bo.goes_to(f"{cast.report_path}/exports")
    word = await bo.exports("Word (DOCX)", folder)
    pdf = await bo.exports("PDF", folder)

    paragraphs = [paragraph.text for paragraph in docx.Document(str(word)).paragraphs]
    assert any(AGREED in paragraph for paragraph in paragraphs), paragraphs
    pages = " ".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert AGREED in " ".join(pages.split())
