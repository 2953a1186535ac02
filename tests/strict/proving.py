"""A child that proves mutants, and what it found.

    python -m tests.strict.proving SEED FIRST COUNT PLACE

It writes the number of each mutant into PLACE/number first, so that a death tells which it was;
into PLACE/accepted what the server would relay, one JSON object a line; and PLACE/found at the end.
"""

import json
import os
import random
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from pycrdt import Doc, Text, get_state

from app.errors import AppError
from app.rooms.frames import decode_vector
from app.rooms.guard import LibraryFailed, ProvingCopy, Terms, open_document
from app.rooms.strict.update import read_update
from app.text.from_crdt import body_of, notes_of, read_document
from tests.strict.mutations import Mutator
from tests.strict.sessions import Session, sessions

SERVER_ID = 2**31 - 7
HONEST_ID = 2**31 - 9
TERMS = Terms(UUID(int=1), {SERVER_ID: None}, frozenset())
# So many mutants share a session and a place in it: opening a copy costs more than a refusal.
PER_PLACE = 40
STAY = 0.15
NOTHING = b"\x00\x00"


@dataclass(slots=True)
class Place:
    """A text as it was when an update came, and that update."""

    session: Session
    known: int
    update: bytes
    state: bytes
    vector: dict[int, int]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the server relays of a mutant, and the text that it shows."""

    state: bytes
    relayed: bytes
    shown: dict[str, Any]


@dataclass(slots=True)
class Found:
    """What came of many mutants."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def place_of(number: int, seed: int) -> Place:
    """Return where the mutants of this number are tried; the same for PER_PLACE numbers."""
    chance = random.Random(f"{seed} {number // PER_PLACE}")
    session = chance.choice(sessions())
    if chance.random() < 0.15:
        known, update = chance.choice(session.step2s)
    else:
        known = chance.randrange(len(session.updates))
        update = session.updates[known]
    doc = open_document(NOTHING)
    for earlier in session.updates[:known]:
        doc.apply_update(earlier)
    state = doc.get_update()
    return Place(session, known, update, state, vector_of(state))


def vector_of(state: bytes) -> dict[int, int]:
    """Return the clocks of a text."""
    return decode_vector(get_state(state))


def prove_all(
    seed: int, numbers: range, begin: Callable[[int], None], keep: Callable[[Accepted], None]
) -> Found:
    """Prove these mutants; every one that the server would take must leave the text sound.

    Some of those that are taken stay in the text for the next ones of the same place.
    """
    found = Found()
    first = place = place_of(numbers.start, seed)
    copy: ProvingCopy | None = None
    for number in numbers:
        begin(number)
        chance = random.Random(f"{seed} {number} mutant")
        if number % PER_PLACE == 0:
            first = place = place_of(number, seed)
            copy = None
        mutator = Mutator(chance, place.state, place.vector, place.session.updates)
        mutant = mutator.mutant(place.update)
        copy = copy or ProvingCopy(place.state, SERVER_ID)
        outcome = _prove(copy, mutant, place, keep)
        found.outcomes[outcome.partition(":")[0]] += 1
        if outcome.startswith("fault"):
            found.faults.append(f"SEED={seed} NUMBER={number} {outcome} {mutant.hex()[:400]}")
        if outcome == "accepted" and chance.random() < STAY:
            state, session = copy.state(), place.session
            update = chance.choice(session.updates)
            place = Place(session, place.known, update, state, vector_of(state))
        elif copy.spoiled or outcome not in ("malformed", "refused", "nothing"):
            place, copy = first, None
    return found


def _prove(
    copy: ProvingCopy,
    mutant: bytes,
    place: Place,
    keep: Callable[[Accepted], None],
) -> str:
    try:
        facts = read_update(mutant)
    except AppError as error:
        return "malformed" if error.status == 400 else "refused"
    try:
        proof = copy.prove(mutant, facts, TERMS)
    except LibraryFailed as error:
        return f"fault: the library failed: {error} {error.__cause__}"
    except AppError:
        return "refused"
    if not proof.emitted:
        return "nothing"
    try:
        keep(examine(copy, proof.emitted, place))
    except BaseException as error:
        return f"fault: {type(error).__name__} {error}"
    return "accepted"


def examine(copy: ProvingCopy, emitted: bytes, place: Place) -> Accepted:
    """Make sure that a text into which a mutant was taken is sound, and can be written on."""
    document = copy.document()
    live = open_document(place.state)
    live.apply_update(emitted)
    assert read_document(live) == document, "what is relayed shows another text"
    fresh = open_document(copy.state(), HONEST_ID)
    vectors = [decode_vector(doc.get_state()) for doc in (fresh, live)]
    assert vectors[0] == vectors[1], "the saved state is another"
    assert shown(fresh) == shown(live), "the saved state shows another text"
    accepted = Accepted(place.state, emitted, shown(live))
    for update in (*_honest_edits(fresh), *place.session.updates[place.known :][:2]):
        _take_honest(copy, update)
    again = open_document(copy.state())
    assert read_document(again) == copy.document(), "the saved state shows another text in the end"
    return accepted


def _honest_edits(doc: Doc[Any]) -> Iterator[bytes]:
    """Edits at the beginning, at the end and across, as somebody makes them who sees the text."""
    emitted: list[bytes] = []
    subscription = doc.observe(lambda event: emitted.append(event.update))
    body = body_of(doc)
    body.insert(0, "first ", {})
    body.insert(len(body), " last", {"strong": True})
    body.format(0, 3, {"em": True})
    notes_of(doc)["nz"] = Text("note")
    for text in [note for note in notes_of(doc).values() if isinstance(note, Text)][:3]:
        text.insert(0, "in ", {})
    del body[0:2]
    doc.unobserve(subscription)
    yield from emitted


def _take_honest(copy: ProvingCopy, update: bytes) -> None:
    """An honest update stands, unless it needs what the mutant has pushed aside."""
    try:
        copy.prove(update, read_update(update), TERMS)
    except LibraryFailed:
        raise
    except AppError:
        assert not copy.spoiled, "an honest edit spoils the text"


def shown(doc: Doc[Any]) -> dict[str, Any]:
    """Return everything that the text shows, in a form that two languages can compare."""
    notes = notes_of(doc)
    texts = dict(notes.items())
    return {
        "body": _pieces(body_of(doc)),
        "notes": {
            key: _pieces(text) if isinstance(text, Text) else "no text"
            for key, text in sorted(texts.items())
        },
    }


def _pieces(text: Text) -> list[list[Any]]:
    pieces: list[list[Any]] = []
    for value, stored in text.diff():
        marks = {key: mark for key, mark in (stored or {}).items() if mark is not None}
        is_text = isinstance(value, str)
        if is_text and pieces and isinstance(pieces[-1][0], str) and pieces[-1][1] == marks:
            pieces[-1][0] += value
        else:
            pieces.append([value, marks])
    return pieces


def main() -> None:
    """Prove the mutants that the command line names, and write down what came of them."""
    seed, first, count = (int(argument) for argument in sys.argv[1:4])
    place = Path(sys.argv[4])
    number_file = os.open(place / "number", os.O_WRONLY | os.O_CREAT, 0o600)

    def begin(number: int) -> None:
        os.pwrite(number_file, number.to_bytes(8, "big"), 0)

    with (place / "accepted").open("w") as accepted_file:

        def keep(accepted: Accepted) -> None:
            case = {
                "state": b64encode(accepted.state).decode(),
                "relayed": b64encode(accepted.relayed).decode(),
                "shown": accepted.shown,
            }
            accepted_file.write(json.dumps(case) + "\n")

        found = prove_all(seed, range(first, first + count), begin, keep)
    written = {"outcomes": found.outcomes, "faults": found.faults}
    (place / "found").write_text(json.dumps(written))


if __name__ == "__main__":
    main()
