"""Promises about the HTML file: whole in itself, readable by all, and no script."""

import itertools
from pathlib import Path

from app.exports.writing import FORMATS, Order, write
from tests.exports.reading import Page
from tests.exports.samples import MADE_AT, SIX_SCRIPTS, a_report


async def written() -> bytes:
    return await write(FORMATS["html"], Order(a_report(), MADE_AT, Path()))


async def test_it_needs_nothing_but_itself() -> None:
    page = Page(await written())

    forbidden = {"script", "img", "link", "iframe", "object", "embed", "base", "form"}
    assert not forbidden & {tag for tag, _ in page.elements}
    (policy,) = [m["content"] for m in page.all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'")
    assert b"url(" not in await written()


async def test_numbers_are_literal_and_lead_to_themselves() -> None:
    page = Page(await written())

    assert "2. Its mandate has three parts:" in page.words
    assert "12 quinquies. It would meet once a year." in page.words
    assert {"class": "number", "href": "#para-12-quinquies"} in page.all("a")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert "para-12-quinquies" in ids
    assert len(ids) == len(set(ids))


async def test_every_link_within_it_has_its_target() -> None:
    page = Page(await written())

    ids = {attributes.get("id") for _, attributes in page.elements}
    targets = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    assert targets <= ids
    assert {"section-1", "members", "note-2", "mark-2"} <= targets


async def test_footnotes_lead_there_and_back() -> None:
    page = Page(await written())

    roles = [attributes.get("role") for _, attributes in page.elements]
    assert roles.count("doc-noteref") == roles.count("doc-backlink") == 2
    assert page.words.index("A reservation was made.") > page.words.index("Glossary")


async def test_each_paragraph_has_its_direction() -> None:
    page = Page(await written())

    directions = {a["id"]: a["dir"] for a in page.all("p") if a.get("class") == "para"}
    arabic = list(SIX_SCRIPTS).index("Arabic") + 13
    assert directions.pop(f"para-{arabic}") == "rtl"
    assert set(directions.values()) == {"ltr"}


async def test_a_bracketed_paragraph_stands_in_square_brackets() -> None:
    assert "[A forum should be open to all stakeholders2.]" in Page(await written()).words


async def test_headings_follow_the_outline() -> None:
    page = Page(await written())

    levels = [int(tag[1]) for tag, _ in page.elements if tag in {f"h{n}" for n in range(1, 7)}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
