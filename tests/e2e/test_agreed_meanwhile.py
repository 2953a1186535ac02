"""The gavel falls while somebody still types: they are told why, and get their words back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, WebSocketRoute, expect

from tests.conftest import OpenBrowser, StartServer
from tests.e2e.office import Sitting, a_drafting_office
from tests.e2e.people import Participant, a_participant

pytestmark = pytest.mark.slow

FIRST = "Access is the first condition of everything else."
SECOND = "Interconnection costs fall hardest on those who pay the most."
LATE = "It should be affordable."


class SlowLine:
    """A page's line to the server, on which what the server says can be held up for a while."""

    def __init__(self) -> None:
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None

    async def lies_before(self, page: Page) -> None:
        """Take every live socket of the page through this line."""
        await page.route_web_socket("**/live", self._connect)

    def holds(self) -> None:
        """Let nothing reach the page; what it says goes on."""
        self._held = []

    def goes_on(self) -> None:
        """Let everything reach the page, in order."""
        held, self._held = self._held or [], None
        for page_side, message in held:
            page_side.send(message)

    def _connect(self, page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()
        server_side.on_message(lambda message: self._arrives(page_side, message))

    def _arrives(self, page_side: WebSocketRoute, message: str | bytes) -> None:
        if self._held is None:
            page_side.send(message)
        else:
            self._held.append((page_side, message))


@dataclass
class Reading:
    """A section before the plenary, and the one who holds the pen behind a slow line."""

    sitting: Sitting
    section: str
    writer: Participant
    line: SlowLine


@pytest_asyncio.fixture(loop_scope="session")
async def reading(start_server: StartServer, open_browser: OpenBrowser) -> AsyncIterator[Reading]:
    """Ana has drafted two paragraphs; now the plenary reads them, and she holds the pen."""
    server = start_server()
    office, section = a_drafting_office(server)
    line = SlowLine()
    writer = await a_participant(await open_browser(), server.url, "Ana")
    await line.lies_before(writer.page)
    await writer.signs_in(office.link("Ana"))
    await writer.goes_to(f"/reports/{office.report}/sections/{section}")
    await expect(writer.text).to_be_editable()
    await writer.types_at_end(FIRST)
    await writer.new_paragraph()
    await writer.types(SECOND)
    await writer.all_is_saved()
    sitting = office.opens_the_reading(section)
    await expect(writer.text).not_to_be_editable()
    sitting.hands_pen_to("Ana")
    await expect(writer.text).to_be_editable()
    yield Reading(sitting, section, writer, line)
    office.close()


async def test_who_types_into_a_paragraph_that_was_just_agreed_gets_the_words_back(
    reading: Reading,
) -> None:
    writer = reading.writer
    reading.line.holds()
    reading.sitting.agrees_to(reading.section, FIRST)
    await writer.types_after(FIRST, f" {LATE}")
    await writer.reads(LATE)
    reading.line.goes_on()

    panel = writer.page.get_by_role("alert").filter(has_text="Not saved")
    await expect(panel).to_contain_text("agreed to")
    words = writer.page.get_by_label("Your words that were not saved")
    await expect(words).to_have_value(LATE)
    await expect(writer.text).not_to_contain_text(LATE)
    await writer.reads(FIRST, SECOND)

    await writer.types_after(SECOND, " So it is.")
    await writer.all_is_saved()
    await expect(words).to_have_value(LATE)
    await writer.button("I have what I need").click()
    await expect(words).to_have_count(0)
