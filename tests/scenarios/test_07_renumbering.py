"""Scenario 7: a paragraph is inserted while the meeting reads; labels move, decisions do not."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI

from app.text import into_crdt
from app.text.from_crdt import read_document
from app.text.model import Document
from tests.house.builders import Group, a_report
from tests.house.live import LiveText
from tests.house.people import Person, told
from tests.house.texts import block, paragraph_id, write_text
from tests.plenary.hall import Hall
from tests.scenarios.conftest import Feed, OpenDevice, OpenFeed

FIRST = (block("intro", "The group was set up."), block("aim", "It was asked to define."))
SECOND = (
    block("costs", "Costs are high."),
    block("costsa", "on land;", kind="subpara", level=1),
    block("names", "Names must resolve."),
)
NEW = block("bis", "Access comes first.")
BEFORE = {"intro": "1", "aim": "2", "costs": "3", "costsa": "(a)", "names": "4"}
AFTER = {"intro": "1", "bis": "2", "aim": "3", "costs": "4", "costsa": "(a)", "names": "5"}


@dataclass
class Insertion:
    """Two sections before the plenary; the second is decided on, the first gets a paragraph."""

    hall: Hall
    sections: list[Any]
    feed: Feed
    remote: LiveText
    operator: LiveText

    @property
    def observer(self) -> Person:
        return self.hall.group.observer

    async def labels(self, **query: int) -> dict[str, str]:
        """The labels of the whole report, as its readers find them."""
        asked = "".join(f"?{name}={number}" for name, number in query.items())
        shown: dict[str, str] = {}
        for section in self.sections:
            text = await self.observer.get(f"/sections/{section}/text{asked}")
            shown |= {one["id"].rstrip("z")[1:]: one["label"] for one in text["blocks"]}
        return shown

    async def inserts(self) -> None:
        """The operator puts a new paragraph before the second one of the first section."""
        after = (FIRST[0], NEW, FIRST[1])
        with self.operator.doc.transaction():
            into_crdt.write_document(self.operator.doc, Document(after, {}))
        await self.operator.saved()


@pytest.fixture
async def insertion(group: Group, open_device: OpenDevice, open_feed: OpenFeed) -> Insertion:
    report = await a_report(group, ["Introduction", "Issues"], state="consolidated")
    for section, blocks in zip(report.sections, (FIRST, SECOND), strict=True):
        await write_text(group.house.database, section, group.member.id, blocks)
    asked = {"title": "Fifth meeting", "reading": 1, "planned_minutes": 60}
    meeting = str((await group.chair.post(f"/reports/{report.id}/meetings", asked))["id"])
    screen = await group.chair.post(f"/meetings/{meeting}/screens", {"label": "Hall"})
    hall = Hall(group, str(report.id), report.sections[1], meeting)
    await hall.put("costs")
    await hall.decide("agree", "costs")
    await hall.put("names")
    await hall.decide("bracket", "names")
    await Hall(group, str(report.id), report.sections[0], meeting).put("intro")
    await group.chair.put(f"/meetings/{meeting}/pen", {"member_id": str(group.secretariat.id)})
    await hall.put("names")
    return Insertion(
        hall,
        list(report.sections),
        await open_feed(screen["token"]),
        await (await open_device()).open(f"report:{report.id}", group.observer.api_token),
        await (await open_device()).open(report.sections[0], group.secretariat.api_token),
    )


async def test_labels_move_on_for_everybody_and_statuses_stay_with_their_paragraphs(
    insertion: Insertion,
) -> None:
    await insertion.feed.until(lambda shown: shown["floor"]["label"] == "4")
    assert await insertion.labels() == BEFORE

    await insertion.inserts()

    picture = await insertion.feed.until(lambda shown: shown["floor"]["label"] == "5")
    assert picture["floor"]["paragraph_id"] == paragraph_id("names")
    shown = {one["id"]: (one["label"], one["status"]) for one in picture["blocks"]}
    assert shown[paragraph_id("costs")] == ("4", "agreed")
    assert shown[paragraph_id("names")] == ("5", "bracketed")
    await insertion.remote.until(lambda text: starts_of(text) == [1, 4])
    assert await insertion.labels() == AFTER


def starts_of(remote: LiveText) -> list[int]:
    views = [notice["view"] for notice in remote.notices if notice["type"] == "view"]
    return [section["start_number"] for section in views[-1]["sections"]]


async def test_a_decision_keeps_the_label_under_which_it_was_made(insertion: Insertion) -> None:
    await insertion.inserts()
    await insertion.hall.decide("agree", "names")

    record = await insertion.observer.get(f"/meetings/{insertion.hall.meeting}/decisions")
    assert [(one["label"], one["verb"]) for one in record] == [
        ("3", "agree"),
        ("4", "bracket"),
        ("5", "agree"),
    ]
    assert record[1]["paragraph_id"] == record[2]["paragraph_id"] == paragraph_id("names")
    statuses = (await insertion.hall.view(insertion.observer))["statuses"]
    assert statuses[paragraph_id("costs")]["status"] == "agreed"
    assert statuses[paragraph_id("names")]["status"] == "agreed"


async def test_agreed_words_are_locked_under_their_new_label_too(insertion: Insertion) -> None:
    await insertion.inserts()

    refusal = await insertion.hall.put("costs", status=409)

    assert "agreed" in refusal["detail"]
    assert read_document(insertion.operator.doc).blocks[1].id == paragraph_id("bis")


async def test_history_and_export_show_the_labels_as_the_readers_find_them(
    app: FastAPI, insertion: Insertion
) -> None:
    await insertion.inserts()
    first = insertion.sections[0]

    then = await insertion.observer.get(f"/sections/{first}/text?seq=1")
    changes = await insertion.observer.get(f"/sections/{first}/changes?from=1&to=2")
    exported = await written_out(app, insertion)

    assert [one["label"] for one in then["blocks"]] == ["1", "2"]
    assert {one["id"]: one["label"] for one in changes["blocks"]} == {
        paragraph_id(key): AFTER[key] for key in ("intro", "bis", "aim")
    }
    numbered = re.findall(r"^(\d+)\\?\.\s+(\S.*)$", exported, re.MULTILINE)
    texts = ["The group was set up.", "Access comes first.", "It was asked to define."]
    texts += ["Costs are high.", "\\[Names must resolve.\\]"]
    assert [text for _, text in numbered] == texts, exported
    assert [label for label, _ in numbered] == ["1", "2", "3", "4", "5"], exported


async def written_out(app: FastAPI, insertion: Insertion) -> str:
    """Return the report as Markdown."""
    observer = insertion.observer
    asked = {"report_id": insertion.hall.report, "format": "markdown"}
    export = told(await observer.send("POST", "/exports", asked), 202)
    await app.state.services.jobs.wait(f"export:{export['id']}")
    file = await observer.send("GET", f"/exports/{export['id']}/file")
    assert file.status_code == 200, file.text
    return file.text
