"""Words that are written faster than the server can ask for what they build on."""

from app.db.engine import Database
from app.ids import SectionId
from tests.house.builders import Group
from tests.house.texts import read_text, words_of
from tests.rooms.conftest import OpenDevice


async def test_words_that_outrun_the_question_for_missing_ones_are_kept(
    group: Group, section: SectionId, device: OpenDevice, database: Database
) -> None:
    text = await (await device()).open(section, group.member.api_token)
    async with text.offline():
        text.types("offline")
    for number in range(8):
        text.types(f" {number}")
    await text.until(lambda text: len(text.statuses) == text.sent and text.statuses[-1] == 1)
    assert text.closed is None
    assert words_of(await read_text(database, section)) == ["offline 0 1 2 3 4 5 6 7"]
