"""A hall: a report before the plenary, and the chair's acts in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from app.ids import SectionId
from app.text.model import Block
from tests.house.builders import Group, a_report
from tests.house.people import Person
from tests.house.texts import block, hash_of, paragraph_id, write_text

PARAGRAPHS = (
    block("head", "Access", kind="heading", level=1),
    block("one", "States should ensure access."),
    block("two", "The group recommends:"),
    block("twoa", "training;", kind="subpara", level=1),
    block("twob", "funding.", kind="subpara", level=1),
    block("three", "Business should help."),
)


@dataclass
class Hall:
    """A meeting on a report with one section before the plenary."""

    group: Group
    report: str
    section: SectionId
    meeting: str

    @property
    def chair(self) -> Person:
        """Who presides."""
        return self.group.chair

    async def put(self, key: str, *, status: int = 200, who: Person | None = None) -> Any:
        """Put a paragraph on the floor."""
        call = {"section_id": str(self.section), "paragraph_id": paragraph_id(key)}
        path = f"/meetings/{self.meeting}/floor"
        return await (who or self.chair).put(path, call, status=status)

    async def decide(
        self,
        verb: str,
        key: str,
        *,
        status: int = 201,
        who: Person | None = None,
        **said: str,
    ) -> Any:
        """Decide on a paragraph as the podium shows it.

        said: `reason`; `seen`, the hash of an older text; `once`, the key of a repeated request.
        """
        database = self.group.house.database
        call = {
            "section_id": str(self.section),
            "paragraph_id": paragraph_id(key),
            "verb": verb,
            "seen_hash": said.get("seen") or await hash_of(database, self.section, key),
            "seen_seq": 1,
            "reason": said.get("reason", ""),
        }
        answer = await (who or self.chair).send(
            "POST",
            f"/meetings/{self.meeting}/decisions",
            call,
            **{"Idempotency-Key": said.get("once", str(uuid4()))},
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    async def view(self, who: Person | None = None) -> Any:
        """Return what the report's screens show."""
        return await (who or self.chair).get(f"/reports/{self.report}/view")

    async def status(self, key: str) -> str:
        """Return the status of a paragraph as the view tells it."""
        statuses = (await self.view())["statuses"]
        found = statuses.get(paragraph_id(key))
        return str(found["status"]) if found else "tabled"

    async def rewrite(self, blocks: Sequence[Block], who: Person | None = None) -> int:
        """Make these blocks the section's text."""
        writer = who or self.group.secretariat
        return await write_text(self.group.house.database, self.section, writer.id, blocks)


async def a_hall(group: Group, *, state: str = "in_reading") -> Hall:
    """Return an open meeting on a report whose one section is in this state."""
    report = await a_report(group, state=state)
    section = report.sections[0]
    await write_text(group.house.database, section, group.member.id, PARAGRAPHS)
    meeting = await group.chair.post(
        f"/reports/{report.id}/meetings",
        {"title": "Fourth meeting", "reading": 1, "planned_minutes": 180},
    )
    return Hall(group, str(report.id), section, meeting["id"])
