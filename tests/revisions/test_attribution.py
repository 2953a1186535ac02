"""Whose each byte is, followed through the rows of a log."""

import random
from typing import Any

import pytest
from pycrdt import Doc

from app.revisions.attribution import Attribution, latest
from app.text.from_crdt import body_of

LETTERS = ["a", "é", "汉", "😀", "ab ", "\u0645"]


def typed(doc: Doc[Any], at: int, text: str) -> bytes:
    before = doc.get_state()
    body_of(doc).insert(at, text, {})
    return doc.get_update(before)


def erased(doc: Doc[Any], start: int, end: int) -> bytes:
    before = doc.get_state()
    del body_of(doc)[start:end]
    return doc.get_update(before)


def test_inserted_words_know_their_writer() -> None:
    doc: Doc[Any] = Doc()
    typed(doc, 0, "States should act.")
    attribution = Attribution(doc.get_update())

    counted = attribution.follow([(0, typed(doc, 7, "and others "))])

    assert counted[0].added == 11
    assert attribution.writers(0, 20) == [(7, None), (11, 0), (2, None)]


def test_removed_words_know_who_removed_them() -> None:
    doc: Doc[Any] = Doc()
    typed(doc, 0, "States should act.")
    attribution = Attribution(doc.get_update())

    attribution.follow([(0, typed(doc, 0, "All ")), (1, erased(doc, 11, 18))])

    assert attribution.removers(0, 18) == [(7, None), (7, 1), (4, None)]


def test_what_was_written_and_removed_in_between_leaves_no_trace() -> None:
    doc: Doc[Any] = Doc()
    typed(doc, 0, "Plain.")
    attribution = Attribution(doc.get_update())

    attribution.follow([(0, typed(doc, 3, "XYZ")), (1, erased(doc, 3, 6))])

    assert attribution.writers(0, 6) == [(6, None)]
    assert attribution.removers(0, 6) == [(6, None)]


def test_the_latest_writer_wins() -> None:
    assert latest([(1, None), (2, 3), (1, 1)]) == 3
    assert latest([(4, None)]) is None


@pytest.mark.parametrize("seed", range(20))
def test_every_byte_has_exactly_one_origin(seed: int) -> None:
    chance = random.Random(seed)
    doc: Doc[Any] = Doc()
    typed(doc, 0, "The 汉 working 😀 group.")
    old = str(body_of(doc)).encode()
    attribution = Attribution(doc.get_update())
    shadow: list[tuple[str, int | None]] = [(char, None) for char in str(body_of(doc))]

    for writer in range(40):
        place = chance.randrange(len(shadow) + 1)
        at = len("".join(char for char, _ in shadow[:place]).encode())
        if shadow and chance.random() < 0.4:
            end = min(len(shadow), place + chance.randrange(1, 4))
            size = len("".join(char for char, _ in shadow[place:end]).encode())
            row = erased(doc, at, at + size) if size else typed(doc, at, "")
            del shadow[place:end]
        else:
            text = chance.choice(LETTERS)
            row = typed(doc, at, text)
            shadow[place:place] = [(char, writer) for char in text]
        attribution.follow([(writer, row)])

    whole = len(str(body_of(doc)).encode())
    flat = [writer for size, writer in attribution.writers(0, whole) for _ in range(size)]
    assert flat == [writer for char, writer in shadow for _ in char.encode()]
    kept = sum(size for size, writer in attribution.removers(0, len(old)) if writer is None)
    assert kept == sum(len(char.encode()) for char, writer in shadow if writer is None)
