"""What workers tell each other of who is here: read strictly, believed in order."""

import json

import pytest

from app.ids import SectionId, new_id
from app.rooms.frames import AwarenessEntry, Malformed
from app.rooms.presence import GONE, Place, Presence
from app.rooms.workers.messages import Asking, Leaving, Places, decode, encode

ME, OTHER = "a" * 32, "b" * 32
MEMBER = new_id()
SECTION = SectionId(new_id())


def place(client_id: int = 7, told: int = 1, state: str | None = "{}") -> Place:
    return Place(client_id, told, MEMBER, "Amara", state)


def names(presence: Presence) -> list[str]:
    return [person["name"] for person in presence.people()]


def test_what_is_said_is_what_is_heard() -> None:
    for said in (
        Places(ME, SECTION, True, (place(), place(8, 5, None))),
        Places(ME, SECTION, False, ()),
        Asking(ME),
        Leaving(ME),
    ):
        assert decode(encode(said)) == said


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"worker":"a"}',
        json.dumps({"worker": ME}).encode(),
        json.dumps({"worker": ME, "section": "x", "whole": True, "places": []}).encode(),
        *(
            json.dumps(
                {"worker": ME, "section": str(SECTION), "whole": True, "places": [one]}
            ).encode()
            for one in (
                [],
                [7, 1, "nobody", "n", "{}"],
                [-1, 1, str(MEMBER), "n", "{}"],
                [True, 1, str(MEMBER), "n", "{}"],
                [7, 2**60, str(MEMBER), "n", "{}"],
                [7, 1, str(MEMBER), "n" * 201, "{}"],
                [7, 1, str(MEMBER), "n", "x" * 2049],
                [7, 1, str(MEMBER), "n", 5],
                [7, 1, str(MEMBER), "n", "{}", "more"],
            )
        ),
    ],
)
def test_what_no_worker_would_say_is_refused(said: bytes) -> None:
    with pytest.raises(Malformed):
        decode(said)


def test_a_guest_is_shown_with_the_fields_that_are_allowed() -> None:
    presence = Presence()
    state = json.dumps({"cursor": 1, "evil": 2, "user": {"name": "The Chair"}})

    [told] = presence.hear(OTHER, [place(state=state)], is_whole=False)

    shown = json.loads(told.state)
    assert set(shown) == {"cursor", "user"}
    assert shown["user"]["name"] == "Amara"
    assert presence.everyone() == [told]
    assert names(presence) == ["Amara"]


def test_older_news_and_repetitions_change_nothing() -> None:
    presence = Presence()
    presence.hear(OTHER, [place(told=5)], is_whole=True)

    assert presence.hear(OTHER, [place(told=5)], is_whole=True) == []
    assert presence.hear(OTHER, [place(told=4, state='{"cursor":1}')], is_whole=False) == []
    assert presence.hear("c" * 32, [place(told=5)], is_whole=True) == []
    [told] = presence.hear(OTHER, [place(told=6, state='{"cursor":1}')], is_whole=False)
    assert told.clock == 6


def test_who_is_not_named_any_more_is_gone_and_comes_back_under_a_later_clock() -> None:
    presence = Presence()
    presence.hear(OTHER, [place(told=5), place(8)], is_whole=True)

    assert presence.hear(OTHER, [place(8)], is_whole=True) == [AwarenessEntry(7, 6, GONE)]
    [back] = presence.hear(OTHER, [place(told=3)], is_whole=False)

    assert back.clock == 7


def test_a_worker_that_is_silent_takes_only_its_own_people_along() -> None:
    presence = Presence()
    presence.hear(OTHER, [place(7)], is_whole=True)
    presence.hear("c" * 32, [place(8)], is_whole=True)

    told = presence.dismiss(OTHER)

    assert [(entry.client_id, entry.state) for entry in told] == [(7, GONE)]
    assert [entry.client_id for entry in presence.everyone()] == [8]
    assert presence.hear("c" * 32, [place(7, 9, None)], is_whole=False) == []
