"""Two people write at once: nobody's cursor is pulled back by what the other one does."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.conftest import OpenBrowser, StartServer
from tests.e2e.office import Office
from tests.e2e.people import Participant, a_participant

pytestmark = pytest.mark.slow

FIRST = "The beginning."
LAST = "The end:"
JUMPS, BREAKS = 25, 10


@pytest_asyncio.fixture(loop_scope="session")
async def pair(
    start_server: StartServer, open_browser: OpenBrowser
) -> AsyncIterator[tuple[Participant, Participant]]:
    """Two members with the same section open, in which two paragraphs stand."""
    server = start_server()
    office = Office(server)
    office.invites("Ana", "Ben")
    subgroup = office.founds("Access", "Ana", "Ben")
    office.begins("Report")
    section = office.lays_out("Access for all", subgroup)
    people = []
    for name in ("Ana", "Ben"):
        one = await a_participant(await open_browser(), server.url, name)
        await one.signs_in(office.link(name))
        await one.goes_to(f"/reports/{office.report}/sections/{section}")
        await expect(one.text).to_be_editable()
        people.append(one)
    ana, ben = people
    await ana.types_at_end(FIRST)
    await ana.new_paragraph()
    await ana.types(LAST)
    await ben.reads(FIRST, LAST)
    yield ana, ben
    office.close()


async def writes_until(person: Participant, done: asyncio.Event) -> None:
    await person.text.get_by_text(FIRST).click()
    while not done.is_set():
        await person.types("o")


async def test_a_cursor_that_was_just_moved_stays_where_it_was_put(
    pair: tuple[Participant, Participant],
) -> None:
    ana, ben = pair
    done = asyncio.Event()
    writing = asyncio.create_task(writes_until(ben, done))
    await ana.text.click()
    for _ in range(JUMPS):
        await ana.page.keyboard.press("Control+Home")
        await ana.page.keyboard.press("Control+End")
        await ana.types("x")
    for _ in range(BREAKS):
        await ana.page.keyboard.press("Control+Home")
        await ana.page.keyboard.press("Control+End")
        await ana.new_paragraph()
        await ana.types("y")
    done.set()
    await writing

    await ben.reads(LAST + "x" * JUMPS + "y" * BREAKS)
    await ana.all_is_saved()
