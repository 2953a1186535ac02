"""The Python sources keep the rules of the house, and each rule fires when it should."""

import pytest

from tests.architecture import doors, promises, sizes, words
from tests.architecture.sources import Rule, Sample, Source, faults, python_sources

LONG_FUNCTION = "def f():\n" + "    a = 1\n" * 40
SHORT_FUNCTION = 'def f():\n    """Says.\n\n    More.\n    """\n' + "    a = 1\n" * 39
DEEP = """
def f():
    for a in b:
        if a:
            with c:
                while d:
                    pass
"""
ELIFS = """
def f():
    for a in b:
        if a == 1:
            with c:
                pass
        elif a == 2:
            pass
        elif a == 3:
            pass
        elif a == 4:
            pass
"""

IN_APP = [
    Sample(sizes.file_is_short, "app/a.py", "\n" * 401, "\n" * 400),
    Sample(sizes.function_is_short, "app/a.py", LONG_FUNCTION, SHORT_FUNCTION),
    Sample(sizes.nesting_is_shallow, "app/a.py", DEEP, ELIFS),
    Sample(
        doors.commit_has_one_place,
        "app/reports/service.py",
        "async def f(session): await session.commit()",
        "def f(commit): commit()",
    ),
    Sample(
        doors.rows_come_through_access,
        "app/exports/service.py",
        "async def f(work, id): return await work.session.get(Section, id)",
        "async def f(work, id): return await work.session.get(Export, id)",
    ),
    Sample(
        doors.rows_come_through_access,
        "app/plenary/service.py",
        "query = select(Report).where(Report.id == given, Report.title != '')",
        "query = select(Section).where(Section.id == given, Section.report_id == report.id)",
    ),
    Sample(
        doors.routes_hold_no_query,
        "app/reports/routes.py",
        "from sqlalchemy import select",
        "from app.reports import service",
    ),
    Sample(
        doors.web_stays_at_the_edge,
        "app/reports/service.py",
        "from fastapi import HTTPException",
        "from app.errors import Refused",
    ),
    Sample(
        doors.crdt_stays_in_its_rooms,
        "app/plenary/service.py",
        "from pycrdt import Doc",
        "from app.text.from_crdt import read_state",
    ),
    Sample(
        doors.clock_has_one_place,
        "app/rooms/room.py",
        "from datetime import UTC, datetime\nat = datetime.now(UTC)",
        "from app import clock\nat = clock.now()",
    ),
    Sample(
        doors.environment_is_read_once,
        "app/logs.py",
        "import os\nis_loud = os.environ['LOUD']",
        "is_loud = settings.log_json",
    ),
    Sample(
        words.names_are_spoken,
        "app/rooms/room.py",
        "class RoomManager: ...",
        "class Room:\n    def commit(self): log.info('x')",
    ),
    Sample(words.names_are_spoken, "app/text/utils.py", "", "a = 1  # nothing\nflag = 2"),
    Sample(
        words.module_says_its_responsibility,
        "app/a.py",
        '"""Reads\nand writes."""',
        '"""Reads.\n\nMore."""',
    ),
    Sample(words.nothing_is_left_over, "app/a.py", "a = 1  # TODO later", "a = 'TODO: a to-do'"),
]
IN_MIGRATIONS = [
    Sample(
        doors.migrations_stand_alone,
        "migrations/versions/0009_x.py",
        "from app.db.tables import people",
        "import sqlalchemy as sa",
    ),
]
IN_TESTS = [
    Sample(
        promises.tests_wait_for_what_happens,
        "tests/a.py",
        "import asyncio\nasync def test_a(): await asyncio.sleep(1)",
        "import asyncio\nasync def test_a(): await asyncio.sleep(0)",
    ),
    Sample(
        promises.tests_wait_for_what_happens,
        "tests/a.py",
        "async def test_a(page): await page.wait_for_timeout(100)",
        "async def test_a(page): await page.wait_for_selector('p', timeout=100)",
    ),
    Sample(
        promises.tests_use_the_real_thing,
        "tests/a.py",
        "from unittest.mock import patch",
        "from tests.house.servers import Redis",
    ),
    Sample(
        promises.tests_use_the_real_thing,
        "tests/a.py",
        "def test_a(monkeypatch): monkeypatch.setattr('app.clock.now', None)",
        "def test_a(monkeypatch): monkeypatch.setattr(words, 'FINE_PAIRS', 8)",
    ),
    Sample(
        promises.tests_are_not_left_out,
        "tests/a.py",
        "import pytest\ndef test_a(): pytest.skip('later')",
        "import pytest\ndef test_a(): pytest.fail('no')",
    ),
    Sample(
        promises.tests_are_not_left_out,
        "tests/a.py",
        "import pytest\n@pytest.mark.skipif(True, reason='')\ndef test_a(): ...",
        "import pytest\n@pytest.mark.browser\ndef test_a(): ...",
    ),
]
SHARED = [sizes.file_is_short, sizes.function_is_short, words.nothing_is_left_over]
IN_BENCHMARKS = [
    *SHARED,
    sizes.nesting_is_shallow,
    words.names_are_spoken,
    words.module_says_its_responsibility,
]


def _tests() -> list[Source]:
    # The rules themselves quote what they forbid.
    return [s for s in python_sources("tests") if not s.is_under("tests/architecture")]


def _rules(samples: list[Sample], *more: Rule) -> list[Rule]:
    return list(dict.fromkeys([*(sample.rule for sample in samples), *more]))


@pytest.mark.parametrize("rule", _rules(IN_APP), ids=lambda rule: rule.__name__)
def test_the_application_keeps(rule: Rule) -> None:
    found = faults(rule, python_sources("app"))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", _rules(IN_MIGRATIONS), ids=lambda rule: rule.__name__)
def test_the_migrations_keep(rule: Rule) -> None:
    found = faults(rule, python_sources("migrations/versions"))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", _rules(IN_TESTS, *SHARED), ids=lambda rule: rule.__name__)
def test_the_tests_keep(rule: Rule) -> None:
    found = faults(rule, _tests())

    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", IN_BENCHMARKS, ids=lambda rule: rule.__name__)
def test_the_benchmarks_keep(rule: Rule) -> None:
    found = faults(rule, python_sources("benchmarks"))

    assert not found, "\n".join(found)


def test_packages_are_small() -> None:
    sources = python_sources("app", "benchmarks")

    assert [str(fault) for fault in sizes.packages_are_small(sources)] == []


def test_the_rule_on_packages_fires() -> None:
    crowd = [Source(f"app/crowd/{number}.py", "") for number in range(11)]

    assert sizes.packages_are_small(crowd)
    assert not sizes.packages_are_small(crowd[:10])


@pytest.mark.parametrize(
    "sample",
    [*IN_APP, *IN_MIGRATIONS, *IN_TESTS],
    ids=lambda sample: f"{sample.rule.__name__}-{sample.path}",
)
def test_each_rule_fires_on_what_it_forbids_only(sample: Sample) -> None:
    near = "app/near.py" if sample.rule is words.names_are_spoken else sample.path

    assert faults(sample.rule, [Source(sample.path, sample.bad)]) != []
    assert faults(sample.rule, [Source(near, sample.good)]) == []
