"""What a text holds, kept up edit by edit: never more than a look at the whole text would say."""

import random
from typing import Any

import pytest
from pycrdt import Doc, Text

from app.rooms.guarding.held import Held
from app.rooms.live_text import LiveText
from app.rooms.strict.facts import UpdateFacts
from app.rooms.strict.update import read_update


class Author:
    """Somebody who writes, and the updates that went out."""

    def __init__(self, client_id: int) -> None:
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.doc["body"] = Text()
        self.sent: list[bytes] = []
        self._subscription = self.doc.observe(lambda event: self.sent.append(event.update))

    @property
    def body(self) -> Text:
        body: Text = self.doc["body"]
        return body

    def write(self, chance: random.Random) -> bytes:
        """Change something and return the update."""
        length = len(self.body)
        if length > 4 and chance.random() < 0.4:
            start = chance.randrange(length - 2)
            del self.body[start : start + chance.randrange(1, 3)]
        else:
            self.body.insert(chance.randrange(length + 1), chance.choice(["a", "bc", "def"]), {})
        return self.sent[-1]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_up_says_the_same_as_a_look_at_the_whole(seed: int) -> None:
    chance = random.Random(seed)
    authors = [Author(1), Author(2), Author(3)]
    truth: Doc[Any] = Doc()
    truth["body"] = Text()
    text = LiveText(b"\x00\x00")
    text.holds(read_update(b"\x00\x01\x01\x01\x00\x01"))
    known: list[UpdateFacts] = []
    for _ in range(150):
        author = chance.choice(authors)
        update = author.write(chance)
        facts = read_update(update)
        assert text.holds(facts) == Held(truth.get_update()).holds(facts, truth.get_update)
        truth.apply_update(update)
        text.take([update], [facts])
        known.append(facts)
        for other in authors:
            if other is not author and chance.random() < 0.5:
                other.doc.apply_update(truth.get_update(other.doc.get_state()))
    fresh = Held(truth.get_update())

    assert all(text.holds(facts) for facts in known)
    whole = read_update(truth.get_update(truth.get_state()))
    assert text.holds(whole)
    for client in (1, 2, 3):
        for clock in range(0, 40):
            one = UpdateFacts(deletes={client: [(clock, clock + 1)]})
            assert text.holds(one) == fresh.holds(one, truth.get_update)


def test_a_known_update_is_told_from_a_new_one() -> None:
    author = Author(7)
    author.body.insert(0, "hello", {})
    text = LiveText(author.doc.get_update())

    assert text.holds(read_update(author.doc.get_update()))
    del author.body[1:3]
    deletion = read_update(author.sent[-1])
    assert text.holds_writes(deletion)
    assert not text.holds(deletion)


def test_part_of_what_was_deleted_is_not_all_of_it() -> None:
    author = Author(7)
    author.body.insert(0, "hello", {})
    del author.body[1:3]
    held = Held(author.doc.get_update())

    for start, end, is_held in ((1, 3, True), (1, 2, True), (2, 3, True), (0, 2, False)):
        deletes = {7: [(start, end)]}
        assert held.holds(UpdateFacts(deletes=deletes), author.doc.get_update) is is_held
    assert not held.holds(UpdateFacts(deletes={8: [(1, 2)]}), author.doc.get_update)


def test_a_text_that_rests_is_the_same_when_it_wakes() -> None:
    author = Author(7)
    author.body.insert(0, "hello", {})
    text = LiveText(b"\x00\x00")
    text.take([author.sent[0]], [read_update(author.sent[0])])
    before = (text.state(), text.vector(), text.read())

    text.rest()

    assert (text.state(), text.vector(), text.read()) == before
    author.body.insert(5, " you", {})
    text.take([author.sent[1]], [read_update(author.sent[1])])
    assert text.read() == LiveText(author.doc.get_update()).read()


def test_the_same_long_repetition_is_read_once() -> None:
    author = Author(7)
    for number in range(400):
        author.body.insert(0, "ab", {})
        if number % 2:
            del author.body[1:2]
    text = LiveText(author.doc.get_update())
    repeated = author.doc.get_update(author.doc.get_state())
    assert len(repeated) > 512

    first, second = text.facts_of(repeated), text.facts_of(bytes(repeated))

    assert first.deletes
    assert (second.writes, second.deletes) == ([], {})
    assert text.holds(second)
