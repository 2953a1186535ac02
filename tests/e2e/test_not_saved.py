"""A disk that takes nothing more: the writer sees that nothing is saved, and when it is again."""

import resource

import pytest
from playwright.async_api import expect

from tests.conftest import OpenBrowser, StartServer
from tests.e2e.office import a_drafting_office
from tests.e2e.people import a_participant
from tests.house.servers import LiveServer

pytestmark = pytest.mark.slow

WORDS = "There is no room for these words."


def let_write(server: LiveServer, most_bytes: int) -> None:
    """Let the server write no file longer than this from now on."""
    assert server.process is not None
    limits = (most_bytes, resource.RLIM_INFINITY)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)


async def test_the_writer_sees_that_nothing_is_saved_until_it_is(
    start_server: StartServer, open_browser: OpenBrowser
) -> None:
    server = start_server()
    office, section = a_drafting_office(server)
    writer = await a_participant(await open_browser(), server.url, "Ana")
    await writer.signs_in(office.link("Ana"))
    await writer.goes_to(f"/reports/{office.report}/sections/{section}")
    await expect(writer.text).to_be_editable()
    await writer.types_at_end("First words. ")
    await writer.all_is_saved()

    let_write(server, 0)
    await writer.types_at_end(WORDS)

    await expect(writer.saving("Not saved")).to_be_visible()
    await expect(writer.page.get_by_role("alert")).to_contain_text("disk takes nothing more")
    let_write(server, resource.RLIM_INFINITY)
    await writer.all_is_saved()
    await writer.page.reload()
    await expect(writer.text).to_contain_text(WORDS)
    office.close()
