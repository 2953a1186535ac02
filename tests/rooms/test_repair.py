"""Doubled ids of blocks are mended by the server, through the same door as every edit."""

from app.db.engine import Database
from app.ids import SectionId
from app.rooms.writing.repair import needs_repair
from tests.house.builders import Group
from tests.house.texts import paragraph_id, read_text, words_of
from tests.rooms.conftest import OpenDevice


async def test_a_block_that_two_people_moved_gets_a_second_id(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    here = await (await device(group.member)).open(section, "")
    there = await (await device(group.convenor)).open(section, "")
    here.paragraph(paragraph_id("one"), "First.")
    await here.saved()
    await there.shows("First.")

    here.paragraph(paragraph_id("one"), "Moved here.")
    there.paragraph(paragraph_id("one"), "Moved there.")

    for text in (here, there):
        await text.until(
            lambda one: len(one.document().blocks) == 3 and not needs_repair(one.document())
        )
    kept = await read_text(database, section)
    assert kept.blocks[0].id == paragraph_id("one")
    assert sorted(words_of(kept)) == ["First.", "Moved here.", "Moved there."]


async def test_a_foreign_client_that_names_no_block_gets_ids(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    text = await (await device(group.member)).open(section, "")
    text.paragraph(paragraph_id("one"), "Named.")
    await text.saved()

    with text.doc.transaction():
        body = text.doc["body"]
        body.insert_embed(len(body), {"b": 1}, {"b.kind": "para"})
        body.insert(len(body), "Nameless.", {})

    await text.until(
        lambda one: len(one.document().blocks) == 2 and not needs_repair(one.document())
    )
    assert not needs_repair(await read_text(database, section))


async def test_what_was_typed_before_the_first_marker_becomes_a_paragraph_with_an_id(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    text = await (await device(group.member)).open(section, "")
    text.types("Typed into an empty section.")
    text.paragraph(paragraph_id("two"), "A second one.")

    await text.until(
        lambda one: len(one.document().blocks) == 2 and not needs_repair(one.document())
    )
    kept = await read_text(database, section)
    assert words_of(kept) == ["Typed into an empty section.", "A second one."]
    assert {one.kind for one in kept.blocks} == {"para"}
