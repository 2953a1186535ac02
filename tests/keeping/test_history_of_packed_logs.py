"""The history of a packed log is the history that it had before."""

from typing import Any

from app.db.engine import Database
from app.ids import SectionId
from app.rooms.keeping.compaction import Packing, compact
from tests.house.builders import Group, a_report
from tests.keeping.logs import Typing, write_long_log

ROWS = 330


async def history(group: Group, section: SectionId) -> list[Any]:
    """Return what the pages of the history show: the timeline, texts, and who changed what."""
    base = f"/sections/{section}"
    reader = group.secretariat
    return [
        await reader.get(f"{base}/timeline?limit=200"),
        await reader.get(f"{base}/timeline?limit=20&before=150"),
        await reader.get(f"{base}/text?seq=75"),
        await reader.get(f"{base}/text?seq=240"),
        await reader.get(f"{base}/changes?from=30&to=260"),
    ]


async def test_the_history_of_a_packed_log_says_the_same(group: Group, database: Database) -> None:
    [section] = (await a_report(group, ["Access"])).sections
    typing = Typing(6, [group.member.id, group.convenor.id])
    await write_long_log(database, section, typing, ROWS, 50)
    before = await history(group, section)

    done = await compact(database, section, None, Packing(100, 20, 1_000))

    assert done.rows == 300
    assert await history(group, section) == before
