"""The texts that loads begin with, as Yjs updates."""

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

from pycrdt import Doc, merge_updates

from app.ids import new_paragraph_id
from benchmarks.load.clients import empty_text

_WORDS = (
    "The Working Group notes that access to security is uneven and recommends further work on "
    "the questions raised by delegations during the previous session"
).split()
PARAGRAPHS = 12
# Merging grows with the square of the number of updates.
_MERGED = 64


@cache
def drafted_text(text_bytes: int = 5_700, state_bytes: int = 22_000) -> bytes:
    """Return a text of twelve paragraphs that was written here and there, word by word.

    text_bytes: of its characters; state_bytes: of the whole state, at least.
    """
    chance = random.Random(7)
    doc = empty_text()
    body = doc["body"]
    with doc.transaction():
        for number in range(PARAGRAPHS):
            named = {"b.id": new_paragraph_id(), "b.kind": "para"}
            body.insert_embed(len(body), {"b": 1}, named)
            body.insert(len(body), f"Paragraph {number}. ", {})
    while len(state := doc.get_update()) < state_bytes:
        for _ in range(50):
            _write_somewhere(doc, chance, text_bytes)
    return state


def _write_somewhere(doc: Doc[Any], chance: random.Random, text_bytes: int) -> None:
    body = doc["body"]
    if len(body) < text_bytes:
        body.insert(1 + chance.randrange(len(body) - 1), chance.choice(_WORDS) + " ", {})
        return
    at = 1 + chance.randrange(len(body) - 1)
    body.insert(at, "of ", {})
    del body[at : at + 3]


@cache
def small_rows(count: int) -> tuple[bytes, ...]:
    """Return the updates of one author who typed for long: `count` letters in one paragraph."""
    doc = empty_text()
    body = doc["body"]
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    with doc.transaction():
        body.insert_embed(0, {"b": 1}, {"b.id": new_paragraph_id(), "b.kind": "para"})
    letters = random.Random(3)
    while len(made) < count:
        body.insert(len(body), letters.choice("abcdefghij  "), {})
        if len(made) % 7 == 0 and len(made) < count:
            del body[len(body) - 1 : len(body)]
    doc.unobserve(subscription)
    return tuple(made)


def state_of(updates: Sequence[bytes]) -> bytes:
    """Return what the updates come to, as one."""
    doc: Doc[Any] = Doc()
    for start in range(0, len(updates), _MERGED):
        doc.apply_update(merge_updates(*updates[start : start + _MERGED]))
    return doc.get_update()
