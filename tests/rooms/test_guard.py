"""The guard: what a locked paragraph withstands, and whose changes stand."""

from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, Text, UndoManager

from app.ids import new_id
from app.rooms.frames import Malformed
from app.rooms.guard import MAX_DEVICES, Incomplete, Proof, ProvingCopy, RefusedEdit, Terms
from app.rooms.strict.update import read_update
from app.rooms.strict.values import ForeignContent
from app.text.from_crdt import body_of, notes_of
from app.text.into_crdt import write_document
from app.text.model import Block, Document, FootnoteRef, Run
from tests.house.texts import paragraph_id

MEMBER, OTHER = new_id(), new_id()
FIRST, AGREED, LAST = (paragraph_id(key) for key in ("first", "agreed", "last"))
NOTE = "nabcdefghijkl"
LOCKED = frozenset({AGREED})
START = Document(
    (
        Block(FIRST, inlines=(Run("first one"),)),
        Block(AGREED, inlines=(Run("agreed é text"), FootnoteRef(NOTE))),
        Block(LAST, inlines=(Run("last one"),)),
    ),
    {NOTE: (Run("note"),)},
)


class Desk:
    """A client's document beside the copy that proves what the client sends."""

    def __init__(self, locked: frozenset[str] = LOCKED) -> None:
        origin: Doc[Any] = Doc(client_id=1)
        write_document(origin, START)
        self.state = origin.get_update()
        self.copy = ProvingCopy(self.state, 99)
        self.doc: Doc[Any] = Doc(client_id=5)
        self.doc.apply_update(self.state)
        self.terms = Terms(MEMBER, {1: OTHER, 99: None}, locked)

    @property
    def body(self) -> Text:
        return body_of(self.doc)

    def place(self, needle: str) -> int:
        """The byte position of some text, markers and embeds counted as one."""
        at = 0
        for value, _ in self.body.diff():
            if isinstance(value, str) and needle in value:
                return at + len(value[: value.index(needle)].encode())
            at += len(value.encode()) if isinstance(value, str) else 1
        raise AssertionError(needle)

    def prove(self, edit: Callable[["Desk"], None]) -> Proof:
        before = self.doc.get_state()
        edit(self)
        update = self.doc.get_update(before)
        return self.copy.prove(update, read_update(update), self.terms)


def marker_of_agreed(desk: Desk) -> int:
    return desk.place("agreed") - 1


def type_inside(desk: Desk) -> None:
    desk.body.insert(desk.place("text"), "new ", {})


def type_at_its_end(desk: Desk) -> None:
    desk.body.insert(desk.place("last") - 1, "!", {})


def delete_inside(desk: Desk) -> None:
    at = desk.place("text")
    del desk.body[at : at + 4]


def delete_across(desk: Desk) -> None:
    del desk.body[desk.place("one") : desk.place("text")]


def delete_whole(desk: Desk) -> None:
    del desk.body[marker_of_agreed(desk) : desk.place("last") - 1]


def paste_over(desk: Desk) -> None:
    at = desk.place("agreed")
    with desk.doc.transaction():
        del desk.body[at : at + 6]
        desk.body.insert(at, "agreed", {"em": True})


def merge_into_the_one_before(desk: Desk) -> None:
    at = marker_of_agreed(desk)
    del desk.body[at : at + 1]


def merge_the_next_into_it(desk: Desk) -> None:
    at = desk.place("last") - 1
    del desk.body[at : at + 1]


def split_inside(desk: Desk) -> None:
    desk.body.insert_embed(desk.place("text"), {"b": 1}, {"b.id": paragraph_id("new")})


def make_bold(desk: Desk) -> None:
    desk.body.format(desk.place("text"), desk.place("text") + 2, {"strong": True})


def make_heading(desk: Desk) -> None:
    at = marker_of_agreed(desk)
    desk.body.format(at, at + 1, {"b.kind": "heading"})


def turn_right_to_left(desk: Desk) -> None:
    at = marker_of_agreed(desk)
    desk.body.format(at, at + 1, {"b.dir": "rtl"})


def take_its_id(desk: Desk) -> None:
    at = marker_of_agreed(desk)
    desk.body.format(at, at + 1, {"b.id": paragraph_id("other")})


def double_its_id(desk: Desk) -> None:
    end = len(desk.body)
    desk.body.insert_embed(end, {"b": 1}, {"b.id": AGREED, "b.kind": "para"})


def give_its_id_to_another(desk: Desk) -> None:
    desk.body.format(0, 1, {"b.id": AGREED})


def change_the_footnote(desk: Desk) -> None:
    note = notes_of(desk.doc)[NOTE]
    note.insert(0, "another ", {})


def drop_the_footnote(desk: Desk) -> None:
    del notes_of(desk.doc)[NOTE]


def delete_the_call(desk: Desk) -> None:
    at = desk.place("last") - 2
    del desk.body[at : at + 1]


@pytest.mark.parametrize(
    "edit",
    [
        type_inside,
        type_at_its_end,
        delete_inside,
        delete_across,
        delete_whole,
        paste_over,
        merge_into_the_one_before,
        merge_the_next_into_it,
        split_inside,
        make_bold,
        make_heading,
        turn_right_to_left,
        take_its_id,
        double_its_id,
        give_its_id_to_another,
        change_the_footnote,
        drop_the_footnote,
        delete_the_call,
    ],
)
def test_an_agreed_paragraph_withstands(edit: Callable[[Desk], None]) -> None:
    desk = Desk()

    with pytest.raises(RefusedEdit):
        desk.prove(edit)

    assert desk.copy.spoiled


@pytest.mark.parametrize("edit", [type_inside, delete_across, make_heading, change_the_footnote])
def test_the_same_edits_stand_where_nothing_is_agreed(edit: Callable[[Desk], None]) -> None:
    assert Desk(locked=frozenset()).prove(edit).emitted


def test_an_undo_that_reaches_into_it_is_refused() -> None:
    desk = Desk(locked=frozenset())
    undo = UndoManager(scopes=[desk.body], capture_timeout_millis=0)
    desk.prove(delete_inside)
    desk.terms = Terms(MEMBER, desk.terms.owners, LOCKED)

    def undo_it(_: Desk) -> None:
        assert undo.undo()

    with pytest.raises(RefusedEdit):
        desk.prove(undo_it)


def test_what_lies_around_it_stays_free() -> None:
    desk = Desk()

    desk.prove(lambda desk: desk.body.insert(desk.place("one"), "very ", {}))
    desk.prove(lambda desk: desk.body.insert(len(desk.body), "!", {}))
    desk.prove(
        lambda desk: desk.body.insert_embed(
            marker_of_agreed(desk), {"b": 1}, {"b.id": paragraph_id("before")}
        )
    )
    desk.prove(
        lambda desk: desk.body.insert_embed(
            desk.place("last") - 1, {"b": 1}, {"b.id": paragraph_id("behind")}
        )
    )

    ids = [block.id for block in desk.copy.document().blocks]
    assert ids == [
        FIRST, paragraph_id("before"), AGREED, paragraph_id("behind"), LAST,
    ]  # fmt: skip


def test_two_agreed_paragraphs_keep_their_order() -> None:
    desk = Desk(locked=frozenset({AGREED, LAST}))

    def move_to_the_front(desk: Desk) -> None:
        with desk.doc.transaction():
            del desk.body[desk.place("last") - 1 : len(desk.body)]
            desk.body.insert_embed(0, {"b": 1}, {"b.id": LAST, "b.kind": "para"})
            desk.body.insert(1, "last one", {})

    with pytest.raises(RefusedEdit):
        desk.prove(move_to_the_front)


def test_an_id_agreed_in_another_section_cannot_be_taken() -> None:
    desk = Desk(locked=frozenset({paragraph_id("elsewhere")}))

    with pytest.raises(RefusedEdit):
        desk.prove(
            lambda desk: desk.body.insert_embed(
                len(desk.body), {"b": 1}, {"b.id": paragraph_id("elsewhere")}
            )
        )


def test_a_comment_on_it_is_no_change_of_it() -> None:
    desk = Desk()

    assert desk.copy.run(
        lambda doc: body_of(doc).format(
            desk.place("text"), desk.place("text") + 4, {"comment:c1": {"id": "c1"}}
        ),
        LOCKED,
    )


def test_the_server_itself_cannot_change_it() -> None:
    desk = Desk()

    with pytest.raises(RefusedEdit):
        desk.copy.run(lambda doc: body_of(doc).insert(desk.place("text"), "x", {}), LOCKED)


def test_nobody_writes_under_another_members_client_id() -> None:
    desk = Desk()
    desk.terms = Terms(MEMBER, {5: OTHER}, frozenset())

    with pytest.raises(RefusedEdit):
        desk.prove(lambda desk: desk.body.insert(1, "x", {}))

    assert not desk.copy.spoiled


def test_nobody_writes_under_the_servers_client_id() -> None:
    desk = Desk()
    desk.doc = Doc(client_id=99)
    desk.doc.apply_update(desk.state)

    with pytest.raises(RefusedEdit):
        desk.prove(lambda desk: desk.body.insert(1, "x", {}))


def test_an_older_connection_loses_the_client_id_to_a_later_one() -> None:
    desk = Desk()
    desk.terms = Terms(MEMBER, {5: MEMBER}, frozenset(), taken=frozenset({5}))

    with pytest.raises(RefusedEdit):
        desk.prove(lambda desk: desk.body.insert(1, "x", {}))


def test_nobody_has_devices_without_end() -> None:
    desk = Desk()
    owners = dict.fromkeys(range(1000, 1000 + MAX_DEVICES), MEMBER)
    desk.terms = Terms(MEMBER, owners, frozenset())
    with pytest.raises(RefusedEdit):
        desk.prove(lambda desk: desk.body.insert(1, "x", {}))

    desk.terms = Terms(MEMBER, owners | {5: MEMBER}, frozenset())

    assert desk.copy.prove(
        desk.doc.get_update(), read_update(desk.doc.get_update()), desk.terms
    ).emitted, "one that is known goes on"


def test_what_builds_on_something_missing_is_asked_for_again() -> None:
    desk = Desk()
    desk.body.insert(1, "never sent ", {})

    with pytest.raises(Incomplete):
        desk.prove(lambda desk: desk.body.insert(1, "x", {}))

    assert not desk.copy.spoiled
    assert desk.copy.prove(
        desk.doc.get_update(), read_update(desk.doc.get_update()), desk.terms
    ).emitted


def test_a_deletion_of_something_missing_is_asked_for_again() -> None:
    desk = Desk()
    desk.body.insert(1, "ab", {})

    with pytest.raises(Incomplete):
        desk.prove(lambda desk: desk.body.__delitem__(slice(1, 2)))


def test_a_repetition_emits_nothing() -> None:
    desk = Desk()

    desk.prove(lambda desk: desk.body.insert(1, "x", {}))
    update = desk.doc.get_update()

    assert desk.copy.prove(update, read_update(update), desk.terms) == Proof(b"", ())


def test_a_shared_type_in_the_text_is_foreign() -> None:
    desk = Desk()
    # A text placed behind the first unit of the body: only the document knows that it lies there.
    update = bytes.fromhex("01 01 05 00 87 01 00 02 00".replace(" ", ""))

    with pytest.raises((ForeignContent, Malformed)):
        desk.copy.prove(update, read_update(update), desk.terms)

    assert not desk.copy.spoiled


def test_only_what_the_copy_emits_goes_on() -> None:
    desk = Desk()

    proof = desk.prove(lambda desk: desk.body.insert(1, "x", {}))

    other = ProvingCopy(desk.state)
    other.take([proof.emitted])
    assert other.document() == desk.copy.document()
    assert proof.client_ids == (5,)


def test_a_clean_up_is_told_from_a_deletion_of_words() -> None:
    desk = Desk()
    state = desk.doc.get_state()
    delete_inside(desk)

    assert ProvingCopy(desk.state).would_change(desk.doc.get_update(state))
    assert not ProvingCopy(desk.state).would_change(b"\x00\x00")
