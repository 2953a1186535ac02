"""Scenario 3: signed-off sections become one document, and every word keeps its lineage."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.ids import new_paragraph_id
from tests.house.builders import Group
from tests.house.people import Person
from tests.scenarios.conftest import OpenDevice

OUTLINE = (
    ("Introduction", "", 3, "access"),
    ("Working definition", "", 2, "security"),
    ("Issues", "", 0, ""),
    ("Infrastructure", "Issues", 4, "access"),
    ("Use of the Internet", "Issues", 3, "security"),
    ("Spam", "Use of the Internet", 2, "security"),
    ("Recommendations", "", 3, "access"),
)
"""Title, parent, paragraphs, subgroup; what has no subgroup is only a heading."""


@dataclass
class Consolidation:
    """A report that grows from its outline to one consolidated text."""

    group: Group
    open_device: OpenDevice
    report_id: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    paragraphs: dict[str, list[str]] = field(default_factory=dict)

    async def constitute(self) -> None:
        """The secretariat makes the report, its outline, and says who drafts what."""
        secretariat = self.group.secretariat
        asked = {"title": "Report", "symbol": "WG/1", "mandate_items": ["Define.", "Identify."]}
        made = await secretariat.post(f"/working-groups/{self.group.id}/reports", asked)
        self.report_id = made["id"]
        for title, parent, _, subgroup in OUTLINE:
            body = {"title": title, "parent_id": self.sections.get(parent)}
            section = await secretariat.post(f"/reports/{self.report_id}/sections", body)
            self.sections[title] = section["id"]
            if subgroup:
                assigned = {"subgroup_id": str(getattr(self.group, subgroup))}
                await secretariat.patch(f"/sections/{section['id']}", assigned)

    async def draft(self) -> None:
        """Each subgroup's member types its sections over the live socket."""
        devices = {"access": await self.open_device(), "security": await self.open_device()}
        for title, _, count, subgroup in OUTLINE:
            if not count:
                continue
            await self.to(self.convenor(subgroup), title, "drafting")
            author = self.member(subgroup)
            text = await devices[subgroup].open(self.sections[title], author.api_token)
            ids = [new_paragraph_id() for _ in range(count)]
            for number, paragraph_id in enumerate(ids, 1):
                text.paragraph(paragraph_id, f"{title} sentence {number}.")
            await text.saved()
            self.paragraphs[title] = list(ids)

    async def hand_over(self) -> None:
        """Every convenor hands in and signs off; the secretariat consolidates."""
        for title, _, count, subgroup in OUTLINE:
            if count:
                await self.to(self.convenor(subgroup), title, "subgroup_review")
                await self.to(self.convenor(subgroup), title, "signed_off")
                await self.to(self.group.secretariat, title, "consolidated")

    async def to(self, person: Person, title: str, state: str) -> Any:
        path = f"/sections/{self.sections[title]}/state"
        return await person.post(path, {"to": state}, status=200)

    def convenor(self, subgroup: str) -> Person:
        return self.group.convenor if subgroup == "access" else self.group.other_convenor

    def member(self, subgroup: str) -> Person:
        return self.group.member if subgroup == "access" else self.group.other_member

    async def labels(self) -> dict[str, list[str]]:
        """The labels of each section's paragraphs, as they are read."""
        report = await self.group.observer.get(f"/reports/{self.report_id}")
        shown = {}
        for section in report["sections"]:
            text = await self.group.observer.get(f"/sections/{section['id']}/text")
            shown[section["title"]] = [block["label"] for block in text["blocks"]]
        return shown


@pytest.fixture
async def consolidation(group: Group, open_device: OpenDevice) -> Consolidation:
    made = Consolidation(group, open_device)
    await made.constitute()
    await made.draft()
    await made.hand_over()
    return made


async def test_the_sections_become_one_document_numbered_in_one_run(
    consolidation: Consolidation,
) -> None:
    view = await consolidation.group.chair.get(f"/reports/{consolidation.report_id}/view")

    assert [(one["number"], one["title"], one["start_number"]) for one in view["sections"]] == [
        ("I.", "Introduction", 1),
        ("II.", "Working definition", 4),
        ("III.", "Issues", 6),
        ("A.", "Infrastructure", 6),
        ("B.", "Use of the Internet", 10),
        ("1.", "Spam", 13),
        ("IV.", "Recommendations", 15),
    ]
    labels = [label for shown in (await consolidation.labels()).values() for label in shown]
    assert labels == [str(number) for number in range(1, 18)]


async def test_moving_a_section_renumbers_the_run_and_no_paragraph_changes_its_id(
    consolidation: Consolidation,
) -> None:
    spam = consolidation.sections["Spam"]

    await consolidation.group.secretariat.post(
        f"/sections/{spam}/move", {"parent_id": None, "position": 0}, status=200
    )

    labels = await consolidation.labels()
    assert labels["Spam"] == ["1", "2"]
    assert labels["Introduction"] == ["3", "4", "5"]
    text = await consolidation.group.observer.get(f"/sections/{spam}/text")
    assert [block["id"] for block in text["blocks"]] == consolidation.paragraphs["Spam"]


async def test_every_word_leads_back_to_author_subgroup_and_sealed_version(
    consolidation: Consolidation,
) -> None:
    observer, section = consolidation.group.observer, consolidation.sections["Spam"]

    seals = await observer.get(f"/sections/{section}/revisions")

    assert [seal["name"] for seal in seals] == [
        "Consolidated by Secretariat",
        "Signed off by Convenor, Security",
        "Handed in for subgroup review by Convenor, Security",
    ]
    assert len({seal["content_hash"] for seal in seals}) == 1
    changes = await observer.get(f"/sections/{section}/changes?from=0&to={seals[0]['seq']}")
    writers = {
        (piece["by"]["member_id"], piece["by"]["subgroup"])
        for block in changes["blocks"]
        for piece in block["pieces"]
    }
    assert writers == {(str(consolidation.group.other_member.id), "Security")}


async def test_nobody_writes_in_what_was_signed_off_and_the_secretariat_harmonises_terms(
    consolidation: Consolidation,
) -> None:
    section = UUID(consolidation.sections["Introduction"])
    device = await consolidation.open_device()

    member = await device.open(section, consolidation.group.member.api_token)
    other = await consolidation.open_device()
    secretariat = await other.open(section, consolidation.group.secretariat.api_token)
    secretariat.types(" (harmonised)")
    await secretariat.saved()

    assert (member.scope, secretariat.scope) == ("readonly", "read-write")
    await member.until(lambda text: "(harmonised)" in text.words)


async def test_a_consolidated_section_returns_to_its_subgroup_with_a_reason(
    consolidation: Consolidation,
) -> None:
    section = consolidation.sections["Spam"]
    body = {"to": "drafting", "reason": "The plenary asked for figures."}

    await consolidation.group.chair.post(f"/sections/{section}/state", body, status=200)

    shown = await consolidation.group.other_member.get(f"/sections/{section}")
    assert shown["state"] == "drafting"
    assert shown["may"]["write"] is True
    timeline = await consolidation.group.observer.get(f"/sections/{section}/timeline")
    assert "The plenary asked for figures." in str(timeline["moments"][0])
