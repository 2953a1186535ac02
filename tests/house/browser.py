"""A real Chromium for tests, and what a test says to its pages."""

import shutil

from playwright.async_api import Browser, Playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    # Containers have little of that memory, and a page that finds none dies.
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of the machine's Chromium or Chrome, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


# On a slow and busy machine; nobody waits longer than it takes.
PATIENCE_MS = 120_000


async def launch(playwright: Playwright, program: str) -> Browser:
    """Return a started browser with an empty profile that talks to nobody but the tests."""
    return await playwright.chromium.launch(
        executable_path=program, args=list(FLAGS), timeout=PATIENCE_MS
    )
