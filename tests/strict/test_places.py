"""What an update builds on: missing, turned round, in circles, half a character, the wrong text."""

from collections.abc import Sequence

import pytest

from app.ids import new_id
from app.rooms.frames import Malformed
from app.rooms.guard import Incomplete, Proof, ProvingCopy, Terms
from app.rooms.strict.landmarks import MAX_DOUBTS
from app.rooms.strict.update import read_update
from app.rooms.strict.values import ForeignContent
from tests.strict.wire import DELETED, EMBED, GC, SKIP, TYPE, Part, Unit, Written, says, words

ME, OTHER, SERVER = 5, 9, 77
TERMS = Terms(new_id(), {SERVER: None}, frozenset())


class Text:
    """A text that holds “ab😀cd” by one client, and a footnote “note” by another."""

    def __init__(self) -> None:
        self.copy = ProvingCopy(b"\x00\x00", SERVER)
        self.takes(Written(ME, 0, [words("ab😀cd", parent="body")]))
        note = [
            Part(TYPE, 2, parent="notes", key="na"),
            words("note", parent=(OTHER, 0)),
        ]
        self.takes(Written(OTHER, 0, note))

    def takes(self, *clients: Written, deletes: Sequence[tuple[int, list[Unit]]] = ()) -> Proof:
        update = says(*clients, deletes=deletes)
        return self.copy.prove(update, read_update(update), TERMS)

    def adds(self, *parts: Part) -> Proof:
        return self.takes(Written(ME, 6, list(parts)))


# -------------------------------------------------------------------- places


def test_two_clients_whose_words_build_on_each_other_are_malformed() -> None:
    text = Text()

    with pytest.raises(Malformed):
        text.takes(
            Written(21, 0, [words("x", origin=(22, 0))]),
            Written(22, 0, [words("y", origin=(21, 0))]),
        )
    assert not text.copy.spoiled


def test_clients_whose_words_build_on_each_other_in_turn_are_honest() -> None:
    assert (
        Text()
        .takes(
            Written(21, 0, [words("x", origin=(ME, 5)), words("z", origin=(22, 0))]),
            Written(22, 0, [words("y", origin=(21, 0)), words("!", origin=(21, 1))]),
        )
        .client_ids
    )


@pytest.mark.parametrize(
    "part",
    [words("x", (ME, 2), (ME, 3)), words("x", (ME, 2)), words("x", None, (ME, 3))],
    ids=["between", "behind", "before"],
)
def test_nothing_is_put_into_a_character(part: Part) -> None:
    with pytest.raises(ForeignContent, match="character"):
        Text().adds(part)


@pytest.mark.parametrize("deleted", [(2, 1), (3, 1), (0, 3), (3, 3)])
def test_no_half_of_a_character_is_deleted(deleted: Unit) -> None:
    with pytest.raises(ForeignContent, match="character"):
        Text().takes(deletes=[(ME, [deleted])])


def test_a_whole_character_is_deleted() -> None:
    assert Text().takes(deletes=[(ME, [(2, 2)])]).emitted


def test_the_rest_of_half_a_character_is_not_taken() -> None:
    text = Text()
    text.adds(words("xy", (ME, 5)))

    with pytest.raises(ForeignContent, match="character"):
        text.adds(words("x😀", (ME, 5)))


def test_the_rest_of_something_else_is_asked_for_again() -> None:
    text = Text()
    text.adds(words("xy", (ME, 5)))

    with pytest.raises(Incomplete):
        text.adds(words("xyz", (ME, 0), (ME, 1)))
    assert text.adds(words("xyz", (ME, 5))).emitted


@pytest.mark.parametrize(
    "part",
    [
        words("x", (ME, 4), (ME, 1)),
        words("x", (ME, 4), (ME, 4)),
        words("x", (ME, 0), (ME, 4)),
        words("x", None, (ME, 4)),
        words("x", (OTHER, 1), (ME, 1)),
        words("x", (ME, 1), (OTHER, 1)),
    ],
    ids=["turned", "itself", "over words", "over the beginning", "into the note", "out of it"],
)
def test_what_stands_between_two_places_finds_them_beside_each_other(part: Part) -> None:
    with pytest.raises((ForeignContent, Malformed)):
        Text().adds(part)


def test_between_something_and_nothing_there_is_no_place() -> None:
    text = Text()

    with pytest.raises(ForeignContent):
        text.takes(Written(21, 0, [Part(GC, 3), words("x", (21, 0), (ME, 1))]))
    assert text.takes(Written(22, 0, [Part(GC, 3), words("x", (22, 0))])).client_ids


def test_two_who_write_in_the_same_place_are_honest() -> None:
    text = Text()
    text.takes(Written(21, 0, [words("x", (ME, 0), (ME, 1))]))
    text.takes(Written(22, 0, [words("y", (ME, 0), (ME, 1))]))

    # Between the two stands what neither of them names.
    assert text.takes(Written(23, 0, [words("z", (21, 0), (22, 0))])).emitted


@pytest.mark.parametrize(
    "part",
    [
        words("x", (OTHER, 0)),
        words("x", None, (OTHER, 0)),
        words("x", parent=(ME, 0)),
        words("x", parent="notes"),
        words("x", parent="notes", key="na"),
        words("x", parent="other"),
        words("x", parent=(OTHER, 0), key="na"),
        Part(TYPE, 2, (ME, 0), (ME, 1)),
        Part(TYPE, 2, None, (ME, 0)),
        Part(TYPE, 2, parent="body"),
        Part(TYPE, 2, parent=(OTHER, 0)),
        Part(TYPE, 1, parent="notes", key="nb"),
        Part(DELETED, 5_000, (OTHER, 0)),
        Part(EMBED, '{"b":1}', parent="notes", key="nb"),
    ],
)
def test_footnotes_and_words_have_each_their_places(part: Part) -> None:
    text = Text()

    with pytest.raises(ForeignContent):
        text.adds(part)
    assert not text.copy.spoiled


def test_a_footnote_may_be_replaced_and_written_in() -> None:
    text = Text()

    proof = text.adds(Part(TYPE, 2, (OTHER, 0)), words("anew", parent=(ME, 6)))

    assert proof.client_ids == (ME,)


def test_words_in_a_footnote_that_is_gone_are_honest() -> None:
    text = Text()
    text.takes(deletes=[(OTHER, [(0, 1)])])

    assert text.adds(words("late", (OTHER, 4))).client_ids == (ME,)


# -------------------------------------------------------------------- what is missing


@pytest.mark.parametrize(
    "written",
    [
        Written(ME, 7, [words("x", (ME, 5))]),
        Written(ME, 6, [words("x", (OTHER, 50))]),
        Written(ME, 6, [words("x", (4242, 0))]),
        Written(ME, 6, [words("x", parent=(4242, 0))]),
        Written(ME, 6, [words("x", (ME, 5)), Part(SKIP, 2), words("y", (ME, 6))]),
    ],
    ids=["own words", "others' words", "nobody's words", "nobody's footnote", "a gap"],
)
def test_what_builds_on_something_missing_is_asked_for_again(written: Written) -> None:
    text = Text()

    with pytest.raises(Incomplete):
        text.takes(written)
    assert not text.copy.spoiled


def test_deleting_what_is_not_there_is_asked_for_again() -> None:
    with pytest.raises(Incomplete):
        Text().takes(deletes=[(ME, [(5, 2)])])


@pytest.mark.parametrize("count", [MAX_DOUBTS, MAX_DOUBTS + 1])
def test_words_stand_in_as_many_doubtful_places_as_can_be_looked_into(count: int) -> None:
    text = Text()
    for client in (OTHER + 1, OTHER + 2):
        text.takes(Written(client, 0, [words("x", origin=(ME, 0), right=(ME, 1))]))
    between = words("z", origin=(OTHER + 1, 0), right=(OTHER + 2, 0))
    written = Written(ME, 6, [between] * count)

    if count <= MAX_DOUBTS:
        assert text.takes(written).client_ids == (ME,)
    else:
        with pytest.raises(ForeignContent, match="more places"):
            text.takes(written)
    assert not text.copy.spoiled
