"""Whatever a client puts into a document is read, hashed and written over."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from app.text.from_crdt import (
    MAX_DEPTH,
    body_of,
    notes_of,
    read_document,
)
from app.text.hashing import content_hash
from app.text.into_crdt import write_document
from app.text.jsonable import document_json
from app.text.model import Document, FootnoteRef, LineBreak, UnknownAtom
from tests.text.lives import copy_of
from tests.text.texts import (
    documents,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
keys = st.sampled_from(
    ("b.id", "b.kind", "b.level", "b.dir", "b.x", "strong", "em", "link", "ins:a", "comment:c", "")
)
attributes = st.dictionaries(keys, json_values | st.binary(max_size=2), max_size=3)
embeds = st.one_of(
    json_values.filter(lambda value: not isinstance(value, str)),
    st.just({"b": 1}),
    st.just({"br": 1}),
    st.just({"fn": "na"}),
    st.builds(lambda key, value: {key: value}, st.sampled_from(("b", "br", "fn")), json_values),
    st.binary(max_size=2),
)
units = st.tuples(st.text(max_size=3) | embeds.map(lambda value: (value,)), attributes)


def fill(text: Text, content: list[tuple[Any, dict[str, Any]]]) -> None:
    for value, attrs in content:
        if isinstance(value, str):
            text.insert(0, value, attrs)
        else:
            text.insert_embed(0, value[0], attrs)


@settings(max_examples=150)
@given(st.lists(units, max_size=6), st.lists(units, max_size=3), documents())
def test_whatever_stands_in_a_document_is_read_hashed_and_written_over(
    body: list[tuple[Any, dict[str, Any]]],
    note: list[tuple[Any, dict[str, Any]]],
    target: Document,
) -> None:
    doc: Doc[Any] = Doc()
    notes_of(doc)["na"] = Text()
    fill(notes_of(doc)["na"], note)
    fill(body_of(doc), body)

    read = read_document(doc)
    document_json(read)
    content_hash(read)
    write_document(doc, Document((*target.blocks, *read.blocks), {**read.notes, **target.notes}))
    write_document(doc, target)

    written = read_document(doc)
    assert content_hash(written) == content_hash(target)


def test_numbers_are_plain_and_what_is_no_number_is_null() -> None:
    doc: Doc[Any] = Doc()
    value = {"a": 2.0, "b": 1.5, "c": float("nan"), "d": float("inf"), "e": 2**60, "f": 1e300}
    body_of(doc).insert_embed(0, value, {"b.level": 1.0, "size": float("-inf")})

    [block] = read_document(doc).blocks

    numbers = {"a": 2, "b": 1.5, "c": None, "d": None, "e": 2**60, "f": 1e300}
    [inline] = block.inlines
    assert isinstance(inline, UnknownAtom)
    assert json.dumps(inline.value, sort_keys=True) == json.dumps(numbers)


def test_shared_types_and_deep_values_in_the_text_do_not_stop_reading() -> None:
    doc: Doc[Any] = Doc()
    deep: Any = 1
    for _ in range(MAX_DEPTH + 3):
        deep = [deep]
    for value in (Text("x"), Map({"a": 1}), Array([1]), {"deep": deep}, b"\x01"):
        body_of(doc).insert_embed(0, value, {})
    notes_of(doc)["na"] = Map({"a": 1})

    [block] = read_document(doc).blocks

    values = [inline.value for inline in block.inlines if isinstance(inline, UnknownAtom)]
    assert values[0] == {"bytes": "01"}
    assert values[2:] == [{"shared": "Array"}, {"shared": "Map"}, {"shared": "Text"}]
    content_hash(Document((block,)))


def test_roots_of_another_type_read_as_empty() -> None:
    doc: Doc[Any] = Doc()
    doc["body"] = Map({"x": 1})
    doc["notes"] = Text("hello")

    assert read_document(copy_of(doc)) == Document()


def test_a_footnote_may_hold_what_a_block_may_not() -> None:
    doc: Doc[Any] = Doc()
    body_of(doc).insert_embed(0, {"fn": "na"}, {})
    notes_of(doc)["na"] = Text()
    for value in ({"b": 1}, {"fn": "na"}, {"br": 1}):
        notes_of(doc)["na"].insert_embed(0, value, {})

    read = read_document(doc)

    assert read.notes == {"na": (LineBreak(), FootnoteRef("na"), UnknownAtom({"b": 1}))}
    assert content_hash(read)
