"""Damaged real updates: none panics, none kills, none poisons, and honest ones all stand.

MUTANTS says how many, MUTANTS_SEED which; `make fuzz` tries a million.
"""

import os
from pathlib import Path

import pytest

from app.rooms.guard import ProvingCopy
from app.rooms.strict.update import read_update
from tests.strict.children import PER_CHILD, run_batches
from tests.strict.proving import NOTHING, SERVER_ID, TERMS, examine, place_of
from tests.strict.sessions import Session, more_sessions
from tests.strict.wire import STRING, Part, Parts, Written, put_together

MUTANTS = int(os.environ.get("MUTANTS", "20000"))
LONG_S = 12 * 3600


@pytest.mark.timeout(LONG_S)
def test_no_mutant_panics_kills_or_poisons(tmp_path: Path) -> None:
    for so_far in run_batches(MUTANTS, 0, tmp_path):
        assert so_far.faults == []

    # It would be no proof if hardly anything got as far as the library.
    assert so_far.outcomes["accepted"] > MUTANTS / 10
    assert so_far.outcomes["malformed"] > MUTANTS / 10


@pytest.mark.parametrize("session", more_sessions(), ids=lambda session: session.name)
def test_what_honest_people_send_stands(session: Session) -> None:
    copy = ProvingCopy(NOTHING, SERVER_ID)
    states = []
    for update in session.updates:
        states.append(copy.state())
        copy.prove(update, read_update(update), TERMS)

    for known, update in session.step2s:
        # On the server there may be more by then than there was when it was asked for.
        for state in {states[known], states[-1]}:
            late = ProvingCopy(state, SERVER_ID)
            late.prove(update, read_update(update), TERMS)


def test_a_poisoned_text_is_noticed() -> None:
    place = place_of(337, 1)
    # What it stands behind is what comes behind what it stands before.
    turned = Part(STRING, "乃乄久", origin=(399515187, 14), right=(399515187, 13))
    update = put_together(Parts([Written(532686916, 41, [turned])]))
    copy = ProvingCopy(place.state, SERVER_ID)
    # The server's own edits do not pass the parser.
    emitted = copy.run(lambda doc: doc.apply_update(update), frozenset())

    with pytest.raises(AssertionError, match="another text"):
        examine(copy, emitted, place)


def test_the_mutants_of_a_seed_are_always_the_same() -> None:
    places = [place_of(number, 7) for number in (0, PER_CHILD)]

    assert [place.state for place in places] == [
        place_of(number, 7).state for number in (0, PER_CHILD)
    ]
