"""What is read and judged at a glance is read and judged alike with care."""

import random
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc

from app.errors import AppError
from app.rooms.frames import decode_vector
from app.rooms.guard import ProvingCopy, Terms, open_document
from app.rooms.guarding.blocks import Beginning
from app.rooms.guarding.characters import emission_of, read_emission
from app.rooms.strict.facts import UpdateFacts
from app.rooms.strict.typed import read_typed
from app.rooms.strict.update import read_carefully, read_update
from app.text.from_crdt import body_of
from tests.strict.mutations import Mutator
from tests.strict.proving import NOTHING, SERVER_ID, TERMS
from tests.strict.sessions import Session, sessions
from tests.strict.wire import STRING, Part, Written, put_together, says, take_apart, words

_PLACES, _MUTANTS = 60, 60
_STEPS = 25


def _place(chance: random.Random) -> tuple[Session, int, bytes]:
    session = chance.choice(sessions())
    known = chance.randrange(len(session.updates))
    doc = open_document(NOTHING)
    for update in session.updates[:known]:
        doc.apply_update(update)
    return session, known, doc.get_update()


def _mutator(chance: random.Random, session: Session, state: bytes) -> Mutator:
    vector = decode_vector(open_document(state).get_state())
    return Mutator(chance, state, vector, session.updates)


def _typings(chance: random.Random, vector: dict[int, int], count: int) -> list[bytes]:
    """Words put between units that are there, or nearly: some of them next to each other."""
    made = []
    for _ in range(count):
        client = chance.choice([*vector, 4711])
        clock = vector.get(client, 0) + chance.choice((0, 0, 0, 0, 1, -1))
        other = chance.choice(list(vector))
        origin = (other, chance.randrange(vector[other] + 1))
        beside = (other, origin[1] + 1)
        right = chance.choice((None, beside, beside, (other, chance.randrange(vector[other] + 2))))
        if chance.random() < 0.2:
            origin = (client, max(clock - 1, 0))
        text = chance.choice(("x", "typed", "é", "字", "😀", "\0", "z" * 127, "z" * 128, ""))
        behind = None if chance.random() < 0.1 and right else origin
        part = Part(STRING, text, origin=behind, right=right)
        made.append(says(Written(client, max(clock, 0), [part])))
    return made


@pytest.mark.parametrize("seed", range(8))
def test_what_is_read_at_a_glance_is_what_careful_reading_gives(seed: int) -> None:
    chance = random.Random(f"typed {seed}")
    glances = 0
    for _ in range(_PLACES):
        session, known, state = _place(chance)
        mutator = _mutator(chance, session, state)
        tried = [mutator.mutant(session.updates[known]) for _ in range(_MUTANTS)]
        if mutator.vector:
            tried += _typings(chance, mutator.vector, _MUTANTS)
        for update in (session.updates[known], *tried):
            facts = read_typed(update)
            if facts is not None:
                glances += 1
                assert read_carefully(update) == facts
                assert facts.typed is not None
                assert facts.typed.piece == facts.pieces[0]
                assert emission_of(facts.typed) == read_emission(update)
    assert glances > _PLACES, "it would be no proof if hardly anything was read at a glance"


def test_most_of_what_the_editor_sends_is_read_at_a_glance() -> None:
    updates = [update for session in sessions() for update in session.updates]
    found = [update for update in updates if read_typed(update) is not None]
    careful = [update for update in updates if _is_typed(update)]
    assert found == careful != []


def _is_typed(update: bytes) -> bool:
    """Whether it is what a glance is for, told the long way round."""
    parts = take_apart(update)
    if parts.deletes or len(parts.clients) != 1 or len(parts.clients[0].parts) != 1:
        return False
    [part] = parts.clients[0].parts
    is_placed = part.origin is not None or part.right is not None
    if part.kind != STRING or not is_placed or put_together(parts) != update:
        return False
    return not read_carefully(update).pairs and len(part.body.encode()) < 128


@pytest.mark.parametrize("seed", range(8))
def test_what_is_judged_at_a_glance_is_judged_alike_with_care(seed: int) -> None:
    chance = random.Random(f"judged {seed}")
    glances = 0
    for _ in range(_PLACES):
        session, known, state = _place(chance)
        terms = _terms(chance, state)
        quick, careful = ProvingCopy(state, SERVER_ID), ProvingCopy(state, SERVER_ID)
        updates = session.updates[known : known + _STEPS]
        for update in _with_strange_ones(chance, session, state, updates):
            try:
                facts = read_update(update)
            except AppError:
                continue
            glances += facts.typed is not None
            outcome = _outcome(quick, update, facts, terms)
            assert outcome == _outcome(careful, update, replace(facts, typed=None), terms)
            assert quick.spoiled == careful.spoiled
            if quick.spoiled:
                break
            assert quick.begins_with_block() == careful.begins_with_block()
        if not quick.spoiled:
            assert quick.document() == careful.document()
            assert quick.state() == careful.state()
    assert glances > _PLACES


def _terms(chance: random.Random, state: bytes) -> Terms:
    clients = list(decode_vector(open_document(state).get_state()))
    if not clients or chance.random() < 0.7:
        return TERMS
    taken = frozenset({chance.choice(clients)})
    return chance.choice((replace(TERMS, taken=taken), replace(TERMS, locked_ids=frozenset("a"))))


def _with_strange_ones(
    chance: random.Random, session: Session, state: bytes, updates: list[bytes]
) -> list[bytes]:
    mutator = _mutator(chance, session, state)
    tried: list[bytes] = []
    doc = open_document(state)
    for update in updates:
        if chance.random() < 0.2:
            tried.append(mutator.mutant(update))
        vector = decode_vector(doc.get_state())
        if vector and chance.random() < 0.4:
            tried += _typings(chance, vector, 1)
        tried.append(update)
        doc.apply_update(update)
    return tried


def _outcome(copy: ProvingCopy, update: bytes, facts: UpdateFacts, terms: Terms) -> Any:
    try:
        return copy.prove(update, facts, terms)
    except AppError as error:
        return type(error), str(error)


def test_a_text_whose_first_writer_types_before_its_marker_is_known_not_to_begin_with_it() -> None:
    marker = (7, 0)
    typed = [
        says(Written(8, 0, [words("a", right=marker)])),
        says(Written(8, 1, [words("b", origin=(8, 0), right=marker)])),
    ]
    gone = says(deletes=[(8, [(0, 2)])])
    behind_what_is_gone = says(Written(8, 2, [words("c", origin=(8, 1), right=marker)]))
    doc: Doc[Any] = open_document(NOTHING, 7)
    body_of(doc).insert_embed(0, {"b": 1}, {"b.id": "a", "b.kind": "para"})
    copy = ProvingCopy(doc.get_update(), SERVER_ID)
    assert copy.begins_with_block()

    for update in typed:
        copy.prove(update, read_update(update), TERMS)
        assert not copy.begins_with_block()
    copy.prove(gone, read_update(gone), TERMS)
    assert copy.begins_with_block()
    copy.prove(behind_what_is_gone, read_update(behind_what_is_gone), TERMS)
    assert not copy.begins_with_block()


@pytest.mark.parametrize("seed", range(20))
def test_how_a_text_begins_is_known_through_all_that_is_typed_and_deleted(seed: int) -> None:
    """Three devices write, mark and delete at the beginning of a text."""
    chance = random.Random(f"beginning {seed}")
    docs: list[Doc[Any]] = [open_document(NOTHING, 100 + n) for n in range(3)]
    copy = ProvingCopy(NOTHING, SERVER_ID)
    for _ in range(150):
        author = chance.choice(docs)
        before = author.get_state()
        _edit(chance, author)
        update = author.get_update(before)
        copy.prove(update, read_update(update), TERMS)
        for doc in docs:
            doc.apply_update(update)
        if chance.random() < 0.6:
            looked = Beginning(open_document(copy.state())).is_marked()
            assert copy.begins_with_block() == looked


def _edit(chance: random.Random, doc: Doc[Any]) -> None:
    body = body_of(doc)
    size = len(body)
    at = min(chance.choice((0, 0, 1, 1, 2, 3)), size)
    roll = chance.random()
    if roll < 0.15:
        body.insert_embed(at, {"b": 1}, {"b.id": f"p{chance.random()}", "b.kind": "para"})
    elif roll < 0.4 and size > at:
        del body[at : min(size, at + chance.choice((1, 1, 2)))]
    elif roll < 0.5 and size > at:
        body.format(at, min(size, at + 1), {"strong": True})
    else:
        body.insert(at, "w", {})
