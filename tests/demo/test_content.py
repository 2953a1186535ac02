import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from app.demo.content import CONTENT, ContentError, Demonstration, load_demonstration
from app.demo.markup import Wording
from app.text.model import FootnoteRef, plain_text


@pytest.fixture(scope="module")
def demo() -> Demonstration:
    return load_demonstration()


def _texts(demo: Demonstration) -> list[str]:
    found = []
    for section in demo.sections:
        for block in section.blocks:
            found += [plain_text(block.wording.inlines), *map(plain_text, block.wording.notes)]
    return found


def test_numbered_paragraphs_run_from_1_to_85_through_the_chapters(demo: Demonstration) -> None:
    labels = [label for section in demo.sections for label in section.labels.values()]
    numbers = [int(label) for label in labels if label.isdigit()]
    assert numbers == list(range(1, 86))


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("origin", "1"),
        ("definition", "10"),
        ("clusters", "13"),
        ("cluster-development", "(d)"),
        ("issue-root", "15"),
        ("issue-languages", "27"),
        ("forum-functions", "45"),
        ("oversight-principles", "48"),
        ("oversight-models", "51"),
        ("model-1-council", "52"),
        ("model-4-premise", "68"),
        ("model-4-assessment", "71"),
        ("rec-root", "76"),
    ],
)
def test_paragraphs_that_people_cite_have_their_numbers(
    demo: Demonstration, key: str, label: str
) -> None:
    assert demo.section_of(key).labels[key] == label


def test_the_report_has_the_length_of_a_real_one(demo: Demonstration) -> None:
    assert 6_000 <= sum(len(text.split()) for text in _texts(demo)) <= 8_000


def test_each_section_is_drafted_by_one_subgroup_and_answers_the_mandate(
    demo: Demonstration,
) -> None:
    subgroups = {subgroup.key for subgroup in demo.people.subgroups}
    items = {item.key for item in demo.outline.mandate_items}
    answered = {item for section in demo.sections for item in section.plan.answers}
    assert {section.plan.subgroup for section in demo.sections} == subgroups
    assert len(subgroups) == 4
    assert answered == items
    assert all(section.plan.answers for section in demo.sections)


def test_every_child_follows_its_parent_and_no_heading_stands_alone(demo: Demonstration) -> None:
    seen: set[str] = set()
    for section in demo.sections:
        assert section.plan.parent is None or section.plan.parent in seen
        seen.add(section.plan.key)
    children = Counter(section.plan.parent for section in demo.sections)
    assert min(children.values()) >= 2


def test_people_are_named_by_role_and_reached_at_example_org(demo: Demonstration) -> None:
    role = re.compile(
        r"Chair|Executive Coordinator|System administrator|"
        r"(Secretariat|Convenor|Member|Observer), .+"
    )
    people = demo.people.people
    assert all(role.fullmatch(person.name) for person in people)
    assert all(person.email == f"{person.key}@example.org" for person in people)
    assert len({person.key for person in people}) == len(people) == 24


def test_everybody_but_the_system_administrator_has_a_seat(demo: Demonstration) -> None:
    for person in demo.people.people:
        assert (person.stakeholder_group is None) == person.system_administrator
        assert bool(person.region) != person.system_administrator


def test_members_and_convenors_of_subgroups_are_people(demo: Demonstration) -> None:
    keys = {person.key for person in demo.people.people}
    for subgroup in demo.people.subgroups:
        assert {subgroup.convenor, *subgroup.members} <= keys
        assert subgroup.convenor not in subgroup.members
        assert len(set(subgroup.members)) == len(subgroup.members) >= 4


def test_every_footnote_is_called_once_and_has_words(demo: Demonstration) -> None:
    notes = 0
    for section in demo.sections:
        for block in section.blocks:
            _check_notes(block.wording)
            notes += len(block.wording.notes)
    assert notes >= 8


def _check_notes(wording: Wording) -> None:
    calls = [inline.id for inline in wording.inlines if isinstance(inline, FootnoteRef)]
    assert calls == [str(at) for at in range(len(wording.notes))]
    assert all(plain_text(note).strip() for note in wording.notes)


def test_texts_are_typeset_and_their_references_resolved(demo: Demonstration) -> None:
    for text in _texts(demo):
        assert not re.search(r"""["'{}@]|  |^\s|\s$""", text), text
        assert re.search(r"[.:;?]$", text) or len(text) < 80, text


def test_items_of_a_list_end_in_semicolons_and_the_last_in_a_full_stop(
    demo: Demonstration,
) -> None:
    for section in demo.sections:
        following = [*section.blocks[1:], None]
        for block, then in zip(section.blocks, following, strict=False):
            if block.kind == "subpara":
                end = ";" if then is not None and then.kind == "subpara" else "."
                assert plain_text(block.wording.inlines).endswith(end), block.key


@pytest.mark.parametrize(
    ("file", "found", "put"),
    [
        ("text/ii.md", "{scope}", "{qualities}"),
        ("text/v.md", "{@adequacy-findings}", "{@nowhere}"),
        ("text/ii.md", "{scope}", "{origin}"),
        ("text/ii.md", "work", "w*rk"),
        ("people.toml", 'name = "Chair"', 'nom = "Chair"'),
        ("history/v.toml", "2026-10-12T08:30:00Z", "soon"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(
    tmp_path: Path, file: str, found: str, put: str
) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content" / file
    path.write_text(path.read_text("utf-8").replace(found, put, 1), "utf-8")
    with pytest.raises(ContentError):
        load_demonstration(tmp_path / "content")
