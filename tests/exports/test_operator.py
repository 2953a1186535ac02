"""Promises about the operator's export: the whole report, without anybody signed in."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from app.errors import Invalid, NotFound
from app.exports.service import export_now
from app.ids import new_id
from tests.exports.reading import Pdf
from tests.house.builders import Group, a_report
from tests.house.drafts import write


async def test_the_ending_chooses_the_format(app: FastAPI, group: Group) -> None:
    report = await a_report(group)
    await write(group, report.sections[0], "One.")

    written = await export_now(app.state.services, report.id, "md")

    assert "\n1\\. One.\n" in written.decode()


async def test_an_unknown_ending_or_report_is_a_sentence(app: FastAPI, group: Group) -> None:
    report = await a_report(group)

    with pytest.raises(Invalid, match=r"Choose one of: \.docx, \.pdf, \.html, \.md\."):
        await export_now(app.state.services, report.id, "exe")
    with pytest.raises(NotFound):
        await export_now(app.state.services, new_id(), "md")


async def test_a_report_without_sections_is_still_written(
    app: FastAPI, group: Group, fonts_dir: Path
) -> None:
    report = await a_report(group, ())

    for ending in ("docx", "html", "md"):
        assert await export_now(app.state.services, report.id, ending)
    assert (
        "Members of the working group"
        in Pdf(await export_now(app.state.services, report.id, "pdf")).text()
    )
