"""Every page, at a desk and in a hand, in light and dark: no barrier, no error, nothing cut off."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.demonstration import Demonstration
from tests.house.browser import PATIENCE_MS
from tests.house.needs import missing
from tests.house.servers import REPOSITORY

pytestmark = pytest.mark.slow

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")


@dataclass(frozen=True)
class Size:
    """The device in front of somebody."""

    width: int
    height: int
    colours: str

    @property
    def options(self) -> dict[str, Any]:
        """How a browser is opened for it; nothing moves, so that colours hold still."""
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": self.colours,
            "reduced_motion": "reduce",
            "bypass_csp": True,
        }


@dataclass(frozen=True)
class Screen:
    """A page: who looks, where it is, and what stands on it once it is all there."""

    path: Callable[[Demonstration], str]
    ready: Callable[[Page, Demonstration], Locator]
    person: Callable[[Demonstration], httpx.Client] | None


def _chair(demonstration: Demonstration) -> httpx.Client:
    return demonstration.chair


def _secretariat(demonstration: Demonstration) -> httpx.Client:
    return demonstration.secretariat


def _of_report(below: str = "") -> Callable[[Demonstration], str]:
    return lambda demo: f"/reports/{demo.report['id']}{below}"


def _of_section(below: str = "") -> Callable[[Demonstration], str]:
    return lambda demo: (
        f"/reports/{demo.report['id']}/sections/{demo.meeting['floor']['section_id']}{below}"
    )


def _on_floor(page: Page, _demo: Demonstration) -> Locator:
    return page.locator("[data-on-floor]").first


PAGES = {
    "sign-in": Screen(
        lambda _: "/sign-in", lambda page, _: page.get_by_role("heading", name="Sign in"), None
    ),
    "home": Screen(
        lambda _: "/",
        lambda page, demo: page.get_by_role("link", name=demo.report["title"]).first,
        _secretariat,
    ),
    "desk": Screen(
        _of_report(),
        lambda page, demo: page.get_by_role("link", name=demo.report["sections"][0]["title"]).first,
        _secretariat,
    ),
    "mandate": Screen(
        _of_report("/mandate"),
        lambda page, demo: page.get_by_text(demo.report["mandate_items"][0]["text"]),
        _secretariat,
    ),
    "draft": Screen(
        _of_section(),
        lambda page, demo: page.get_by_role("textbox", name="Text of the section").get_by_text(
            demo.words_on_floor
        ),
        _secretariat,
    ),
    "history": Screen(
        _of_section("/history"),
        lambda page, demo: page.get_by_text(demo.words_on_floor).first,
        _secretariat,
    ),
    "office": Screen(
        lambda demo: f"/groups/{demo.report['working_group']['id']}",
        lambda page, _: page.get_by_text("Convenor, Access").first,
        _secretariat,
    ),
    "exports": Screen(
        _of_report("/exports"),
        lambda page, _: page.get_by_role("button", name="Make the file"),
        _secretariat,
    ),
    "me": Screen(
        lambda _: "/me", lambda page, _: page.get_by_role("heading", name="API tokens"), _chair
    ),
    "podium": Screen(_of_report("/podium"), _on_floor, _chair),
    "meeting": Screen(_of_report("/meeting"), _on_floor, _chair),
}
SIZES = {
    f"{device} {colours}": Size(*size, colours)
    for device, size in {"desktop": (1440, 900), "telephone": (390, 844)}.items()
    for colours in ("light", "dark")
}
HALL = Screen(lambda demo: demo.opens_screen(), _on_floor, None)
HALL_SIZES = {"light": Size(1920, 1080, "light"), "dark": Size(1920, 1080, "dark")}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.exists():
        missing("axe-core", "run make")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """One server with the demonstration for every page."""
    seeded = Demonstration(tmp_path_factory.mktemp("demonstration"))
    yield seeded
    seeded.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
async def test_a_page(
    browser: Browser, demonstration: Demonstration, axe: str, name: str, size: str
) -> None:
    async with opened(browser, demonstration, PAGES[name], SIZES[size]) as page:
        assert await barriers(page, axe) == []
        assert await overflow(page) <= 0, "the page scrolls sideways"


@pytest.mark.parametrize("colours", HALL_SIZES)
async def test_the_hall_screen(
    browser: Browser, demonstration: Demonstration, axe: str, colours: str
) -> None:
    async with opened(browser, demonstration, HALL, HALL_SIZES[colours]) as page:
        assert await barriers(page, axe) == []
        assert await overflow(page) <= 0, "the screen scrolls sideways"
        await expect(page.locator(".hall-view [data-on-floor]")).to_be_in_viewport(ratio=1)


@asynccontextmanager
async def opened(
    browser: Browser, demonstration: Demonstration, screen: Screen, size: Size
) -> AsyncIterator[Page]:
    """A page that is all there; once it has been looked at, nothing has complained."""
    complaints: list[str] = []
    context = await browser.new_context(**size.options)
    if screen.person is not None:
        await context.add_cookies(demonstration.cookies(screen.person(demonstration)))
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{demonstration.server.url}{screen.path(demonstration)}")
    await expect(screen.ready(page, demonstration)).to_be_visible()
    await page.evaluate("document.fonts.ready.then(() => true)")
    yield page
    await context.close()
    assert complaints == []


async def barriers(page: Page, axe: str) -> list[str]:
    """Return what keeps people out of the page, in axe's words, with where it is."""
    await page.evaluate(axe)
    found: list[Any] = await page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
    )
    return [
        f"{rule['id']} {node['target']}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


async def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    wider: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wider
