"""Every shape of edit that would move an agreed paragraph, and those that only look like it."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from pycrdt import Doc, Text

from app.ids import new_paragraph_id
from app.rooms.frames import decode_vector, uint
from app.text.from_crdt import body_of, notes_of, read_document
from app.text.hashing import canonical
from tests.house.texts import paragraph_id

Shape: TypeAlias = Callable[[Doc[Any]], None]

BEFORE, ONE, BETWEEN, TWO, LAST = (
    paragraph_id(key) for key in ("before", "one", "between", "two", "last")
)
AGREED = frozenset({ONE, TWO})
NOTE, OTHER_NOTE = "nabcdefghijkl", "nbcdefghijklm"


def write_start(doc: Doc[Any]) -> None:
    """Write five paragraphs, of which ONE and TWO are to be agreed; BEFORE ends in bold."""
    body, notes = body_of(doc), notes_of(doc)
    notes[NOTE] = Text("a note")
    notes[OTHER_NOTE] = Text("another note")
    for name, kind in ((BEFORE, "para"), (ONE, "para"), (BETWEEN, "para"), (TWO, "subpara")):
        body.insert_embed(len(body), {"b": 1}, {"b.id": name, "b.kind": kind})
        _write_words(body, name)
    body.insert_embed(len(body), {"b": 1}, {"b.id": LAST, "b.kind": "para"})
    body.insert(len(body), "last words", {})


def _write_words(body: Text, name: str) -> None:
    if name == BEFORE:
        body.insert(len(body), "before it: ", {})
        body.insert(len(body), "bold", {"strong": True})
    elif name == ONE:
        body.insert(len(body), "agreed é text", {})
        body.insert_embed(len(body), {"fn": NOTE}, {})
        body.insert(len(body), " goes on", {})
    else:
        body.insert(len(body), "between" if name == BETWEEN else "second one", {})


def find(doc: Doc[Any], needle: str) -> int:
    """Return the byte position of some words."""
    at = 0
    for value, _ in body_of(doc).diff():
        if isinstance(value, str) and needle in value:
            return at + len(value[: value.index(needle)].encode())
        at += len(value.encode()) if isinstance(value, str) else 1
    raise AssertionError(needle)


def marker(doc: Doc[Any], name: str) -> int:
    """Return the byte position of a block's marker."""
    at = 0
    for value, attributes in body_of(doc).diff():
        if isinstance(value, dict) and (attributes or {}).get("b.id") == name:
            return at
        at += len(value.encode()) if isinstance(value, str) else 1
    raise AssertionError(name)


def agreed(doc: Doc[Any]) -> list[tuple[str, bytes]]:
    """Return the agreed blocks in order, as readers see them."""
    document = read_document(doc)
    return [(b.id, canonical(b, document.notes)) for b in document.blocks if b.id in AGREED]


# ----------------------------------------------------------------------- refused


def type_inside(doc: Doc[Any]) -> None:
    body_of(doc).insert(find(doc, "text"), "new ", {})


def type_at_its_start(doc: Doc[Any]) -> None:
    body_of(doc).insert(marker(doc, ONE) + 1, "new ", {})


def type_at_its_end(doc: Doc[Any]) -> None:
    body_of(doc).insert(marker(doc, BETWEEN), "!", {})


def type_as_two_bytes(doc: Doc[Any]) -> None:
    body_of(doc).insert(find(doc, "text"), "é😀", {})


def delete_inside(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "text") : find(doc, "text") + 4]


def delete_one_letter(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "second") : find(doc, "second") + 1]


def delete_across_it(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "before") : find(doc, "between") + 3]


def delete_into_it(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "bold") : find(doc, "text")]


def delete_out_of_it(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "goes") : find(doc, "between") + 2]


def delete_everything(doc: Doc[Any]) -> None:
    del body_of(doc)[0 : len(body_of(doc))]


def delete_whole(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, ONE) : marker(doc, BETWEEN)]


def delete_its_marker(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, ONE) : marker(doc, ONE) + 1]


def delete_the_marker_behind_it(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, BETWEEN) : marker(doc, BETWEEN) + 1]


def paste_over(doc: Doc[Any]) -> None:
    at = find(doc, "agreed")
    del body_of(doc)[at : at + 6]
    body_of(doc).insert(at, "agreed", {"em": True})


def replace_whole_by_other_words(doc: Doc[Any]) -> None:
    delete_whole(doc)
    at = marker(doc, BETWEEN)
    body_of(doc).insert_embed(at, {"b": 1}, {"b.id": ONE, "b.kind": "para"})
    body_of(doc).insert(at + 1, "agreed to something else", {})


def replace_whole_under_another_id(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(
        marker(doc, TWO), {"b": 1}, {"b.id": new_paragraph_id(), "b.kind": "subpara"}
    )
    body_of(doc).insert(marker(doc, TWO), "second one", {})
    del body_of(doc)[marker(doc, TWO) : marker(doc, LAST)]


def split_inside(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(find(doc, "text"), {"b": 1}, {"b.id": new_paragraph_id()})


def split_behind_its_marker(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(marker(doc, ONE) + 1, {"b": 1}, {"b.id": new_paragraph_id()})


def make_bold(doc: Doc[Any]) -> None:
    body_of(doc).format(find(doc, "text"), find(doc, "text") + 2, {"strong": True})


def make_bold_across(doc: Doc[Any]) -> None:
    body_of(doc).format(0, len(body_of(doc)), {"strong": True})


def link(doc: Doc[Any]) -> None:
    at = find(doc, "second")
    body_of(doc).format(at, at + 6, {"link": "https://example.org"})


def _attribute(name: str, key: str, value: Any) -> Shape:
    def change(doc: Doc[Any]) -> None:
        at = marker(doc, name)
        body_of(doc).format(at, at + 1, {key: value})

    change.__name__ = f"set {key} to {value}"
    return change


def double_its_id(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(len(body_of(doc)), {"b": 1}, {"b.id": ONE, "b.kind": "para"})


def double_it_with_its_words(doc: Doc[Any]) -> None:
    at = marker(doc, LAST)
    body_of(doc).insert_embed(at, {"b": 1}, {"b.id": TWO, "b.kind": "subpara"})
    body_of(doc).insert(at + 1, "second one", {})


def give_its_id_to_another(doc: Doc[Any]) -> None:
    at = marker(doc, LAST)
    body_of(doc).format(at, at + 1, {"b.id": ONE})


def swap_under_the_same_ids(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, TWO) : marker(doc, LAST)]
    at = marker(doc, ONE)
    body_of(doc).insert_embed(at, {"b": 1}, {"b.id": TWO, "b.kind": "subpara"})
    body_of(doc).insert(at + 1, "second one", {})


def swap_under_fresh_ids(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, TWO) : marker(doc, LAST)]
    at = marker(doc, ONE)
    body_of(doc).insert_embed(at, {"b": 1}, {"b.id": new_paragraph_id(), "b.kind": "subpara"})
    body_of(doc).insert(at + 1, "second one", {})


def swap_their_ids(doc: Doc[Any]) -> None:
    for name, other in ((ONE, "pq"), (TWO, ONE), ("pq", TWO)):
        at = marker(doc, name)
        body_of(doc).format(at, at + 1, {"b.id": other})


def change_the_note(doc: Doc[Any]) -> None:
    notes_of(doc)[NOTE].insert(0, "not ", {})


def delete_in_the_note(doc: Doc[Any]) -> None:
    del notes_of(doc)[NOTE][0:2]


def make_the_note_bold(doc: Doc[Any]) -> None:
    notes_of(doc)[NOTE].format(0, 1, {"strong": True})


def drop_the_note(doc: Doc[Any]) -> None:
    del notes_of(doc)[NOTE]


def put_another_note_in_its_place(doc: Doc[Any]) -> None:
    notes_of(doc)[NOTE] = Text("something else")


def delete_the_call(doc: Doc[Any]) -> None:
    at = find(doc, " goes on")
    del body_of(doc)[at - 1 : at]


def add_a_call(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(find(doc, "text"), {"fn": OTHER_NOTE}, {})


def swap_the_call(doc: Doc[Any]) -> None:
    delete_the_call(doc)
    body_of(doc).insert_embed(find(doc, " goes on"), {"fn": OTHER_NOTE}, {})


def embed_something_unknown(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(find(doc, "text"), {"table": {"rows": 2}}, {})


def break_the_line(doc: Doc[Any]) -> None:
    body_of(doc).insert_embed(find(doc, "text"), {"br": 1}, {})


def edit_it_beside_something_free(doc: Doc[Any]) -> None:
    body_of(doc).insert(find(doc, "between"), "well ", {})
    body_of(doc).insert(find(doc, "second"), "x", {})


def edit_it_before_something_free(doc: Doc[Any]) -> None:
    body_of(doc).insert(find(doc, "text"), "x", {})
    body_of(doc).insert(find(doc, "last"), "the very ", {})


def delete_here_and_there(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "second") : find(doc, "second") + 1]
    del body_of(doc)[find(doc, "before") : find(doc, "before") + 1]


def move_words_into_it(doc: Doc[Any]) -> None:
    del body_of(doc)[find(doc, "last") : find(doc, "last") + 4]
    body_of(doc).insert(find(doc, "second"), "last", {})


REFUSED: tuple[Shape, ...] = (
    type_inside, type_at_its_start, type_at_its_end, type_as_two_bytes,
    delete_inside, delete_one_letter, delete_across_it, delete_into_it, delete_out_of_it,
    delete_everything, delete_whole, delete_its_marker, delete_the_marker_behind_it,
    paste_over, replace_whole_by_other_words, replace_whole_under_another_id,
    split_inside, split_behind_its_marker, make_bold, make_bold_across, link,
    _attribute(ONE, "b.kind", "heading"), _attribute(TWO, "b.level", 2),
    _attribute(ONE, "b.dir", "rtl"), _attribute(ONE, "b.id", "pqqqqqqqqqqqq"),
    _attribute(ONE, "b.id", None), _attribute(ONE, "b.kind", "plain"),
    double_its_id, double_it_with_its_words, give_its_id_to_another,
    swap_under_the_same_ids, swap_under_fresh_ids, swap_their_ids,
    change_the_note, delete_in_the_note, make_the_note_bold, drop_the_note,
    put_another_note_in_its_place, delete_the_call, add_a_call, swap_the_call,
    embed_something_unknown, break_the_line,
    edit_it_beside_something_free, edit_it_before_something_free, delete_here_and_there,
    move_words_into_it,
)  # fmt: skip


# ----------------------------------------------------------------------- allowed


def press_enter_at_its_end(doc: Doc[Any]) -> None:
    name = new_paragraph_id()
    body_of(doc).insert_embed(marker(doc, BETWEEN), {"b": 1}, {"b.id": name, "b.kind": "para"})


def put_a_block_before_it(doc: Doc[Any]) -> None:
    at = marker(doc, ONE)
    body_of(doc).insert_embed(at, {"b": 1}, {"b.id": new_paragraph_id(), "b.kind": "para"})
    body_of(doc).insert(at + 1, "new one", {})


def type_before_it(doc: Doc[Any]) -> None:
    body_of(doc).insert(marker(doc, ONE), "!", {})


def type_behind_it(doc: Doc[Any]) -> None:
    body_of(doc).insert(find(doc, "between"), "in ", {})


def delete_a_neighbour(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, BETWEEN) : marker(doc, TWO)]


def make_neighbours_bold(doc: Doc[Any]) -> None:
    at = find(doc, "between")
    body_of(doc).format(at, at + 7, {"strong": True})
    body_of(doc).format(0, find(doc, "bold"), {"em": True})


def make_a_neighbour_a_heading(doc: Doc[Any]) -> None:
    at = marker(doc, BETWEEN)
    body_of(doc).format(at, at + 1, {"b.kind": "heading", "b.level": 2})


def move_a_neighbour(doc: Doc[Any]) -> None:
    del body_of(doc)[marker(doc, LAST) : len(body_of(doc))]
    body_of(doc).insert_embed(0, {"b": 1}, {"b.id": LAST, "b.kind": "para"})
    body_of(doc).insert(1, "last words", {})


def comment_on_it(doc: Doc[Any]) -> None:
    at = find(doc, "text")
    body_of(doc).format(at, at + 4, {"comment:c1": {"id": "c1"}})


def edit_an_uncalled_note(doc: Doc[Any]) -> None:
    notes_of(doc)[OTHER_NOTE].insert(0, "yet ", {})


def edit_on_both_sides(doc: Doc[Any]) -> None:
    body_of(doc).insert(find(doc, "before"), "just ", {})
    body_of(doc).insert(find(doc, "last"), "the ", {})


ALLOWED: tuple[Shape, ...] = (
    press_enter_at_its_end, put_a_block_before_it, type_before_it, type_behind_it,
    delete_a_neighbour, make_neighbours_bold, make_a_neighbour_a_heading, move_a_neighbour,
    comment_on_it, edit_an_uncalled_note, edit_on_both_sides,
)  # fmt: skip


# ---------------------------------------------------------------- bytes of no editor


def deletions_of_one_unit(doc: Doc[Any]) -> Iterator[tuple[bytes, bool]]:
    """Give the deletion of each single unit of the text, and whether it changes agreed ones.

    Units that nobody sees are among them: the end of a mark, without which it goes on and on.
    """
    state, before = doc.get_update(), agreed(doc)
    for clock in range(_units(doc)):
        update = b"\x00\x01" + uint(1) + b"\x01" + uint(clock) + b"\x01"
        tried: Doc[Any] = Doc()
        tried.apply_update(state)
        tried.apply_update(update)
        yield update, agreed(tried) != before


def _units(doc: Doc[Any]) -> int:
    return decode_vector(doc.get_state())[1]
