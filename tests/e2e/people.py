"""What people do and see in their browsers, in the words of a meeting."""

import re
from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.house.browser import PATIENCE_MS

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """Somebody, or a machine in the hall, in front of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.set_default_timeout(PATIENCE_MS)

    def button(self, name: str) -> Locator:
        """The button of this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def heading(self, name: str) -> Locator:
        """The heading that holds this name."""
        return self.page.get_by_role("heading", name=name)


class Participant(Visitor):
    """A member at their own browser."""

    def __init__(self, page: Page, server: str, name: str) -> None:
        super().__init__(page)
        self.server = server
        self.name = name

    # ------------------------------------------------------------------- coming in

    async def signs_in(self, link: str) -> None:
        """Use a one-time link."""
        await self.page.goto(link)
        await self.button("Sign in here").click()
        await expect(self.heading("Reports")).to_be_visible()

    async def goes_to(self, path: str) -> None:
        """Open a page by its address."""
        await self.page.goto(f"{self.server}{path}")

    async def walks_to(self, report: str, section: str) -> None:
        """Find a section's text from the first page on, by clicking."""
        await self.page.get_by_role("link", name=report).click()
        await self.page.get_by_role("link", name=section).first.click()
        await expect(self.text).to_be_editable()

    # --------------------------------------------------------------------- drafting

    @property
    def text(self) -> Locator:
        """The live text."""
        return self.page.get_by_role("textbox", name="Text of the section")

    async def types(self, words: str) -> None:
        """Write on where the cursor is."""
        await self.page.keyboard.type(words)

    async def types_at_end(self, words: str) -> None:
        """Write at the end of the text."""
        await self.text.click()
        await self.page.keyboard.press("Control+End")
        await self.types(words)

    async def types_after(self, paragraph: str, words: str) -> None:
        """Write at the end of the paragraph that holds these words."""
        await self.text.get_by_text(paragraph).click()
        await self.page.keyboard.press("End")
        await self.types(words)

    async def new_paragraph(self) -> None:
        """Begin a new paragraph."""
        await self.page.keyboard.press("Enter")

    async def reads(self, *words: str) -> None:
        """See these words in the live text."""
        for one in words:
            await expect(self.text).to_contain_text(one)

    async def sees_caret_of(self, other: "Participant") -> None:
        """See where another one writes, with their name."""
        await expect(self.text.locator(".remote-caret", has_text=other.name)).to_be_attached()

    async def sees_beside(self, other: "Participant") -> None:
        """See that another one has this text open."""
        facts = self.page.get_by_role("complementary", name="About this section")
        await expect(facts.get_by_role("listitem").filter(has_text=other.name)).to_be_visible()

    async def all_is_saved(self) -> None:
        """See that the server has everything."""
        await expect(self.saving("Saved")).to_be_visible()

    def saving(self, word: str) -> Locator:
        """What the page says about the saving of the text."""
        return self.page.get_by_role("status").filter(has_text=re.compile(f"^{word}$"))

    # ------------------------------------------------------------------- the outline

    async def moves_on(self, now: str, act: str) -> None:
        """Bring the section of this page from the state it is in by an act."""
        await self.page.get_by_role("button", name=f"{now}: move ").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name=act, exact=True).click()
        await expect(dialog).to_have_count(0)

    async def sees_state(self, state: str) -> None:
        """See the state of the section of this page, in the list of sections."""
        sections = self.page.get_by_role("navigation", name="Sections")
        here = sections.locator("[aria-current]")
        await expect(here).to_have_accessible_name(re.compile(f"^{state}: "))

    # -------------------------------------------------------------------- the podium

    async def opens_meeting(self, title: str) -> None:
        """Open a meeting."""
        await self.page.get_by_label("Title of the meeting").fill(title)
        await self.button("Open the meeting").click()
        await expect(self.button("Close the meeting")).to_be_visible()

    async def puts_on_floor(self, label: str) -> None:
        """Put a paragraph on the floor."""
        await expect(self.button(f"Put {label} on the floor")).to_be_visible()
        await self.button(f"Put {label} on the floor").click()
        await expect(self.page.get_by_label("Decide")).to_contain_text(
            f"Paragraph {label} On the floor"
        )

    async def gavels_agreed(self, label: str) -> None:
        """Ask, hear no objection, and let it be agreed."""
        await self.button("Agree").click()
        dialog = self.page.get_by_role("dialog", name=f"agree to paragraph {label}?")
        await dialog.get_by_role("button", name="No objection: agreed").click()
        await expect(dialog).to_have_count(0)
        await expect(self.page.get_by_label("Decide").get_by_role("status")).to_contain_text(
            "Agreed"
        )

    async def hands_pen_to(self, other: "Participant") -> None:
        """Hand the pen over."""
        await self.page.get_by_label("Hand the pen to").select_option(label=other.name)
        await self.button("Hand over").click()
        await expect(self.page.get_by_text(f"{other.name} holds the pen.")).to_be_visible()

    async def opens_screen(self) -> str:
        """Open a hall screen; return its address."""
        await self.button("Open a screen").click()
        dialog = self.page.get_by_role("dialog", name="A hall screen is open")
        address = await dialog.get_by_label("Address of the hall screen").input_value()
        await dialog.get_by_role("button", name="Close", exact=True).last.click()
        return address

    # ----------------------------------------------------------- history and export

    async def looks_back(self) -> None:
        """Open the history of the section of this page."""
        await self.page.get_by_role("link", name="History").click()
        await expect(self.page.get_by_role("complementary", name="Timeline")).to_be_visible()

    async def compares_with_the_beginning(self) -> None:
        """Ask what changed since there was nothing."""
        await self.page.get_by_role("radio", name="What changed").check()
        await self.page.get_by_label("From", exact=True).select_option(label="The beginning")

    async def sees_inserted(self, words: str, by: "Participant") -> None:
        """See words marked as inserted by somebody."""
        mark = self.page.get_by_role("insertion").filter(has_text=f"Inserted by {by.name}")
        await expect(mark.filter(has_text=words).first).to_be_visible()

    async def exports(self, form: str, folder: Path) -> Path:
        """Have the report made in a format, download it, and return where it lies."""
        files = self.page.get_by_role("listitem").filter(has_text="Ready")
        before = await files.count()
        await self.page.get_by_role("radio", name=form).check()
        await self.button("Make the file").click()
        await expect(files).to_have_count(before + 1)
        async with self.page.expect_download() as downloading:
            await files.first.get_by_role("link", name="Download").click()
        download = await downloading.value
        target = folder / download.suggested_filename
        await download.save_as(target)
        return target


class HallScreen(Visitor):
    """The projector's machine: nobody is signed in."""

    async def shows(self, address: str) -> None:
        """Open the screen."""
        await self.page.goto(address)
        await expect(self.page.locator(".hall-frame")).to_be_visible()

    @property
    def on_floor(self) -> Locator:
        """The paragraph on the floor."""
        return self.page.locator(".reading-block[data-on-floor]")

    async def has_on_floor(self, words: str) -> None:
        """Show these words in the paragraph on the floor."""
        await expect(self.on_floor).to_contain_text(words)

    async def is_yellow(self, label: str) -> None:
        """Show that a paragraph is on the floor: colour, symbol, word, and the huge label."""
        await expect(self.on_floor).to_have_attribute("data-painted", "floor")
        await expect(self.on_floor.get_by_text("On the floor")).to_be_visible()
        rail = self.page.get_by_role("complementary", name="Where the meeting is")
        await expect(rail.locator(".hall-label")).to_have_text(label)

    async def is_green(self) -> None:
        """Show that the paragraph on the floor is agreed."""
        await expect(self.on_floor).to_have_attribute("data-painted", "agreed")
        await expect(self.on_floor.get_by_text("Agreed")).to_be_visible()

    async def is_not_live(self) -> None:
        """Say that what it shows may be old."""
        await expect(self.page.get_by_role("alert")).to_contain_text("NOT LIVE")

    async def is_live(self) -> None:
        """Show the text as it stands now."""
        await expect(self.page.get_by_role("alert")).to_have_count(0)


async def a_participant(context: BrowserContext, server: str, name: str) -> Participant:
    """Return somebody in front of an empty page."""
    return Participant(await context.new_page(), server, name)
