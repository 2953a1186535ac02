"""A power cut in the meeting: the hall keeps the last text and says so; writers lose no word."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.conftest import OpenBrowser, StartServer
from tests.e2e.office import Office, a_drafting_office
from tests.e2e.people import HallScreen, Participant, a_participant
from tests.house.servers import LiveServer

pytestmark = pytest.mark.slow

BEFORE = "Power fails in the middle of a sentence."
OFFLINE = " These words were written in the dark."


@dataclass
class Evening:
    """A server, a member who writes, and a projector."""

    server: LiveServer
    writer: Participant
    section_path: str
    office: Office


@pytest_asyncio.fixture(loop_scope="session")
async def evening(start_server: StartServer, open_browser: OpenBrowser) -> AsyncIterator[Evening]:
    """A member with an open text on a server that is about to fail."""
    server = start_server()
    office, section = a_drafting_office(server)
    writer = await a_participant(await open_browser(), server.url, "Ana")
    await writer.signs_in(office.link("Ana"))
    path = f"/reports/{office.report}/sections/{section}"
    await writer.goes_to(path)
    await expect(writer.text).to_be_editable()
    await writer.types_at_end(BEFORE)
    await writer.new_paragraph()
    await writer.types("The rest.")
    await writer.all_is_saved()
    yield Evening(server, writer, path, office)
    office.close()


async def test_words_written_without_a_line_are_sent_when_it_is_back(
    evening: Evening, open_browser: OpenBrowser
) -> None:
    writer = evening.writer
    evening.server.kill()
    await expect(writer.saving("Offline")).to_be_visible()
    await writer.types(OFFLINE)
    await writer.reads(BEFORE, OFFLINE.strip())

    evening.server.start()

    await writer.all_is_saved()
    other = await a_participant(await open_browser(), evening.server.url, "Convenor")
    await other.signs_in(evening.office.link("Convenor"))
    await other.goes_to(evening.section_path)
    await other.reads(BEFORE, f"The rest.{OFFLINE}")


async def test_a_page_that_is_closed_without_a_line_has_kept_its_words(
    evening: Evening, open_browser: OpenBrowser
) -> None:
    writer = evening.writer
    evening.server.kill()
    await expect(writer.saving("Offline")).to_be_visible()
    await writer.types(OFFLINE)
    await writer.reads(OFFLINE.strip())
    await writer.page.close()

    evening.server.start()

    again = await a_participant(writer.page.context, evening.server.url, "Ana")
    await again.goes_to(evening.section_path)
    await again.reads(BEFORE, f"The rest.{OFFLINE}")
    await again.all_is_saved()
    other = await a_participant(await open_browser(), evening.server.url, "Convenor")
    await other.signs_in(evening.office.link("Convenor"))
    await other.goes_to(evening.section_path)
    await other.reads(BEFORE, f"The rest.{OFFLINE}")


async def test_the_hall_keeps_the_last_text_under_not_live_and_heals_by_itself(
    evening: Evening, open_browser: OpenBrowser
) -> None:
    meeting = evening.office.opens_the_reading(evening.section_path.rpartition("/")[2])
    projector = await open_browser(viewport={"width": 1920, "height": 1080})
    hall = HallScreen(await projector.new_page())
    await hall.shows(meeting.screen_url)
    await hall.has_on_floor(BEFORE)
    await hall.is_live()

    evening.server.kill()
    await hall.is_not_live()
    await hall.has_on_floor(BEFORE)

    evening.server.start()
    await hall.is_live()
    await hall.has_on_floor(BEFORE)
    meeting.moves_on()
    await hall.has_on_floor("The rest.")
