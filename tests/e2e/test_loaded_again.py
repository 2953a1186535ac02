"""A page whose text is no longer the server's loads it again, and its reader sees that it did."""

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from app.rooms.frames import Kind, Sync, decode
from tests.conftest import OpenBrowser, StartServer
from tests.e2e.office import a_drafting_office
from tests.e2e.people import a_participant

pytestmark = pytest.mark.slow

FIRST = "Access is the first condition of everything else."
MISSED = "Nobody told this page."


class LossyLine:
    """A page's line to the server, on which what others write is lost while it is bad."""

    def __init__(self) -> None:
        self.is_bad = False

    async def lies_before(self, page: Page) -> None:
        """Take every live socket of the page through this line."""
        await page.route_web_socket("**/live", self._connect)

    def _connect(self, page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()
        server_side.on_message(lambda message: self._arrives(page_side, message))

    def _arrives(self, page_side: WebSocketRoute, message: str | bytes) -> None:
        if not (self.is_bad and _is_update(message)):
            page_side.send(message)


def _is_update(message: str | bytes) -> bool:
    frame = decode(message) if isinstance(message, bytes) else None
    return frame is not None and frame.kind is Kind.SYNC and frame.sub == Sync.UPDATE


async def test_a_text_that_is_not_the_servers_is_loaded_again_and_says_so(
    start_server: StartServer, open_browser: OpenBrowser
) -> None:
    server = start_server()
    office, section = a_drafting_office(server)
    path = f"/reports/{office.report}/sections/{section}"
    line = LossyLine()
    reader = await a_participant(await open_browser(), server.url, "Ana")
    await line.lies_before(reader.page)
    writer = await a_participant(await open_browser(), server.url, "Convenor")
    for person in (reader, writer):
        await person.signs_in(office.link(person.name))
        await person.goes_to(path)
        await expect(person.text).to_be_editable()
    await writer.types_at_end(f"{FIRST} ")
    await reader.reads(FIRST)

    line.is_bad = True
    await writer.types(MISSED)
    await writer.all_is_saved()

    told = reader.page.get_by_role("status").filter(has_text="This text was loaded again.")
    await expect(told).to_be_visible()
    await reader.reads(f"{FIRST} {MISSED}")
    await reader.button("I have seen it").click()
    await expect(told).to_have_count(0)
    line.is_bad = False
    await reader.types_at_end(" So it is.")
    await reader.all_is_saved()
    await writer.reads(f"{MISSED} So it is.")
    office.close()
