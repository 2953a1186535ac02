"""Those who open a long text together: all have it, and are told its head."""

from app.ids import SectionId
from app.text.hashing import content_hash
from tests.house.builders import Group
from tests.house.texts import block, read_text, write_text
from tests.rooms.conftest import OpenDevice

LONG = "word " * 20_000


async def test_a_long_text_is_there_for_all_and_its_head_follows(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    seq = await write_text(group.house.database, section, group.member.id, [block("px", LONG)])
    expected = await read_text(group.house.database, section)
    devices = [await device() for _ in range(3)]

    texts = [await one.open(section, group.member.api_token) for one in devices]

    told = {"type": "head", "seq": seq, "hash": content_hash(expected)}
    for text in texts:
        assert text.document() == expected
        await text.until(lambda one: told in one.notices)


async def test_who_comes_just_after_a_change_has_it(
    group: Group, section: SectionId, device: OpenDevice
) -> None:
    await write_text(group.house.database, section, group.member.id, [block("px", LONG)])
    writer = await (await device()).open(section, group.member.api_token)
    await (await device()).open(section, group.convenor.api_token)

    for number in range(3):
        writer.types(f" change {number}")
        await writer.saved()
        late = await (await device()).open(section, group.convenor.api_token)

        assert late.document() == writer.document()
