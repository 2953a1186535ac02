"""One seeded schedule: five devices on bad lines, and what befalls them and the server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.broker.memory import MemoryBroker
from app.db.engine import Database
from app.db.tables import SubgroupMember
from app.ids import ParagraphId, SectionId
from app.rooms.frames import decode_vector
from app.rooms.room import CatchUp, Room
from app.settings import Settings
from app.text.from_crdt import read_document
from app.text.hashing import canonical, content_hash
from tests.chaos.driven import chance, later, settled, turns
from tests.chaos.peer import Copy, Peer, Promises
from tests.chaos.truth import characters, read_log
from tests.chaos.wires import Life, Line
from tests.house.builders import BuiltReport, Group, a_report
from tests.house.drafts import a_meeting, decided
from tests.house.texts import block, paragraph_id, read_text, write_text

STEPS = 45
_ROUNDS_TO_HEAL = 40


class Disk:
    """What the database lies on. SQLite itself refuses to write while it is full or read-only."""

    def __init__(self, engine: Engine) -> None:
        self.fault = ""
        event.listen(engine, "checkout", self._lend)

    def _lend(self, connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        # It may be mended, or break, while the connection is being told.
        fault = self.fault
        if record.info.get("fault", "") == fault:
            return
        # Whoever borrows it may be cancelled before it has learnt of the fault.
        record.info["fault"] = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only={int(fault == 'read-only')}")
        cursor.execute(f"PRAGMA max_page_count={1 if fault == 'full' else 2**30}")
        cursor.close()
        record.info["fault"] = fault


@dataclass
class World:
    """What all schedules of a run share: a database, and a group in which every role is taken."""

    database: Database
    settings: Settings
    group: Group
    disk: Disk


@dataclass
class Schedule:
    """A seed, what came of it step by step, and what must hold at the end."""

    world: World
    seed: int
    told: list[str] = field(default_factory=list)
    promises: dict[str, Promises] = field(default_factory=dict)
    locked: dict[tuple[SectionId, str], bytes] = field(default_factory=dict)
    waiting: float = 0.1
    """How many of SQLite's calls let others run before they are answered."""

    async def run(self) -> None:
        """Build the world of the seed, let it happen, heal it, and look."""
        with chance(self.seed, self.waiting) as self.dice:
            await self._build()
            try:
                await self._happen()
                await self._heal()
                await self._look()
            finally:
                self.world.disk.fault = ""
                for life in self.lives:
                    await life.kill()
                await self._give_back()

    async def _happen(self) -> None:
        for _ in range(STEPS):
            await self._step()

    # ---------------------------------------------------------------------- building

    async def _build(self) -> None:
        titles = ["Access", "Security"] if self.dice.random() < 0.1 else ["Access"]
        await self._build_texts(titles)
        self.broker = MemoryBroker() if self.dice.random() < 0.5 else None
        self.lives = [await self._a_life() for _ in range(self.dice.choice([1, 1, 2]))]
        self._seat_peers("abcde")
        for peer in self.peers[: self.dice.randint(2, len(self.peers))]:
            self._connect(peer)

    async def _build_texts(self, titles: list[str], state: str = "drafting") -> None:
        group = self.world.group
        self.report: BuiltReport = await a_report(group, titles, state=state)
        self.meeting: UUID | None = None
        for number, section in enumerate(self.report.sections):
            words = {key: f"{key}{number};" for key in "pqr"}
            blocks = [block(_key(key, number), word) for key, word in words.items()]
            await write_text(self.world.database, section, group.member.id, blocks)
            self.promises[str(section)] = Promises(saved=set(words.values()))

    def _seat_peers(self, names: str) -> None:
        group = self.world.group
        people = {
            "a": group.member,
            "b": group.member,
            "c": group.convenor,
            "d": group.secretariat,
            "e": group.observer,
        }
        self.peers = [Peer(name, people[name], self.promises, self.dice) for name in names]
        for peer in self.peers:
            peer.is_barred = peer.person is group.observer

    async def _a_life(self) -> Life:
        """A server process; half of all schedules have nothing that carries hints between two."""
        life = Life(self.world.database, self.broker or MemoryBroker(), self.world.settings)
        await life.start()
        return life

    def _connect(self, peer: Peer) -> None:
        self.dice.choice(self.lives).connect(peer)

    def _lines(self) -> list[Line]:
        return [line for life in self.lives for line in life.lines]

    async def _give_back(self) -> None:
        """Give the member the place in the subgroup that a schedule may have taken."""
        group = self.world.group
        async with self.world.database.write() as work:
            key = {"subgroup_id": group.access, "member_id": group.member.id}
            if await work.session.get(SubgroupMember, (group.access, group.member.id)) is None:
                work.session.add(SubgroupMember(**key, convenor=False))

    # ---------------------------------------------------------------------- stepping

    async def _step(self) -> None:
        acts: list[tuple[int, Callable[[], Awaitable[str | None] | str | None]]] = [
            (26, self._somebody_acts),
            (30, self._deliver_to_server),
            (22, self._deliver_to_client),
            (6, self._let_time_pass),
            (8, self._reconnect),
            (3, self._drop),
            (3, self._notice),
            (1, self._kill),
            (1, self._stop),
            (4 if self.world.disk.fault else 1, self._break_disk),
            (1, self._decide),
            (1, self._take_right),
        ]
        [(_, act)] = self.dice.choices(acts, [weight for weight, _ in acts])
        said = act()
        if said is not None and not isinstance(said, str):
            said = await said
        if said:
            self.told.append(said)
        if self.dice.random() < 0.3:
            await turns(self.dice.randrange(30))
        else:
            await settled()

    def _somebody_acts(self) -> str | None:
        peer = self.dice.choice(self.peers[:-1] if self.dice.random() < 0.9 else self.peers)
        return f"{peer.name} {peer.acts()}"

    def _deliver_to_server(self) -> str | None:
        return self._deliver([line for line in self._lines() if line.to_server], True)

    def _deliver_to_client(self) -> str | None:
        return self._deliver([line for line in self._lines() if line.to_client], False)

    def _deliver(self, lines: list[Line], to_server: bool) -> str | None:
        if not lines:
            return None
        line = self.dice.choice(lines)
        queue = line.to_server if to_server else line.to_client
        count = self.dice.randint(1, len(queue))
        for _ in range(count):
            line.deliver_to_server() if to_server else line.deliver_to_client()
            if not queue:
                break
        return f"{count} from {line.peer.name}" if to_server else f"{count} to {line.peer.name}"

    async def _let_time_pass(self) -> str:
        seconds = self.dice.choice([0.001, 0.02, 0.1, 1.5])
        await later(seconds)
        return f"{seconds} s pass"

    def _reconnect(self) -> str | None:
        """A device opens a new connection; the old one may still be alive for the server."""
        offline = [peer for peer in self.peers if peer.send is None]
        peer = self.dice.choice(offline or self.peers)
        self._connect(peer)
        return f"{peer.name} connects anew"

    def _drop(self) -> str | None:
        """A device loses its line; what it sent may still arrive, until the server notices."""
        peer = self.dice.choice(self.peers)
        if peer.send is None:
            return None
        peer.goes_offline()
        return f"{peer.name} loses its line"

    def _notice(self) -> str | None:
        """The server finds a line dead: one that the device left, or one that it still uses."""
        lines = [line for line in self._lines() if not line.is_known_down]
        if not lines:
            return None
        line = self.dice.choice(lines)
        line.server_notices()
        return f"the server loses a line of {line.peer.name}"

    async def _kill(self) -> str:
        life = self._lives_end()
        await life.kill()
        self.lives.append(await self._a_life())
        return "a server is killed"

    async def _stop(self) -> str:
        life = self._lives_end()
        await life.stop()
        self.lives.append(await self._a_life())
        return "a server is restarted"

    def _lives_end(self) -> Life:
        return self.lives.pop(self.dice.randrange(len(self.lives)))

    def _break_disk(self) -> str:
        """Nothing can be written for a while, or again."""
        disk = self.world.disk
        disk.fault = "" if disk.fault else self.dice.choice(["full", "read-only"])
        return f"the disk is {disk.fault or 'mended'}"

    # ------------------------------------------------------------- rights and decisions

    async def _decide(self) -> str | None:
        """The meeting agrees to a paragraph as it stands; a hint of it may be lost."""
        if self.world.disk.fault:
            return None
        section = self.dice.choice(self.report.sections)
        number = self.report.sections.index(section)
        key = paragraph_id(_key(self.dice.choice("pqr"), number))
        if (section, key) in self.locked:
            return None
        if self.meeting is None:
            self.meeting = await a_meeting(self.world.group, self.report, state="adjourned")
        await decided(self.world.group, self.meeting, section, ParagraphId(key), "agreed")
        self.locked[section, key] = await self._canonical(section, key)
        if self.dice.random() < 0.5:
            life = self.dice.choice(self.lives)
            await life.does(life.rooms.decided(section))
        return f"{key} is agreed"

    async def _take_right(self) -> str | None:
        """The member leaves the subgroup: neither of their devices may write any more."""
        if self.peers[0].is_barred or self.world.disk.fault:
            return None
        group = self.world.group
        async with self.world.database.write() as work:
            await work.session.execute(
                delete(SubgroupMember).where(SubgroupMember.member_id == group.member.id)
            )
            await work.touch_report(self.report.id)
        for peer in self.peers[:2]:
            peer.is_barred = True
        return "the member leaves the subgroup"

    # ------------------------------------------------------------------------ healing

    async def _heal(self) -> None:
        """Let every line be good, and everything arrive."""
        self.told.append("all is well again")
        self.world.disk.fault = ""
        for line in self._lines():
            if line.peer.send != line.client_sends and not line.is_known_down:
                line.server_notices()
        for _ in range(_ROUNDS_TO_HEAL):
            for peer in self.peers:
                if peer.send is None:
                    self._connect(peer)
            await later(0.5)
            self._let_all_on()
            await settled()
            if self._is_whole():
                return
        states = [(peer.name, copy.text, copy.is_quiet) for peer, copy in self._copies()]
        raise AssertionError(f"it does not heal: {states}")

    def _is_whole(self) -> bool:
        """Whether nothing is under way, and every device shows the same."""
        if any(line.to_server or line.to_client for line in self._lines()):
            return False
        shown = {(copy.address, copy.content_hash()) for _, copy in self._copies()}
        is_quiet = all(copy.is_quiet and copy.knows_head for _, copy in self._copies())
        return is_quiet and len(shown) == len(self.report.sections)

    def _copies(self) -> list[tuple[Peer, Copy]]:
        return [(peer, copy) for peer in self.peers for copy in peer.copies.values()]

    def _let_all_on(self) -> None:
        for line in self._lines():
            while line.to_server:
                line.deliver_to_server()
            while line.to_client:
                line.deliver_to_client()

    # ------------------------------------------------------------------------ looking

    async def _look(self) -> None:
        for section in self.report.sections:
            await self._look_at(section)
        for (section, key), before in self.locked.items():
            assert await self._canonical(section, key) == before, f"{key} was agreed, and moved"
        assert self.world.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]

    async def _look_at(self, section: SectionId) -> None:
        replayed = await read_log(self.world.database, section)
        expected = content_hash(read_document(replayed))
        copies = [peer.copies[str(section)] for peer in self.peers]
        assert {copy.content_hash() for copy in copies} == {expected}, "devices differ"
        self.lives.append(await self._a_life())
        for life in self.lives:
            room = await life.does(life.rooms.open(section))
            # What another server wrote last may be on no screen: words that were struck at once.
            await life.does(_reads_on(room))
            assert room.head_text().content_hash == expected, "the live text is not the log's"
            assert decode_vector(room.vector()) == decode_vector(replayed.get_state())
        assert self.promises[str(section)].broken_by(characters(replayed)) == []

    async def _canonical(self, section: SectionId, key: str) -> bytes:
        document = await read_text(self.world.database, section)
        [found] = [one for one in document.blocks if one.id == key]
        return canonical(found, document.notes)


async def _reads_on(room: Room) -> None:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    room.add(CatchUp(done))
    await done


def _key(letter: str, number: int) -> str:
    return letter + "xy"[number]
