"""Promises about exports over HTTP: asked for, watched, cancelled, fetched, and by whom."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from app import clock
from app.db.tables import Export, LogEntry, StoredFile
from app.exports.running import SILENT_S
from tests.exports.asking import Stages, asked, busy, ended, fetched
from tests.exports.reading import Page, Pdf, Word
from tests.house.builders import BuiltReport, Group, a_report, a_working_group
from tests.house.drafts import a_meeting, decided, write


@pytest.fixture
async def report(group: Group) -> BuiltReport:
    """A report of two sections with a text each."""
    built = await a_report(group, ("Access", "Security"))
    await write(group, built.sections[0], "# Costs", "One.", "- of the first;", "Two.")
    await write(group, built.sections[1], "Three.", "Four.")
    return built


@pytest.mark.parametrize("format_name", ["docx", "pdf", "html", "markdown"])
async def test_a_member_has_the_report_written_in_every_format(
    app: FastAPI, group: Group, report: BuiltReport, format_name: str
) -> None:
    waiting = await asked(group.member, report, format_name)
    assert (waiting["state"], waiting["filename"]) == ("waiting", None)

    done = await ended(app, group.member, waiting)

    assert (done["state"], done["error"]) == ("done", None)
    content = await fetched(group.member, done)
    assert len(content) == done["size_bytes"]
    assert _reads(format_name, content, "4.", "Four.")
    assert _reads(format_name, content, "(a)", "of the first;")


def _reads(format_name: str, content: bytes, label: str, words: str) -> bool:
    if format_name == "docx":
        return any(text == f"{label}\t{words}" for _, text in Word(content).paragraphs())
    if format_name == "pdf":
        return f"{label} {words}" in Pdf(content).text()
    if format_name == "html":
        return f"{label} {words}" in Page(content).words
    return f"\n{label} {words}\n" in content.decode().replace("\\.", ".")


async def test_the_file_is_saved_under_the_report_s_own_name(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    await group.secretariat.patch(f"/reports/{report.id}", {"symbol": "WG/報告/1"})
    done = await ended(app, group.member, await asked(group.member, report, "html"))

    answer = await group.member.send("GET", f"/exports/{done['id']}/file")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    kind, plain, full = answer.headers["content-disposition"].split("; ")
    assert (kind, plain) == ("attachment", 'filename="WG----1.html"')
    assert unquote(full) == "filename*=UTF-8''WG-報告-1.html"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_section_keeps_its_numbers_of_the_report(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    call = await asked(group.member, report, "html", section_id=str(report.sections[1]))

    page = Page(await fetched(group.member, await ended(app, group.member, call)))

    assert "II. Security" in page.words
    assert "3. Three." in page.words
    assert "One." not in page.words
    assert "Annex" not in page.words


async def test_a_named_revision_is_written_as_it_was(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    section = report.sections[0]
    path = f"/sections/{section}/revisions"
    revision = await group.convenor.post(path, {"name": "First draft"})
    await write(group, section, "Later.")

    call = await asked(group.member, report, "html", revision_id=revision["id"])

    page = Page(await fetched(group.member, await ended(app, group.member, call)))
    assert "2. Two." in page.words
    assert "Later." not in page.words
    assert "Revision “First draft” of" in page.words


async def test_bracketed_paragraphs_are_in_brackets_and_the_members_in_the_annex(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    (added,) = await write(group, report.sections[1], "Disputed.")
    meeting = await a_meeting(group, report)
    await decided(group, meeting, report.sections[1], added, "bracketed")

    call = await asked(group.chair, report, "html")

    page = Page(await fetched(group.chair, await ended(app, group.chair, call)))
    assert "5. [Disputed.]" in page.words
    assert "Paragraphs in square brackets are not agreed." in page.words
    assert page.words.index("Chair Working Group") > page.words.index("Annex")
    assert "Observer Working Group" not in page.words
    assert "@example.org" not in page.words


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"format": "odt"}, 422, "Choose one of: docx, pdf, html, markdown."),
        ({"format": "PDF"}, 422, "There is no format “PDF”."),
        ({"section_id": "01900000-0000-7000-8000-000000000000"}, 404, ""),
        ({"revision_id": "01900000-0000-7000-8000-000000000000"}, 404, ""),
        ({"report_id": "01900000-0000-7000-8000-000000000000"}, 404, ""),
        ({"report_id": "no id"}, 422, ""),
        ({"colour": "red"}, 422, ""),
    ],
)
async def test_what_cannot_be_written_is_refused_with_a_sentence(
    group: Group, report: BuiltReport, change: dict[str, str], status: int, sentence: str
) -> None:
    call = {"report_id": str(report.id), "format": "pdf"} | change

    answer = await group.member.send("POST", "/exports", call)

    assert answer.status_code == status
    assert sentence in answer.json()["detail"]
    assert await group.member.get(f"/reports/{report.id}/exports") == []


async def test_a_section_or_revision_of_another_report_is_not_found(
    house: Any, group: Group, report: BuiltReport
) -> None:
    other = await a_working_group(house, "Other group")
    foreign = await a_report(other)
    twin = await a_report(group)
    for section in (foreign.sections[0], twin.sections[0]):
        call = {"report_id": str(report.id), "section_id": str(section), "format": "pdf"}
        assert (await group.member.send("POST", "/exports", call)).status_code == 404


async def test_who_has_no_seat_finds_nothing(group: Group, report: BuiltReport) -> None:
    call = {"report_id": str(report.id), "format": "markdown"}
    for person, status in ((group.nobody, 401), (group.outsider, 404), (group.administrator, 404)):
        assert (await person.send("POST", "/exports", call)).status_code == status
        path = f"/reports/{report.id}/exports"
        assert (await person.send("GET", path)).status_code == status


async def test_an_observer_may_have_what_they_may_see(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    done = await ended(app, group.observer, await asked(group.observer, report, "markdown"))

    assert done["state"] == "done"


async def test_nobody_else_sees_cancels_or_fetches_an_export(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    done = await ended(app, group.member, await asked(group.member, report, "markdown"))

    for person in (group.chair, group.outsider):
        for method, end in (("GET", ""), ("GET", "/file"), ("POST", "/cancel")):
            answer = await person.send(method, f"/exports/{done['id']}{end}")
            assert answer.status_code == 404
    assert [one["id"] for one in await group.member.get(f"/reports/{report.id}/exports")] == [
        done["id"]
    ]
    assert await group.chair.get(f"/reports/{report.id}/exports") == []


async def test_the_stages_tell_how_far_it_is(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    with Stages(group) as stages:
        await ended(app, group.member, await asked(group.member, report, "pdf"))

    # A slow machine also tells of the sections in between: at most one look in a fifth of a second.
    told = [stage for stage in stages.told if stage != "Collecting text 1 of 2"]
    assert told == [
        "Collecting text",
        "Collecting text 0 of 2",
        "Collecting text 2 of 2",
        "Typesetting",
        "Storing",
    ]


async def test_a_waiting_export_can_be_cancelled(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    async with busy(app):
        waiting = await asked(group.member, report, "markdown")
        cancelled = await group.member.post(f"/exports/{waiting['id']}/cancel", status=200)
        end = await ended(app, group.member, waiting)

    assert (cancelled["state"], end["state"], end["error"]) == ("cancelled", "cancelled", None)
    assert end["ended_at"] is not None


async def test_an_export_that_is_being_typeset_can_be_cancelled(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    await write(group, report.sections[0], "many words " * 100_000)
    with Stages(group) as stages:
        call = await asked(group.member, report, "pdf")
        await stages.reached("Typesetting")
        await group.member.post(f"/exports/{call['id']}/cancel", status=200)

    end = await ended(app, group.member, call)

    assert (end["state"], end["size_bytes"]) == ("cancelled", None)
    answer = await group.member.send("GET", f"/exports/{call['id']}/file")
    assert answer.status_code == 409
    assert await _stored(group) == []


async def test_an_export_that_was_cancelled_elsewhere_is_not_stored(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    async with busy(app):
        call = await asked(group.member, report, "markdown")
        async with group.house.database.write() as work:  # as another worker does
            await work.session.execute(update(Export).values(state="cancelled"))

    end = await ended(app, group.member, call)

    assert end["state"] == "cancelled"
    assert await _stored(group) == []


async def test_a_finished_export_cannot_be_cancelled(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    done = await ended(app, group.member, await asked(group.member, report, "markdown"))

    answer = await group.member.send("POST", f"/exports/{done['id']}/cancel")

    assert (answer.status_code, answer.json()["state"]) == (409, "done")


async def test_an_export_fails_with_a_sentence_when_the_server_stops(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    async with busy(app):
        call = await asked(group.member, report, "markdown")
        await asyncio.sleep(0)  # its job has begun to wait
        await app.state.services.jobs.close()

    end = await group.member.get(f"/exports/{call['id']}")

    assert end["state"] == "failed"
    assert end["error"].startswith("The server stopped while this file was being made.")


async def test_an_export_whose_server_died_is_shown_as_failed(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    async with busy(app):
        call = await asked(group.member, report, "markdown")
        async with group.house.database.write() as work:
            silent = clock.now() - timedelta(seconds=SILENT_S + 1)
            await work.session.execute(update(Export).values(state="running", beat_at=silent))
        end = await group.member.get(f"/exports/{call['id']}")
        again = [await asked(group.member, report, "markdown") for _ in range(3)]

    assert end["state"] == "failed"
    assert end["error"].startswith("The server stopped")
    for other in again:
        assert (await ended(app, group.member, other))["state"] == "done"


async def test_nobody_fills_the_queue(app: FastAPI, group: Group, report: BuiltReport) -> None:
    async with busy(app):
        calls = [await asked(group.member, report, "markdown") for _ in range(3)]
        body = {"report_id": str(report.id), "format": "markdown"}
        refused = await group.member.send("POST", "/exports", body)
        await asked(group.chair, report, "markdown")
        await group.member.post(f"/exports/{calls[0]['id']}/cancel", status=200)
        await asked(group.member, report, "markdown")

    assert refused.status_code == 429
    assert "3 files in work" in refused.json()["detail"]


async def test_a_member_who_lost_their_seat_meanwhile_gets_nothing(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    async with busy(app):
        call = await asked(group.observer, report, "markdown")
        path = f"/working-groups/{group.id}/members/{group.observer.id}"
        await group.secretariat.delete(path)

    await app.state.services.jobs.wait(f"export:{call['id']}")

    assert (await group.observer.send("GET", f"/exports/{call['id']}")).status_code == 404
    assert await _stored(group) == []


async def test_a_damaged_log_is_not_exported(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    async with group.house.database.write() as work:
        damage = update(LogEntry).where(LogEntry.section_id == report.sections[1])
        await work.session.execute(damage.values(acting_role="chair"))

    end = await ended(app, group.member, await asked(group.member, report, "markdown"))

    assert end["state"] == "failed"
    assert "damaged at row" in end["error"]


async def test_equal_files_are_kept_once(app: FastAPI, group: Group, report: BuiltReport) -> None:
    clock.set_now(clock.now())
    try:
        for _ in range(2):
            done = await ended(app, group.member, await asked(group.member, report, "markdown"))
            assert done["state"] == "done"
    finally:
        clock.set_now(None)

    assert len(await _stored(group)) == 1


async def _stored(group: Group) -> list[str]:
    async with group.house.database.read() as session:
        return list(await session.scalars(select(StoredFile.hash)))


async def test_a_file_is_kept_for_its_time_and_as_long_as_another_export_has_it(
    app: FastAPI, group: Group, report: BuiltReport
) -> None:
    exports = app.state.exports
    exports._kept = timedelta(minutes=5)
    first = await ended(app, group.member, await asked(group.member, report, "markdown"))
    begin = clock.now()
    clock.set_now(begin + timedelta(minutes=4))
    failed = await asked(group.member, report, "html")
    await group.member.post(f"/exports/{failed['id']}/cancel", status=200)
    second = await ended(app, group.member, await asked(group.member, report, "markdown"))
    async with group.house.database.write() as work:
        same = select(Export.file_hash).where(Export.id == UUID(first["id"])).scalar_subquery()
        await work.session.execute(
            update(Export).where(Export.id == UUID(second["id"])).values(file_hash=same)
        )

    await exports.remove_old()
    assert await fetched(group.member, first) == await fetched(group.member, second)
    until = datetime.fromisoformat(first["kept_until"]) - datetime.fromisoformat(first["ended_at"])
    assert until == timedelta(minutes=5)

    clock.set_now(begin + timedelta(minutes=6))
    await exports.remove_old()
    listed = await group.member.get(f"/reports/{report.id}/exports")
    assert [one["id"] for one in listed] == [second["id"], failed["id"]]
    assert (listed[1]["state"], listed[1]["kept_until"]) == ("cancelled", None)
    await fetched(group.member, second)

    clock.set_now(begin + timedelta(minutes=10))
    await exports.remove_old()
    assert await group.member.get(f"/reports/{report.id}/exports") == []
    async with group.house.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(StoredFile)) == 0
