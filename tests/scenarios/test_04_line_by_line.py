"""Scenario 4: a paragraph with items is read line by line; hall, booth and remote follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from app.ids import SectionId
from app.text.from_crdt import body_of
from app.text.hashing import canonical, text_hash
from app.text.words import count_words
from tests.house.builders import Group, a_report
from tests.house.live import LiveText
from tests.house.texts import block, paragraph_id, read_text, write_text
from tests.plenary.hall import Hall
from tests.scenarios.conftest import Feed, OpenDevice, OpenFeed

CHAPEAU = "The group recommends:"
ITEMS = {
    "a": "lower transit costs;",
    "b": "local exchange points;",
    "c": "transparent prices;",
    "d": "training of engineers;",
    "e": "open standards;",
    "f": "regional cooperation.",
}
AMENDMENT = " and traffic"
LABELS = {"chapeau": "45"} | {key: f"45 ({key})" for key in ITEMS}
SECRET = "The subgroup is of two minds about sanctions."
NOTE = "Two delegations ask for figures."


@dataclass
class Reading:
    """Paragraph 45 before the plenary, and everybody who looks at it."""

    hall: Hall
    feed: Feed
    """The screen in the hall; the booth shows the same."""
    remote: LiveText
    """A delegate's own device, far away, on the report's channel."""
    operator: LiveText
    """The text under the operator's pen."""
    draft: LiveText
    """What a subgroup still writes, in the same report."""

    async def reads(self, key: str, verb: str, status: str) -> None:
        """The chair calls a line up and decides; hall and remote show each step."""
        await self.hall.put(key)
        called = await self.feed.until(lambda shown: on_floor(shown) == (LABELS[key], "tabled"))
        assert [one["id"] for one in called["blocks"] if one["on_floor"]] == [paragraph_id(key)]
        await self.remote.until(lambda text: floor_of(text) == LABELS[key])
        await self.hall.decide(verb, key, reason=NOTE if verb == "bracket" else "")
        await self.feed.until(lambda shown: on_floor(shown) == (LABELS[key], status))
        await self.remote.until(lambda text: status_of(text, key) == status)


def on_floor(picture: dict[str, Any]) -> tuple[str, str]:
    floor = picture["floor"] or {"label": "", "status": ""}
    return floor["label"], floor["status"]


def last_view(text: LiveText) -> dict[str, Any]:
    views: list[dict[str, Any]] = [one["view"] for one in text.notices if one["type"] == "view"]
    return views[-1]


def floor_of(text: LiveText) -> str:
    floor = last_view(text)["meeting"]["floor"]
    return str(floor["label"]) if floor else ""


def status_of(text: LiveText, key: str) -> str:
    found = last_view(text)["statuses"].get(paragraph_id(key))
    return str(found["status"]) if found else "tabled"


async def a_long_report(group: Group) -> tuple[str, Sequence[SectionId]]:
    """Return a report: 44 paragraphs, then number 45 with its items, then a subgroup's draft."""
    report = await a_report(group, ["Infrastructure", "Costs", "Sanctions"], state="consolidated")
    database, author = group.house.database, group.member.id
    before = [block(f"n{number}", f"Paragraph {number}.") for number in range(1, 45)]
    items = [block(key, text, kind="subpara", level=1) for key, text in ITEMS.items()]
    await write_text(database, report.sections[0], author, before)
    await write_text(database, report.sections[1], author, [block("chapeau", CHAPEAU), *items])
    body = {"to": "drafting", "reason": "It is not ripe."}
    await group.chair.post(f"/sections/{report.sections[2]}/state", body, status=200)
    return str(report.id), report.sections


@pytest.fixture
async def reading(group: Group, open_device: OpenDevice, open_feed: OpenFeed) -> Reading:
    report, sections = await a_long_report(group)
    asked = {"title": "Fourth meeting", "reading": 1, "planned_minutes": 180}
    meeting = str((await group.chair.post(f"/reports/{report}/meetings", asked))["id"])
    hall = Hall(group, report, sections[1], meeting)
    await hall.put("chapeau")
    pen = {"member_id": str(group.secretariat.id)}
    await group.chair.put(f"/meetings/{meeting}/pen", pen)
    screen = await group.chair.post(f"/meetings/{meeting}/screens", {"label": "Hall"})
    return Reading(
        hall,
        await open_feed(screen["token"]),
        await (await open_device()).open(f"report:{report}", group.observer.api_token),
        await (await open_device()).open(sections[1], group.secretariat.api_token),
        await (await open_device()).open(sections[2], group.member.api_token),
    )


async def test_the_meeting_goes_through_paragraph_45_line_by_line(reading: Reading) -> None:
    await the_operator_amends_item_c(reading)
    for key in LABELS:
        verb, status = ("bracket", "bracketed") if key == "c" else ("agree", "agreed")
        await reading.reads(key, verb, status)

    await the_gauge_is_right(reading)
    await the_record_holds_exact_text_and_hash(reading)
    await the_green_lines_are_locked_and_the_bracketed_one_is_not(reading)
    nothing_private_was_on_the_screen(reading)


async def the_operator_amends_item_c(reading: Reading) -> None:
    await reading.hall.put("c")
    whole = body_of(reading.operator.doc)
    place = sum(
        len(part.encode()) if isinstance(part, str) else 1 for part in parts_before_d(whole)
    )
    reading.operator.types(AMENDMENT, at=place - 1)
    reading.draft.types(SECRET)
    await reading.operator.saved()
    await reading.draft.saved()
    amended = f"transparent prices{AMENDMENT};"
    await reading.feed.until(lambda shown: amended in words_on_floor(shown))


def parts_before_d(body: Any) -> list[Any]:
    """Return what stands before the marker of item (d), piece by piece."""
    parts = body.diff()
    place = next(n for n, (_, marks) in enumerate(parts) if _id(marks) == paragraph_id("d"))
    return [part for part, _ in parts[:place]]


def _id(marks: dict[str, Any] | None) -> Any:
    return (marks or {}).get("b.id")


def words_on_floor(picture: dict[str, Any]) -> str:
    runs = [run for one in picture["blocks"] if one["on_floor"] for run in one["runs"]]
    return "".join(run.get("text", "") for run in runs)


async def the_gauge_is_right(reading: Reading) -> None:
    agreed = sum(count_words(text) for text in [CHAPEAU, *ITEMS.values()])
    agreed -= count_words(ITEMS["c"])
    all_words = (
        agreed + count_words(f"transparent prices{AMENDMENT};") + 44 * 2 + count_words(SECRET)
    )
    meeting = (await reading.hall.view(reading.hall.group.observer))["meeting"]

    assert meeting["gauge"]["words_agreed"] == agreed
    assert meeting["gauge"]["words"] == all_words
    assert meeting["gauge"]["time_planned_s"] == 180 * 60
    assert {name: meeting["counts"][name] for name in ("agreed", "bracketed", "parked")} == {
        "agreed": 6,
        "bracketed": 1,
        "parked": 0,
    }
    assert meeting["gauge"] == last_view(reading.remote)["meeting"]["gauge"]


async def the_record_holds_exact_text_and_hash(reading: Reading) -> None:
    hall = reading.hall
    document = await read_text(hall.group.house.database, hall.section)
    record = await hall.group.observer.get(f"/meetings/{hall.meeting}/decisions")

    assert [one["label"] for one in record] == list(LABELS.values())
    texts = {"chapeau": CHAPEAU} | ITEMS | {"c": f"transparent prices{AMENDMENT};"}
    assert [one["text"] for one in record] == list(texts.values())
    for one in record:
        found = next(shown for shown in document.blocks if shown.id == one["paragraph_id"])
        assert one["text_hash"] == text_hash(found, document.notes)
        assert one["text"] in canonical(found, document.notes).decode()
    assert [one["reason"] for one in record if one["reason"]] == [NOTE]


async def the_green_lines_are_locked_and_the_bracketed_one_is_not(reading: Reading) -> None:
    group, hall = reading.hall.group, reading.hall
    before = await read_text(group.house.database, hall.section)
    reading.operator.types("Not ", at=1)
    await reading.operator.until(lambda text: 0 in text.statuses or text.closed)

    assert await read_text(group.house.database, hall.section) == before
    await hall.decide("reopen", "c", reason="Figures have come.")
    await reading.remote.until(lambda text: status_of(text, "c") == "tabled")


def nothing_private_was_on_the_screen(reading: Reading) -> None:
    heard = "\n".join(reading.feed.heard)
    group = reading.hall.group
    people = [group.member.name, group.secretariat.name, group.chair.name]
    for private in (SECRET, NOTE, "Figures have come.", *people):
        assert private not in heard
    told = str([notice for notice in reading.remote.notices if notice["type"] == "view"])
    assert SECRET not in told
    assert NOTE not in told
