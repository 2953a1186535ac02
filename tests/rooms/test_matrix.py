"""Who may do what: every part × message × own and other section × state, over both protocols."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from pycrdt import Doc
from sqlalchemy import select, update
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app import clock
from app.access.actor import Role
from app.db.engine import Database
from app.db.tables import LogEntry, Section
from app.ids import SectionId
from app.rooms import frames, log
from app.rooms.frames import AwarenessEntry, Frame, Kind, Sync, uint
from app.text.from_crdt import body_of
from tests.house.builders import Group, a_report, a_working_group, give_seat
from tests.house.drafts import a_meeting
from tests.house.live import PATIENCE_S, Device, LiveText, a_device
from tests.house.people import Person
from tests.house.texts import read_text
from tests.rooms.lock_shapes import find

# ------------------------------------------------------- what is right, in words of its own

NOBODY: frozenset[str] = frozenset()
WRITERS = {
    "outlined": NOBODY,
    "drafting": frozenset({"member of it", "convenor of it", "secretariat"}),
    "subgroup_review": frozenset({"convenor of it"}),
    "signed_off": NOBODY,
    "consolidated": frozenset({"secretariat"}),
    "in_reading": NOBODY,
    "read": NOBODY,
}
"""Who may write in a section of this state; in reading, also who holds the pen."""

PARTS = {
    "chair": ("chair", "chair"),
    "secretariat": ("secretariat", "secretariat"),
    "convenor": ("convenor of it", "convenor of another"),
    "member": ("member of it", "member of another"),
    "other_convenor": ("convenor of another", "convenor of it"),
    "other_member": ("member of another", "member of it"),
    "observer": ("observer", "observer"),
    "administrator": ("", ""),
    "outsider": ("", ""),
    "stranger": ("", ""),
}
"""What each person is towards a section of Access and one of Security; nothing without a seat."""

MAY_HOLD_THE_PEN = frozenset(PARTS) - {"observer", "administrator", "outsider", "stranger"}
NOT_YOURS = "There is nothing here that you can see."


def may_see(part: str) -> bool:
    return PARTS[part][0] != ""


def may_write(part: str, is_of_access: bool, state: str, pen: str | None) -> bool:
    if state == "in_reading" and part == pen:
        return part in MAY_HOLD_THE_PEN
    return PARTS[part][0 if is_of_access else 1] in WRITERS[state]


# ----------------------------------------------------------------------------- the scene


@dataclass
class Scene:
    """One section in one state, with a paragraph for everybody to try on, and a bystander."""

    people: dict[str, Person]
    devices: dict[str, Device]
    database: Database
    section: SectionId
    state: str
    is_of_access: bool
    pen: str | None
    bystander: LiveText
    invisible: dict[str, int]
    """The clock of a unit that nobody sees, in the paragraph of each."""
    number: int = 0
    expected: set[str] = field(default_factory=set)
    """Words that the bystander is to see."""

    def may_write(self, part: str) -> bool:
        return may_write(part, self.is_of_access, self.state, self.pen)

    def case(self, part: str, what: str) -> str:
        owner = "Access" if self.is_of_access else "Security"
        return f"{part}: {what} in {self.state} of {owner}, pen: {self.pen}"

    async def everybody_opens(self) -> dict[str, LiveText]:
        """Open the section for everybody anew, and return the text of each."""
        self.number += 1
        address = f"{self.section}\x00{self.state} {self.pen} {self.number}"
        parts = list(self.people)
        texts = await asyncio.gather(
            *(self.devices[part].open(address, self.people[part].api_token) for part in parts)
        )
        return dict(zip(parts, texts, strict=True))

    async def rows_since(self, seq: int) -> list[UUID | None]:
        async with self.database.read() as session:
            query = (
                select(LogEntry.member_id)
                .where(LogEntry.section_id == self.section, LogEntry.seq > seq)
                .order_by(LogEntry.seq)
            )
            return list(await session.scalars(query))

    async def head(self) -> int:
        async with self.database.read() as session:
            query = select(Section.head_seq).where(Section.id == self.section)
            return await session.scalar(query) or 0


Attempt: TypeAlias = Callable[[Scene, str, LiveText], Awaitable[None]]


def mark_of(scene: Scene, part: str) -> str:
    return f"<{part} {scene.number}>"


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
AUTHOR = 1
"""The client id under which the text was written."""


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


async def build(group: Group, database: Database, host: str) -> "Stage":
    """Return everybody with a device, and somebody who only looks on."""
    stranger = (await a_working_group(group.house, "Elsewhere")).member
    people = {part: getattr(group, part) for part in PARTS if part != "stranger"}
    people = {part: people.get(part, stranger) for part in PARTS}
    devices = {part: await a_device(host) for part in PARTS}
    looker = await group.house.person("Onlooker")
    async with database.write() as work:
        await give_seat(work, group.id, looker, [Role.OBSERVER])
    return Stage(group, database, people, devices, looker, await a_device(host))


@dataclass
class Stage:
    """Where scenes are set: the people, their devices, and the one who only looks."""

    group: Group
    database: Database
    people: dict[str, Person]
    devices: dict[str, Device]
    looker: Person
    watching: Device

    async def scene(
        self, state: str, *, is_of_access: bool = True, pen: str | None = None
    ) -> Scene:
        """Set a scene: a fresh report whose one section is in this state."""
        report = await a_report(self.group, state="drafting")
        section = report.sections[0]
        invisible = await write_paragraphs(self.database, section)
        owner = self.group.access if is_of_access else self.group.security
        async with self.database.write() as work:
            await work.session.execute(
                update(Section).where(Section.id == section).values(state=state, subgroup_id=owner)
            )
            await work.touch_report(report.id)
        if pen is not None:
            await a_meeting(self.group, report, pen=self.people[pen])
        bystander = await self.watching.open(section, self.looker.api_token)
        return Scene(
            self.people, self.devices, self.database, section, state, is_of_access, pen,
            bystander, invisible,
        )  # fmt: skip

    async def close(self) -> None:
        for device in (*self.devices.values(), self.watching):
            await device.hang_up()


async def write_paragraphs(database: Database, section: SectionId) -> dict[str, int]:
    """Write a paragraph for each part; return the clock of a unit in it that nobody sees."""
    doc: Doc[Any] = Doc(client_id=AUTHOR)
    body, clocks = body_of(doc), {}
    for number, part in enumerate(PARTS):
        name = "p" + "abcdefghij"[number] * 12
        body.insert_embed(len(body), {"b": 1}, {"b.id": name, "b.kind": "para"})
        clocks[part] = frames.decode_vector(doc.get_state())[AUTHOR]
        # The first unit of it says where the comment begins.
        body.insert(len(body), f"of {part}:", {"comment:c": {"id": "c"}})
        body.insert(len(body), " words", {})
    async with database.write() as work:
        head = await log.lock_head(work.session, section)
        entry = log.Entry(log.UPDATE, None, "secretariat", clock.now_us(), doc.get_update())
        await log.append(work.session, head, entry)
    return clocks


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


# --------------------------------------------------------------------- the other protocol


async def test_everybody_tries_to_write_over_y_websocket_in_every_state(
    group: Group, database: Database, host: str
) -> None:
    stage = await build(group, database, host)
    scenes = [await stage.scene(state) for state in WRITERS]
    scenes += [await stage.scene("in_reading", pen=pen) for pen in ("chair", "observer")]
    for scene in scenes:
        for sub in (Sync.UPDATE, Sync.STEP2):
            scene.number += 1
            seq = await scene.head()
            clients = await asyncio.gather(*(enter(host, scene, part) for part in PARTS))
            await asyncio.gather(*(client.tries(scene, sub) for client in clients))
            writers = {scene.people[part].id for part in PARTS if scene.may_write(part)}
            assert set(await scene.rows_since(seq)) == writers, scene.state
        await scene.bystander.until(lambda text: text.words.count("<") == len(scene.expected))  # noqa: B023
        assert scene.bystander.document() == await read_text(database, scene.section)
    await stage.close()


class BareClient:
    """One client of the y-websocket protocol."""

    def __init__(self, part: str, connection: ClientConnection) -> None:
        self.part = part
        self._connection = connection
        self.doc: Doc[Any] = Doc()
        self.denied = False
        self.is_here = False

    async def tries(self, scene: Scene, sub: Sync) -> None:
        """Read the text, show oneself under two names, write; and be told, or have it saved."""
        case = scene.case(self.part, f"{sub.name} over y-websocket")
        async with asyncio.timeout(PATIENCE_S):
            if not may_see(self.part):
                await self._reads_until(lambda: False)
                assert (self.denied, self._connection.close_code) == (True, 4403), case
                return
            await self._sends(Frame(Kind.SYNC, sub=Sync.STEP1, body=frames.EMPTY_VECTOR))
            await self._reads_until(lambda: f"of {self.part}:" in self._words())
            await self._shows(self.doc.client_id)
            await self._shows(scene.bystander.doc.client_id)
            await self._reads_until(lambda: self.is_here)
            await self._writes(scene, sub)
            if scene.may_write(self.part):
                mark = mark_of(scene, self.part)
                scene.expected.add(mark)
                await scene.bystander.until(partial(_reads, mark), case)
                assert "bare" not in str(scene.bystander.people[scene.bystander.doc.client_id])
                await self._connection.close()
            else:
                await self._reads_until(lambda: False)
                assert (self.denied, self._connection.close_code) == (True, 4403), case

    async def _writes(self, scene: Scene, sub: Sync) -> None:
        before = self.doc.get_state()
        at = find(self.doc, f"of {self.part}:")
        body_of(self.doc).insert(at, mark_of(scene, self.part), {})
        await self._sends(Frame(Kind.SYNC, sub=sub, body=self.doc.get_update(before)))

    async def _shows(self, client_id: int) -> None:
        entry = AwarenessEntry(client_id, 1, '{"cursor":{"at":"bare"}}')
        await self._sends(Frame(Kind.AWARENESS, body=frames.encode_awareness([entry])))

    async def _sends(self, frame: Frame) -> None:
        await self._connection.send(frames.encode_bare(frame))

    def _words(self) -> str:
        return "".join(value for value, _ in body_of(self.doc).diff() if isinstance(value, str))

    async def _reads_until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            try:
                source = await self._connection.recv(decode=False)
            except ConnectionClosed:
                return
            if source[0] == Kind.AUTH:
                self.denied = True
            elif source[0] == Kind.AWARENESS:
                entries = frames.decode_awareness(frames.decode_bare(source).body)
                self.is_here |= self.doc.client_id in _ids(entries)
            elif source[:2] != b"\x00\x00":
                self.doc.apply_update(frames.decode_bare(source).body)


def _ids(entries: Iterable[AwarenessEntry]) -> set[int]:
    return {entry.client_id for entry in entries}


def _reads(mark: str, text: LiveText) -> bool:
    return mark in text.words


async def enter(host: str, scene: Scene, part: str) -> BareClient:
    """Open a section over the y-websocket protocol."""
    address = f"ws://{host}/live/y/{scene.section}?token={scene.people[part].api_token}"
    return BareClient(part, await connect(address, compression=None, max_size=None))
