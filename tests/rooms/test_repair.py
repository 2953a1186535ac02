"""Doubled ids of blocks are mended by the server, through the same door as every edit."""

from pathlib import Path

from app.db.engine import Database
from app.ids import SectionId
from app.main import create_app
from app.rooms.writing.repair import needs_repair
from app.settings import Settings
from tests.house.builders import Group
from tests.house.live import a_device, served
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


async def test_a_lone_paragraph_typed_into_an_empty_section_gets_an_id_once(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    here = await (await device(group.member)).open(section, "")
    there = await (await device(group.convenor)).open(section, "")
    here.types("From here. ")
    there.types("From there. ")

    for text in (here, there):
        await text.until(lambda one: one.document().blocks and one.document().blocks[0].id)
        text.types("And on.")
        await text.saved()

    kept = await read_text(database, section)
    assert len(kept.blocks) == 1
    assert sorted(words_of(kept)[0]) == sorted("From here. From there. And on.And on.")


async def test_a_first_paragraph_whose_marker_was_deleted_gets_another(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    text = await (await device(group.member)).open(section, "")
    text.paragraph(paragraph_id("one"), "First.")
    text.paragraph(paragraph_id("two"), "Second.")
    await text.saved()

    text.deletes(0, 1)
    await text.saved()
    await text.until(lambda one: one.document().blocks[0].id)

    kept = await read_text(database, section)
    assert words_of(kept) == ["First.", "Second."]
    assert kept.blocks[1].id == paragraph_id("two")


async def test_two_workers_name_a_first_paragraph_once(
    group: Group, section: SectionId, device: OpenDevice, settings: Settings, tmp_path: Path
) -> None:
    """No hint goes between them: each has seen words without a marker, and the log decides."""
    elsewhere = settings.model_copy(update={"home": tmp_path / "elsewhere"})
    application = create_app(elsewhere)
    async with application.router.lifespan_context(application), served(application) as address:
        here = await (await device(group.member)).open(section, "")
        other = await a_device(address, group.convenor)
        there = await other.open(section, "")
        here.types("From here. ")
        there.types("From there. ")
        for text in (here, there):
            await text.until(lambda one: one.document().blocks and one.document().blocks[0].id)
            await text.until(lambda one: len(one.words) == len("From here. From there. "))
            assert len(text.document().blocks) == 1
        assert here.document() == there.document()
        await other.hang_up()
