"""Makes pycrdt.json anew: what two people send who edit by the CRDT library itself.

.venv/bin/python -m tests.strict.corpus.make
"""

import json
import random
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map, Text, UndoManager

SESSIONS = 8
_LETTERS = "abc é€字😀𠀀 "


class _Person:
    """One who edits by the CRDT library itself, and hears the other."""

    def __init__(self, client_id: int, sent: list[bytes]) -> None:
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.body = self.doc.get("body", type=Text)
        self.notes: Map[Any] = self.doc.get("notes", type=Map)
        self.is_hearing = False
        self.undo = UndoManager(scopes=[self.body], capture_timeout_millis=0)
        self._sent = sent
        self._subscription = self.doc.observe(self._note)

    def hear(self, updates: list[bytes]) -> None:
        self.is_hearing = True
        for update in updates:
            self.doc.apply_update(update)
        self.is_hearing = False

    def _note(self, event: Any) -> None:
        if not self.is_hearing:
            self._sent.append(event.update)


def session(seed: int) -> dict[str, Any]:
    """Return what two people send who edit by the CRDT library."""
    chance = random.Random(seed)
    sent: list[bytes] = []
    base = 1 if seed % 2 else 2**31
    people = [_Person(base + n, sent) for n in range(2)]
    people[0].body.insert_embed(0, {"b": 1}, {"b.id": "pabcdefghijkl", "b.kind": "para"})
    people[0].body.insert(1, "first words")
    step2s = []
    for _ in range(40):
        person = chance.choice(people)
        if chance.random() < 0.6:
            person.hear(sent)
        known, before = len(sent), person.doc.get_state()
        chance.choice(_ACTS)(person, chance)
        step2s.append((known, person.doc.get_update(before)))
    step2s.append((0, people[0].doc.get_update()))
    return {
        "seed": seed,
        "updates": [_text(update) for update in sent],
        "step2s": [(known, _text(update)) for known, update in chance.sample(step2s, 6)],
    }


def _text(update: bytes) -> str:
    return b64encode(update).decode()


def _words(chance: random.Random) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.randint(1, 4)))


def _places(text: Text) -> list[int]:
    """Where something can be put without cutting a character: byte positions."""
    places = [0]
    for piece, _ in text.diff():
        for unit in piece if isinstance(piece, str) else [None]:
            places.append(places[-1] + (len(unit.encode()) if unit is not None else 1))
    return places


def _type(person: _Person, chance: random.Random) -> None:
    person.body.insert(chance.choice(_places(person.body)), _words(chance), {})


def _delete(person: _Person, chance: random.Random) -> None:
    places = _places(person.body)
    start = chance.randrange(len(places))
    end = min(start + chance.randint(1, 4), len(places) - 1)
    if start < end:
        del person.body[places[start] : places[end]]


def _mark(person: _Person, chance: random.Random) -> None:
    places = _places(person.body)
    start, end = sorted(chance.choices(places, k=2))
    if start < end:
        value = chance.choice([True, False, None, "x", {"id": "c1"}])
        person.body.format(start, end, {chance.choice(["strong", "em", "link"]): value})


def _split(person: _Person, chance: random.Random) -> None:
    name = "p" + "".join(chance.choices("abcdefgh234567", k=12))
    person.body.insert_embed(chance.choice(_places(person.body)), {"b": 1}, {"b.id": name})


def _note(person: _Person, chance: random.Random) -> None:
    name = chance.choice(["na", "nb", "nc"])
    person.notes[name] = Text(chance.choice(["", _words(chance)]))
    person.body.insert_embed(chance.choice(_places(person.body)), {"fn": name})


def _edit_note(person: _Person, chance: random.Random) -> None:
    texts = [text for text in person.notes.values() if isinstance(text, Text)]
    if texts:
        text = chance.choice(texts)
        text.insert(chance.choice(_places(text)), _words(chance), {})


def _drop_note(person: _Person, chance: random.Random) -> None:
    names = list(person.notes.keys())
    if names:
        del person.notes[chance.choice(names)]


def _undo(person: _Person, chance: random.Random) -> None:
    if person.undo.can_undo():
        person.undo.undo()


_Act = Callable[[_Person, random.Random], None]
_ACTS: list[_Act] = [
    _type, _type, _type, _delete, _delete, _mark, _split, _note, _edit_note, _edit_note,
    _drop_note, _undo,
]  # fmt: skip


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(session(seed)) for seed in range(SESSIONS))
    Path(__file__).with_name("pycrdt.json").write_text(f"[\n{lines}\n]\n")
