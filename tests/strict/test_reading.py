"""The reader of Yjs updates sees what the library writes, and refuses what no section holds."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from app.rooms.frames import Malformed, uint
from app.rooms.live_text import LiveText
from app.rooms.strict.deletes import contains, deletes_of
from app.rooms.strict.update import read_update
from app.rooms.strict.values import ForeignContent


def section() -> Doc[Any]:
    doc: Doc[Any] = Doc(client_id=7)
    doc["body"] = Text()
    doc["notes"] = Map()
    return doc


def updates_of(doc: Doc[Any], edit: Callable[[Doc[Any]], None]) -> list[bytes]:
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    edit(doc)
    doc.unobserve(subscription)
    return updates


def test_typing_writes_a_run_and_needs_what_it_stands_behind() -> None:
    doc = section()
    doc["body"].insert(0, "a😀b")

    [update] = updates_of(doc, lambda doc: doc["body"].insert(6, "c", {}))

    facts = read_update(update)
    assert facts.writes == [(7, 4, 5)]
    assert facts.pieces == [(7, 4, 5, (7, 3), None)]
    assert facts.deletes == {}


def test_a_marker_names_its_block() -> None:
    [update] = updates_of(
        section(), lambda doc: doc["body"].insert_embed(0, {"b": 1}, {"b.id": "pabcdefghijkl"})
    )

    assert read_update(update).names_blocks


def test_deleting_writes_nothing() -> None:
    doc = section()
    doc["body"].insert(0, "hello")

    def delete(doc: Doc[Any]) -> None:
        del doc["body"][1:3]

    [update] = updates_of(doc, delete)

    facts = read_update(update)
    assert facts.writes == []
    assert facts.deletes == {7: [(1, 3)]}


def test_a_footnote_is_part_of_a_section() -> None:
    def add(doc: Doc[Any]) -> None:
        doc["notes"]["nabcdefghijkl"] = Text("the note")

    [update] = updates_of(section(), add)

    assert [entry.length for entry in read_update(update).entries] == [1]


@pytest.mark.parametrize(
    "make",
    [
        lambda doc: doc.__setitem__("other", Text("x")),
        lambda doc: doc.__setitem__("list", Array([1])),
        lambda doc: doc["notes"].__setitem__("n", 5),
        lambda doc: doc["notes"].__setitem__("n", Map({"a": 1})),
        lambda doc: doc["body"].insert_embed(0, {"a": "x" * 20_000}),
        lambda doc: doc["body"].insert_embed(0, {"__proto__": 1}),
    ],
    ids=["root", "array", "value", "map", "large", "prototype"],
)
def test_what_no_section_holds_is_foreign(make: Callable[[Doc[Any]], None]) -> None:
    [update] = updates_of(section(), make)

    with pytest.raises(ForeignContent):
        read_update(update)


@given(st.binary(max_size=120))
def test_noise_is_read_or_refused(noise: bytes) -> None:
    try:
        read_update(noise)
    except (Malformed, ForeignContent):
        return


@given(st.data())
def test_a_broken_update_never_surprises(data: st.DataObject) -> None:
    doc = section()
    doc["body"].insert_embed(0, {"b": 1}, {"b.id": "pabcdefghijkl", "b.kind": "para"})
    doc["body"].insert(1, "hello wörld", {"strong": True})
    update = bytearray(doc.get_update())
    for _ in range(data.draw(st.integers(1, 4))):
        update[data.draw(st.integers(0, len(update) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_update(bytes(update))
    except (Malformed, ForeignContent):
        return


@pytest.mark.parametrize(
    "hostile",
    [
        "0101ec07d804a8ec07ae0f00000104060374763201020101000001010000",
        "0104eb070001010161ffffffffffffffffff0188eb0700037d02770178760101797d01c1eb0700eb070101"
        "000601eb070200010407",
        "0101ec07d8ffffffffffffff0fa8ec0790010177017101ec0701900101",
        "0101f007ffffffffffffffffff01040101740361626300",
        "80808040",
    ],
)
def test_updates_known_to_break_the_library_are_stopped_before_it(hostile: str) -> None:
    with pytest.raises((Malformed, ForeignContent)):
        read_update(bytes.fromhex(hostile))


def test_deleted_ranges_are_joined_and_compared() -> None:
    doc = section()
    doc["body"].insert(0, "hello")
    del doc["body"][0:2]
    del doc["body"][0:1]

    known = deletes_of(doc.get_update(doc.get_state()))

    assert known == {7: [(0, 3)]}
    assert contains(known, {7: [(1, 3)]})
    assert not contains(known, {7: [(1, 4)]})
    assert not contains(known, {8: [(0, 1)]})


numbers = st.sampled_from([0, 1, 2, 5, 999, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53, 2**55])


@given(st.dictionaries(numbers, numbers, max_size=4), st.binary(max_size=2))
def test_no_state_vector_breaks_a_text(vector: dict[int, int], more: bytes) -> None:
    doc = section()
    doc["body"].insert(0, "hello")
    text = LiveText(doc.get_update())
    parts = [uint(client) + uint(clock) for client, clock in vector.items()]

    with suppress(Malformed):
        text.missing_from(uint(len(parts)) + b"".join(parts) + more)

    assert not text.is_broken
    assert text.read() is not None
