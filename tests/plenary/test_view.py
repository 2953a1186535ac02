"""What screens show is a function of the facts."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from app.ids import Seq
from app.plenary.hall.picture import ScreenText, build_screen, section_on_screen
from app.plenary.rules import Status
from app.plenary.view import (
    MeetingFacts,
    Paragraph,
    ReportFacts,
    SectionFacts,
    StatusFacts,
    build_view,
    counts,
    spoken_label,
)

AT = datetime(2005, 6, 15, 9, 30, tzinfo=UTC)
REPORT, DRAFTED, READ, MEETING, CHAIR = (UUID(int=n) for n in range(1, 6))


def block(key: str, label: str, kind: str = "para", depth: int = 0, words: int = 4) -> Paragraph:
    return Paragraph(key, kind, depth, label, words, "0" * 64, words > 0 and kind != "heading")


PARAGRAPHS = (
    block("pheading", "", kind="heading", words=2),
    block("pforty", "45"),
    block("pa", "(a)", kind="subpara", depth=1),
    block("pi", "(i)", kind="subpara", depth=2),
    block("pii", "(i)", kind="subpara", depth=1),
    block("pnext", "46"),
    block("pempty", "47", words=0),
)


def section(key: UUID, state: str, paragraphs: tuple[Paragraph, ...]) -> SectionFacts:
    return SectionFacts(key, None, 0, "V.", "Proposals", state, None, 45, Seq(12), paragraphs)


def facts() -> ReportFacts:
    agreed = StatusFacts(Status.AGREED, AT, READ, "1" * 64, "45 (a)", "chair")
    reopened = StatusFacts(Status.TABLED, AT, READ, "2" * 64, "46", "chair")
    return ReportFacts(
        version=7,
        report_id=REPORT,
        title="Report",
        symbol="WG/1",
        zone="Europe/Zurich",
        sections=(
            section(DRAFTED, "drafting", (block("psecret", "44", words=9),)),
            section(READ, "in_reading", PARAGRAPHS),
        ),
        statuses={"pa": agreed, "pnext": reopened},
        meeting=MeetingFacts(
            id=MEETING,
            title="Fourth meeting",
            state="open",
            reading=1,
            opened_at=AT,
            planned_minutes=60,
            used_s=900,
            chair=(CHAIR, "Chair"),
            pen=None,
            floor=(READ, "pi", AT),
        ),
    )


def wire(key: str) -> dict[str, object]:
    return {"id": key, "kind": "para", "level": 0, "dir": "", "label": "", "runs": [], "hash": ""}


def test_a_label_is_said_with_those_above_it() -> None:
    said = {paragraph.id: spoken_label(PARAGRAPHS, paragraph.id) for paragraph in PARAGRAPHS}

    assert said["pforty"] == "45"
    assert said["pa"] == "45 (a)"
    assert said["pi"] == "45 (a) (i)"
    assert said["pii"] == "45 (i)"
    assert said["pnext"] == "46"
    assert said["pheading"] == ""
    assert spoken_label(PARAGRAPHS, "pgone") == ""


def test_counts_leave_out_headings_and_empty_paragraphs() -> None:
    tally = counts(facts().sections, facts().statuses)

    assert tally == {"paragraphs": 6, "agreed": 1, "bracketed": 0, "parked": 0, "open": 5}


def test_the_view_carries_floor_gauge_and_only_what_stands_decided() -> None:
    view = build_view(facts())

    assert view["version"] == 7
    assert list(view["statuses"]) == ["pa"]
    assert view["meeting"]["floor"]["label"] == "45 (a) (i)"
    assert view["meeting"]["gauge"] == {
        "words": 31,
        "words_agreed": 4,
        "time_used_s": 900,
        "time_planned_s": 3600,
    }
    assert view["sections"][1]["words_agreed"] == 4


def test_without_a_meeting_the_view_says_so() -> None:
    view = build_view(replace(facts(), meeting=None))

    assert view["meeting"] is None


def test_a_screen_never_shows_a_section_that_is_still_drafted() -> None:
    drafted = facts()
    meeting = drafted.meeting
    assert meeting is not None
    elsewhere = replace(drafted, meeting=replace(meeting, floor=(DRAFTED, "psecret", AT)))

    assert section_on_screen(elsewhere) is None
    assert section_on_screen(drafted) == drafted.sections[1]
    assert section_on_screen(replace(drafted, meeting=replace(meeting, floor=None))) is not None
    assert section_on_screen(replace(drafted, meeting=None)) is None


def test_a_screen_shows_the_blocks_around_the_floor() -> None:
    known = facts()
    blocks = [wire(f"p{n}") for n in range(40)] + [wire("pi")] + [wire(f"q{n}") for n in range(40)]

    picture = build_screen(known, ScreenText(known.sections[1], blocks), AT)

    assert [one["id"] for one in picture["blocks"] if one["on_floor"]] == ["pi"]
    assert picture["blocks"][0]["id"] == "p37"
    assert picture["blocks"][-1]["id"] == "q7"
    assert picture["floor"] == {"paragraph_id": "pi", "label": "45 (a) (i)", "status": "tabled"}
    assert "psecret" not in str(picture)


def test_a_closed_meeting_shows_nothing() -> None:
    picture = build_screen(replace(facts(), meeting=None), None, AT)

    assert picture == {"type": "closed", "reason": "The meeting is closed."}
