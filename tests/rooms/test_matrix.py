"""Who may do what: every part × message × own and other section × state, on one socket each."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from app.db.engine import Database
from app.rooms.frames import Kind, Sync, uint
from app.text.from_crdt import body_of
from tests.house.builders import Group
from tests.house.live import LiveText
from tests.house.texts import read_text
from tests.rooms.lock_shapes import find
from tests.rooms.matrix import AUTHOR, NOT_YOURS, WRITERS, Scene, build, mark_of, may_see

Attempt: TypeAlias = Callable[[Scene, str, LiveText], Awaitable[None]]


async def insert(scene: Scene, part: str, text: LiveText) -> None:
    text.types(mark_of(scene, part), at=place_of(text, part))


async def insert_by_step2(scene: Scene, part: str, text: LiveText) -> None:
    before = text.doc.get_state()
    async with text.offline():
        text.types(mark_of(scene, part), at=place_of(text, part))
    text.sends(Kind.SYNC, Sync.STEP2, text.doc.get_update(before))


async def delete_words(scene: Scene, part: str, text: LiveText) -> None:
    at = place_of(text, part)
    if at is None:
        text.sends_update(deletion_of(scene.invisible[part] + 1))
    else:
        behind = at + len(f"of {part}:")
        text.deletes(behind, behind + 3)


async def make_bold(scene: Scene, part: str, text: LiveText) -> None:
    at = place_of(text, part)
    if at is None:
        text.types("x")
        at = 0
    body_of(text.doc).format(at, at + 1, {"strong": True})


async def tidy_up(scene: Scene, part: str, text: LiveText) -> None:
    text.sends_update(deletion_of(scene.invisible[part]))


def place_of(text: LiveText, part: str) -> int | None:
    """Where the paragraph of this part begins; None for who is shown no text."""
    return find(text.doc, f"of {part}:") if text.synced else None


def deletion_of(clock_: int) -> bytes:
    return b"\x00\x01" + uint(AUTHOR) + b"\x01" + uint(clock_) + b"\x01"


CHANGES: tuple[Attempt, ...] = (insert, insert_by_step2, delete_words, make_bold)
# ------------------------------------------------------------------------------ the tests


async def try_everything(scene: Scene) -> None:
    for attempt in CHANGES:
        await try_to_change(scene, attempt)
    await try_to_tidy_up(scene)
    await try_presence(scene)
    await scene.bystander.until(lambda text: all(mark in text.words for mark in scene.expected))
    shown, kept = scene.bystander.document(), await read_text(scene.database, scene.section)
    assert shown == kept, scene.state


async def try_to_change(scene: Scene, attempt: Attempt) -> None:
    """Whoever may write leaves one row; all others leave nothing, and are told why."""
    texts = await scene.everybody_opens()
    seq = await scene.head()
    for part, text in texts.items():
        await attempt(scene, part, text)
    for part, text in texts.items():
        case = scene.case(part, attempt.__name__)
        if not may_see(part):
            assert (text.denied, text.statuses, text.words[:0]) == (NOT_YOURS, [], ""), case
            continue
        await text.until(lambda text: len(text.statuses) >= text.sent or text.closed, case)
        if scene.may_write(part):
            assert (text.scope, text.closed, set(text.statuses)) == ("read-write", None, {1}), case
            scene.expected |= {mark_of(scene, part)} if "insert" in attempt.__name__ else set()
        else:
            await text.until(lambda text: text.closed, case)
            assert (text.scope, text.statuses[-1]) == ("readonly", 0), case
            assert text.notices[-1] == {"type": "refused", "reason": text.closed}, case
    writers = {scene.people[part].id for part in texts if scene.may_write(part)}
    rows = await scene.rows_since(seq)
    assert (set(rows), len(rows)) == (writers, len(writers)), scene.case("all", attempt.__name__)


async def try_to_tidy_up(scene: Scene) -> None:
    """Everybody who sees the text may; only of who may write is it kept."""
    texts = await scene.everybody_opens()
    seq = await scene.head()
    for part, text in texts.items():
        await tidy_up(scene, part, text)
    for part, text in texts.items():
        case = scene.case(part, "tidy up")
        if not may_see(part):
            assert (text.denied, text.statuses) == (NOT_YOURS, []), case
            continue
        await text.until(lambda text: len(text.statuses) >= text.sent or text.closed, case)
        assert (text.closed, set(text.statuses)) == (None, {1}), case
    writers = {scene.people[part].id for part in texts if scene.may_write(part)}
    assert set(await scene.rows_since(seq)) == writers, scene.state


async def try_presence(scene: Scene) -> None:
    """Everybody who sees the text is shown under their own name, and nobody under another's."""
    texts = await scene.everybody_opens()
    theirs = scene.bystander.doc.client_id
    seq = await scene.head()
    for text in texts.values():
        text.shows_itself('{"user":{"name":"Somebody Else"},"cursor":{"at":"own"}}')
        text.shows_itself('{"user":{"name":"Somebody Else"},"cursor":{"at":"stolen"}}', theirs)
        text.sends(Kind.STATELESS, text="to everybody")
        text.syncs()
    seers = {texts[part].doc.client_id: scene.people[part] for part in texts if may_see(part)}
    await scene.bystander.until(
        lambda text: all(text.people.get(one, {}).get("cursor") == {"at": "own"} for one in seers),
        "everybody who may be here",
    )
    shown = scene.bystander.people
    for client_id, person in seers.items():
        assert shown[client_id]["user"]["name"] == person.name
    hidden = {texts[part].doc.client_id for part in texts if not may_see(part)}
    assert not hidden & shown.keys()
    assert "stolen" not in str(shown)
    assert "Somebody Else" not in str(shown)
    assert all(notice["type"] == "head" for notice in scene.bystander.notices)
    assert await scene.rows_since(seq) == []


@pytest.mark.parametrize("is_of_access", [True, False], ids=["of Access", "of Security"])
async def test_everybody_tries_everything_in_every_state(
    group: Group, database: Database, host: str, is_of_access: bool
) -> None:
    stage = await build(group, database, host)
    for state in WRITERS:
        await try_everything(await stage.scene(state, is_of_access=is_of_access))
    await stage.close()


async def test_everybody_tries_everything_whoever_holds_the_pen(
    group: Group, database: Database, host: str
) -> None:
    stage = await build(group, database, host)
    for pen in ("chair", "secretariat", "convenor", "other_member", "observer"):
        await try_everything(await stage.scene("in_reading", pen=pen))
    # A pen writes where the plenary reads, and nowhere else.
    await try_to_change(await stage.scene("signed_off", pen="chair"), insert)
    await stage.close()
