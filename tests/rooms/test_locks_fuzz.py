"""Random edits around locked paragraphs: what stands left them as they were, and only that."""

import os
from random import Random
from typing import Any

import pytest
from pycrdt import Doc

from app.errors import AppError
from app.ids import new_id
from app.rooms.guard import ProvingCopy, RefusedEdit, Terms
from app.rooms.strict.update import read_update
from app.text.model import Document
from tests.house.texts import paragraph_id
from tests.rooms.following import Follower, as_read
from tests.rooms.scribbling import Scribbler, a_copy, a_text

SEEDS = range(int(os.environ.get("FUZZ_RUNS", "300")) // 50)
RUNS, STEPS = 5, 60
MEMBER = new_id()
IDS = [paragraph_id(f"s{number}") for number in range(7)]


def of_locked(document: Document, locked: frozenset[str]) -> list[tuple[str | None, bytes]]:
    return [one for one in as_read(document) if one[0] in locked]


class Crowd:
    """Three clients that write into one text, each with its own idea of how it reads by now."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.scribbler = Scribbler(self.random)
        self.log = [a_text()]
        self.client_id, self.last = 10, 0
        self.clients: list[Doc[Any]] = [self._fresh() for _ in range(3)]
        self.unread: list[list[bytes]] = [[], [], []]

    def next_edit(self) -> tuple[int, bytes]:
        """Let somebody edit, who has perhaps not read everything yet."""
        if self.random.random() < 0.4:
            # Whoever typed last types on, whatever the others have done since.
            client = self.clients[self.last]
            return self.last, self.scribbler.update_of(client, self.scribbler.types_on)
        place = self.last = self.random.randrange(3)
        if self.random.random() < 0.6:
            for update in self.unread[place]:
                self.clients[place].apply_update(update)
            self.unread[place].clear()
        return place, self.scribbler.edit(self.clients[place])

    def stands(self, place: int, emitted: bytes) -> None:
        """Let the others read it in their time, and its author at once."""
        if not emitted:
            return
        self.log.append(emitted)
        for number in range(3):
            if number != place:
                self.unread[number].append(emitted)
        self.clients[place].apply_update(emitted)

    def refused(self, place: int) -> None:
        """Give the client up and open the text anew, as a browser does."""
        self.clients[place] = self._fresh()
        self.unread[place].clear()

    def _fresh(self) -> Doc[Any]:
        self.client_id += 1
        doc = a_copy(self.log[0], self.client_id)
        for update in self.log[1:]:
            doc.apply_update(update)
        return doc

    def copy(self) -> ProvingCopy:
        """Open the guard's copy anew, from the log."""
        copy = ProvingCopy(self.log[0], 99)
        copy.take(self.log[1:])
        return copy


@pytest.mark.parametrize("seed", SEEDS)
def test_an_edit_stands_exactly_if_the_locked_blocks_are_as_they_were(seed: int) -> None:
    stood, refused = zip(
        *(write_around_locks(RUNS * seed + run) for run in range(RUNS)), strict=True
    )

    assert sum(stood) > RUNS * STEPS / 4
    assert sum(refused) > RUNS


def write_around_locks(seed: int) -> tuple[int, int]:
    """Let a crowd write; return how many edits stood, and how many the locks refused."""
    crowd = Crowd(seed)
    copy, refusals, stood = crowd.copy(), 0, 0
    locked: frozenset[str] = frozenset()
    for step in range(STEPS):
        if step % 15 == 0:
            locked = frozenset(crowd.random.sample(IDS, crowd.random.choice([0, 2, 3, 5])))
        place, update = crowd.next_edit()
        before = copy.document()
        wanted = of_locked(before, locked)
        try:
            facts = read_update(update)
            emitted = copy.prove(update, facts, Terms(MEMBER, {}, locked)).emitted
        except AppError as error:
            if copy.spoiled and type(error) is RefusedEdit:
                refusals += 1
                tried = crowd.copy()
                tried.take([update])
                assert of_locked(tried.document(), locked) != wanted, (seed, step)
            if copy.spoiled:
                copy = crowd.copy()
            assert as_read(copy.document()) == as_read(before)
            crowd.refused(place)
            continue
        stood += 1
        assert of_locked(copy.document(), locked) == wanted, (seed, step)
        names = [block.id for block in copy.document().blocks]
        assert copy.has_doubled_ids() is (len(set(names)) < len(names) or None in names)
        crowd.stands(place, emitted)
    return stood, refusals


@pytest.mark.parametrize("seed", SEEDS)
def test_where_an_edit_lies_is_told_as_if_the_whole_text_had_been_read(seed: int) -> None:
    told = sum(follow_a_crowd(1_000_000 + RUNS * seed + run) for run in range(RUNS))

    assert told > RUNS * STEPS / 8


def follow_a_crowd(seed: int) -> int:
    """Let a crowd write; return how many edits were told to lie in one block."""
    crowd = Crowd(seed)
    copy, follower = crowd.copy(), Follower(crowd.log[0])
    for _ in range(STEPS):
        place, update = crowd.next_edit()
        try:
            proof = copy.prove(update, read_update(update), Terms(MEMBER, {}, frozenset()))
        except AppError:
            copy = crowd.copy()
            crowd.refused(place)
            continue
        if proof.emitted:
            follower.takes(proof.emitted)
        crowd.stands(place, proof.emitted)
    return follower.told
