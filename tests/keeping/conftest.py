"""Fixtures of what is kept: a section with a log that the test wrote itself."""

import httpx
import pytest

from app.db.engine import Database
from app.ids import SectionId
from tests.house.builders import BuiltReport, Group, House, a_report, a_working_group


@pytest.fixture
async def people(database: Database) -> Group:
    """A working group, without a server."""
    async with httpx.AsyncClient() as http:
        return await a_working_group(House(database, http))


@pytest.fixture
async def report(people: Group) -> BuiltReport:
    """A report with two sections that are being drafted."""
    return await a_report(people, ["Access", "Security"])


@pytest.fixture
def section(report: BuiltReport) -> SectionId:
    """The first of its sections."""
    return report.sections[0]
