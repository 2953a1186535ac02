"""Typing right at the borders of locked paragraphs, by several who have not read each other."""

import os
from random import Random
from typing import Any

import pytest
from pycrdt import Doc

from app.errors import AppError
from app.ids import new_id
from app.rooms.frames import decode_vector, string, uint
from app.rooms.guard import ProvingCopy, RefusedEdit, Terms
from app.rooms.guarding.characters import read_emission
from app.rooms.strict.update import read_update
from app.text.from_crdt import body_of, cut_blocks, read_pieces
from tests.house.texts import paragraph_id
from tests.rooms.following import Follower, as_read
from tests.rooms.scribbling import a_copy, a_text

SEEDS = range(int(os.environ.get("FUZZ_RUNS", "300")) // 50)
RUNS, STEPS = 3, 60
MEMBER = new_id()
LOCKED = frozenset(paragraph_id(f"s{number}") for number in (1, 2, 4))
_STRING, _EMBED, _BEHIND, _BEFORE = 4, 5, 0x80, 0x40
_FIRST_LETTER = 0xE000
"""Of those that stand for nothing: each is typed once."""

Unit = tuple[int, int]


class Writer:
    """Somebody who writes raw updates, from a text that is perhaps old."""

    def __init__(self, client_id: int, state: bytes, random: Random) -> None:
        self.client_id, self.random = client_id, random
        self.doc = a_copy(state, client_id)
        self.unread: list[bytes] = []
        self.last: str | None = None
        """The last letter that was typed: it stands in the text once."""

    def reads(self) -> None:
        """Read what others have written meanwhile."""
        for update in self.unread:
            self.doc.apply_update(update)
        self.unread.clear()

    def next_update(self, letter: str) -> bytes:
        """Return a word that ends so, at a border or behind the own last one; or a marker."""
        body = body_of(self.doc)
        at = self._behind_last() if self.random.random() < 0.7 else None
        goes_on = at is not None
        if at is None:
            block = self.random.choice(cut_blocks(read_pieces(body)))
            at = self.random.choice((block.content_bytes, block.end_bytes, block.start_bytes))
        behind, before = self._between(max(at, 1))
        chance = self.random.random()
        if chance < 0.2 and goes_on:
            before = None
        elif chance < 0.4 and goes_on:
            starts = [block.start_bytes for block in cut_blocks(read_pieces(body))]
            further = [start for start in starts if start > at]
            before = self._between(self.random.choice(further))[1] if further else None
        word = "".join(self.random.choices("ab é漢", k=self.random.randint(0, 2))) + letter
        if self.random.random() < 0.03:
            return self._put(_EMBED, '{"b":1}', behind, before)
        self.last = letter
        return self._put(_STRING, word, behind, before)

    def _behind_last(self) -> int | None:
        at = 0
        for piece in read_pieces(body_of(self.doc)):
            if self.last and piece.is_text and self.last in str(piece.value):
                words = str(piece.value).partition(self.last)[0] + self.last
                return at + len(words.encode())
            at += piece.size_bytes
        return None

    def _between(self, at: int) -> tuple[Unit | None, Unit | None]:
        """The units between which a byte position lies, as an editor would name them."""
        doc = a_copy(self.doc.get_update(), 4)
        emitted: list[bytes] = []
        subscription = doc.observe(lambda event: emitted.append(event.update))
        body_of(doc).insert(at, "x", {})
        doc.unobserve(subscription)
        emission = read_emission(emitted[0])
        return emission.behind, emission.before

    def _put(self, kind: int, content: str, behind: Unit | None, before: Unit | None) -> bytes:
        info = kind | (_BEHIND if behind else 0) | (_BEFORE if before else 0)
        where = b"".join(uint(one[0]) + uint(one[1]) for one in (behind, before) if one)
        clock = decode_vector(self.doc.get_state()).get(self.client_id, 0)
        head = b"\x01\x01" + uint(self.client_id) + uint(clock) + bytes([info])
        return head + where + string(content) + b"\x00"


class Table:
    """Four of them; client ids decide which of two words in one place comes first."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.log = [a_text()]
        self.next_id, self.next_letter = 10, _FIRST_LETTER
        self.writers = [self._fresh() for _ in range(4)]

    def next_update(self) -> tuple[Writer, bytes]:
        """Let one of them write."""
        writer = self.random.choice(self.writers)
        if self.random.random() < 0.5:
            writer.reads()
        self.next_letter += 1
        return writer, writer.next_update(chr(self.next_letter))

    def stands(self, writer: Writer, update: bytes) -> None:
        """Let its writer go on from there, and the others read it in their time."""
        self.log.append(update)
        writer.doc.apply_update(update)
        for other in self.writers:
            if other is not writer:
                other.unread.append(update)

    def refused(self, writer: Writer) -> None:
        """Open the text anew under another id, as a browser does."""
        self.writers[self.writers.index(writer)] = self._fresh()

    def whole(self) -> Doc[Any]:
        """Return all that stands."""
        doc = a_copy(self.log[0], 3)
        for update in self.log[1:]:
            doc.apply_update(update)
        return doc

    def _fresh(self) -> Writer:
        self.next_id += 1
        writer = Writer(self.random.randrange(8) * 1000 + self.next_id, self.log[0], self.random)
        writer.unread = self.log[1:]
        writer.reads()
        return writer


@pytest.mark.parametrize("seed", SEEDS)
def test_in_which_block_somebody_types_is_told_as_if_all_had_been_read(seed: int) -> None:
    typed_on = at_the_end = 0
    for run in range(RUNS):
        table = Table(RUNS * seed + run)
        follower = Follower(table.log[0])
        for _ in range(STEPS):
            writer, update = table.next_update()
            told, facts = follower.told, read_update(update)
            [(client, start, _, behind, before)] = facts.pieces
            follower.takes(update)
            assert follower.told - told == (not facts.embeds)
            typed_on += behind == (client, start - 1)
            at_the_end += before is None
            table.stands(writer, update)

    assert typed_on > RUNS * STEPS / 3
    assert at_the_end > RUNS * STEPS / 20


@pytest.mark.parametrize("seed", SEEDS)
def test_words_stand_exactly_if_they_are_in_no_locked_block(seed: int) -> None:
    stood = refused = 0
    for run in range(RUNS):
        table = Table(1_000_000 + RUNS * seed + run)
        copy = ProvingCopy(table.log[0], 99)
        for _ in range(STEPS):
            writer, update = table.next_update()
            before, tried = of_locked(table.whole()), table.whole()
            tried.apply_update(update)
            is_moved = of_locked(tried) != before
            try:
                copy.prove(update, read_update(update), Terms(MEMBER, {}, LOCKED))
            except AppError as error:
                is_for_locks = type(error) is RefusedEdit
                assert is_moved or not is_for_locks
                refused += is_for_locks
                table.refused(writer)
                copy = ProvingCopy(table.log[0], 99)
                copy.take(table.log[1:])
            else:
                assert not is_moved
                stood += 1
                table.stands(writer, update)

    assert stood > RUNS * STEPS / 4
    assert refused > RUNS


def of_locked(doc: Doc[Any]) -> list[tuple[str | None, bytes]]:
    copy = ProvingCopy(doc.get_update())
    return [one for one in as_read(copy.document()) if one[0] in LOCKED]
