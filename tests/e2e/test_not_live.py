"""The hall screen when the server dies in the middle of a meeting, and when it comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import OpenBrowser
from tests.e2e.demonstration import Demonstration
from tests.e2e.people import HallScreen

pytestmark = [pytest.mark.slow]


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Demonstration]:
    """A server of its own, which the test may kill."""
    seeded = Demonstration(tmp_path / "home")
    yield seeded
    seeded.close()


async def test_the_screen_keeps_its_text_says_not_live_and_goes_on_by_itself(
    demonstration: Demonstration, open_browser: OpenBrowser
) -> None:
    server, words = demonstration.server, demonstration.words_on_floor
    context = await open_browser(viewport={"width": 1920, "height": 1080})
    hall = HallScreen(await context.new_page())
    await hall.shows(f"{server.url}{demonstration.opens_screen()}")
    await hall.has_on_floor(words)
    await hall.is_live()

    server.kill()
    await hall.is_not_live()
    await hall.has_on_floor(words)

    server.start()
    await hall.is_live()
    await hall.has_on_floor(words)
