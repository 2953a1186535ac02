from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest

from app.demo.content import ContentError, Demonstration, DemoSection, load_demonstration
from app.demo.replay import Replay
from app.demo.script import Step

DEMO = load_demonstration()
WRITTEN = [section for section in DEMO.sections if section.plan.written]

EDGES = {
    ("outlined", "drafting"),
    ("drafting", "subgroup_review"),
    ("subgroup_review", "drafting"),
    ("subgroup_review", "signed_off"),
    ("signed_off", "drafting"),
    ("signed_off", "consolidated"),
    ("consolidated", "in_reading"),
    ("in_reading", "read"),
}


def _states(demo: Demonstration, section: DemoSection) -> Iterator[tuple[str, str]]:
    state = "outlined"
    for step in section.steps:
        if step.state:
            yield state, step.state
            state = step.state
    for meeting in demo.meetings:
        for event in meeting.events:
            if event.section == section.plan.key and event.state:
                yield state, event.state
                state = event.state


def _penned(demo: Demonstration) -> tuple[str, ...]:
    return tuple(e.today for meeting in demo.meetings for e in meeting.events if e.today)


@pytest.mark.parametrize("section", WRITTEN, ids=lambda section: section.plan.key)
def test_history_and_the_pen_lead_to_the_text_of_today(section: DemoSection) -> None:
    replay = Replay(section)
    bursts = [burst for step in section.steps for burst in replay.take(step)]
    by_pen = tuple(key for key in _penned(DEMO) if key in section.labels)
    last = Step(at=section.steps[-1].at, by="secretariat-podium", today=by_pen)
    bursts += replay.take(last)
    assert replay.blocks == section.blocks
    assert bursts[-1].blocks == section.blocks


@pytest.mark.parametrize("section", WRITTEN, ids=lambda section: section.plan.key)
def test_nobody_types_before_the_step_before_is_over(section: DemoSection) -> None:
    replay = Replay(section)
    free_at = section.steps[0].at
    for step in section.steps:
        assert step.at.tzinfo == UTC
        assert step.at.weekday() < 5
        assert step.at >= free_at, step
        free_at = step.at + timedelta(seconds=sum(b.typed_s for b in replay.take(step)))


@pytest.mark.parametrize("section", DEMO.sections, ids=lambda section: section.plan.key)
def test_sections_change_state_only_along_the_edges(section: DemoSection) -> None:
    assert set(_states(DEMO, section)) <= EDGES


def test_the_demonstration_begins_with_sections_in_many_states() -> None:
    last = {}
    for section in DEMO.sections:
        changes = list(_states(DEMO, section))
        last[section.plan.key] = changes[-1][1] if changes else "outlined"
    assert last == {
        "i": "read",
        "ii": "read",
        "iii": "in_reading",
        "iv": "consolidated",
        "v": "signed_off",
        "v-a": "signed_off",
        "v-a-1": "subgroup_review",
        "v-a-2": "drafting",
        "v-a-3": "drafting",
        "v-a-4": "signed_off",
        "v-b": "drafting",
        "annex": "drafting",
        "papers": "outlined",
        "glossary": "subgroup_review",
    }


def test_each_return_has_a_reason() -> None:
    for section in WRITTEN:
        state = "outlined"
        for step in section.steps:
            if step.state == "drafting" and state != "outlined":
                assert step.reason
            state = step.state or state


@pytest.mark.parametrize("section", WRITTEN, ids=lambda section: section.plan.key)
def test_only_those_write_who_may_in_that_state(section: DemoSection) -> None:
    subgroup = next(g for g in DEMO.people.subgroups if g.key == section.plan.subgroup)
    secretariat = {p.key for p in DEMO.people.people if "secretariat" in p.roles}
    writers = {
        "drafting": {subgroup.convenor, *subgroup.members} | secretariat,
        "subgroup_review": {subgroup.convenor},
        "consolidated": secretariat,
    }
    state = "outlined"
    for step in section.steps:
        state = step.state or state
        if step.words or step.today or step.rest or step.remove:
            assert step.by in writers.get(state, set()), step


def test_decisions_fall_on_paragraphs_of_a_section_in_reading() -> None:
    in_reading: set[str] = set()
    for meeting in DEMO.meetings:
        minutes = [event.minute for event in meeting.events]
        assert minutes == sorted(minutes)
        for event in meeting.events:
            if event.section:
                change = in_reading.add if event.state == "in_reading" else in_reading.discard
                change(event.section)
            for key in (event.paragraph, event.today, event.floor):
                assert key is None or DEMO.section_of(key).plan.key in in_reading


def test_the_meeting_has_agreed_bracketed_and_parked() -> None:
    events = [event for meeting in DEMO.meetings for event in meeting.events]
    status = {event.paragraph: event.decide for event in events if event.decide}
    verbs = sorted(str(verb) for verb in status.values())
    assert verbs == ["agree"] * 19 + ["bracket"] * 3 + ["park"]
    assert [event.floor for event in events if event.floor] == ["issue-interconnection"]
    assert all(e.reason for e in events if e.decide in ("bracket", "park"))


def test_a_new_paragraph_is_typed_sentence_by_sentence() -> None:
    section = next(s for s in WRITTEN if s.plan.key == "ii")
    typed = Replay(section).take(Step(at=section.steps[0].at, by="x", today=("scope",)))
    assert len(typed) > 3
    assert all(burst.typed_s > 1 for burst in typed)


def test_a_step_that_names_nothing_is_refused() -> None:
    at = WRITTEN[0].steps[0].at
    for step in (Step(at=at, by="x", today=("nowhere",)), Step(at=at, by="x", remove=("origin",))):
        with pytest.raises(ContentError):
            Replay(WRITTEN[0]).take(step)
