"""Fixtures of live text: a served application, a section that is being drafted, devices."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from fastapi import FastAPI

from app.ids import SectionId
from tests.house.builders import BuiltReport, Group, a_report
from tests.house.live import Device, a_device, served
from tests.house.people import Person

OpenDevice = Callable[..., Awaitable[Device]]


@pytest.fixture
async def host(app: FastAPI) -> AsyncIterator[str]:
    """The application on a loopback port: host:port."""
    async with served(app) as address:
        yield address


@pytest.fixture
async def report(group: Group) -> BuiltReport:
    """A report with two sections that the subgroup Access is drafting."""
    return await a_report(group, ["Access", "Security"])


@pytest.fixture
def section(report: BuiltReport) -> SectionId:
    """The first of its sections."""
    return report.sections[0]


@pytest.fixture
async def device(host: str) -> AsyncIterator[OpenDevice]:
    """Opens devices: `await device(group.member)`."""
    opened: list[Device] = []

    async def open_(person: Person | None = None, origin: str | None = None) -> Device:
        opened.append(await a_device(host, person, origin))
        return opened[-1]

    yield open_
    for one in opened:
        await one.hang_up()
