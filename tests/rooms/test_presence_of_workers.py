"""What workers tell each other of who is here: read strictly, believed in order."""

import json
from typing import Any

import pytest

from app.access.actor import Actor
from app.broker.memory import MemoryBroker
from app.ids import MemberId, ReportId, SectionId, new_id
from app.rooms.connections.attachment import Attachment
from app.rooms.connections.outbox import Outbox
from app.rooms.frames import AwarenessEntry, Malformed, encode_awareness
from app.rooms.presence import GONE, Place, Presence
from app.rooms.workers import relay
from app.rooms.workers.messages import Asking, Leaving, Places, decode, encode

ME, OTHER = "a" * 32, "b" * 32
MEMBER = new_id()
SECTION = SectionId(new_id())
NO_IDS: list[Any] = ["x", 5, None, [], {}]


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
        *(
            json.dumps({"worker": ME, "section": one, "whole": True, "places": []}).encode()
            for one in NO_IDS
        ),
        json.dumps(
            {"worker": ME, "section": str(SECTION), "whole": True, "places": [[]] * 5000}
        ).encode(),
        *(
            json.dumps(
                {"worker": ME, "section": str(SECTION), "whole": True, "places": [one]}
            ).encode()
            for one in (
                [],
                [7, 1, "nobody", "n", "{}"],
                [7, 1, 9, "n", "{}"],
                5,
                {"client_id": 7},
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


# ---------------------------------------------------- how much others may make one remember


@pytest.fixture
async def heard() -> relay.PresenceRelay:
    """Who is in one report's sections, by what other workers say."""
    return relay.PresenceRelay(ReportId(new_id()), MemoryBroker(), lambda _section, _entries: None)


def hears(heard: relay.PresenceRelay, *said: Places | Leaving) -> None:
    """Let it hear what another worker says."""
    for one in said:
        heard._hear(encode(one))


async def test_sections_that_nobody_serves_are_forgotten_with_their_guests(
    heard: relay.PresenceRelay,
) -> None:
    strange = [Places(OTHER, SectionId(new_id()), True, (place(),)) for _ in range(20)]
    hears(heard, *strange)
    assert len(heard._presences) == 20

    hears(heard, *[Places(OTHER, one.section_id, True, ()) for one in strange[:5]])
    assert len(heard._presences) == 15

    hears(heard, Leaving(OTHER))
    assert len(heard._presences) == 0


async def test_a_section_that_is_served_here_is_kept(heard: relay.PresenceRelay) -> None:
    hears(heard, Places(OTHER, SECTION, True, (place(),)))
    served = heard.of(SECTION)

    hears(heard, Leaving(OTHER))

    assert heard.of(SECTION) is served


async def test_a_section_that_is_served_here_no_more_is_left_to_who_is_there_elsewhere(
    heard: relay.PresenceRelay,
) -> None:
    heard.of(SECTION)
    hears(heard, Places(OTHER, SECTION, True, (place(),)))

    heard.forget(SECTION)
    assert names(heard._presences[SECTION]) == ["Amara"]

    hears(heard, Leaving(OTHER))
    assert not heard._presences


async def test_a_section_that_is_served_here_no_more_is_forgotten_when_the_last_has_left_it(
    heard: relay.PresenceRelay,
) -> None:
    presence = heard.of(SECTION)
    attachment = Attachment(Outbox(1024), Actor(MemberId(MEMBER), "Amara"), "a")
    shown = encode_awareness([AwarenessEntry(7, 1, "{}")])
    presence.receive(attachment, shown, {})

    heard.forget(SECTION)
    presence.leave(attachment)
    heard.moved(SECTION)

    assert not heard._presences


async def test_who_is_gone_takes_no_room_and_makes_some(
    heard: relay.PresenceRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "MAX_GUESTS", 3)
    three = tuple(place(number) for number in range(3))
    hears(heard, Places(OTHER, SECTION, False, three))

    left = (place(8, 5, None), place(9, 5, None), place(2, 5, None), place(3))
    hears(heard, Places(OTHER, SECTION, False, left))
    assert [entry.client_id for entry in heard.of(SECTION).everyone()] == [0, 1, 3]

    hears(heard, Places(OTHER, SECTION, True, tuple(place(number) for number in range(4, 7))))
    assert [entry.client_id for entry in heard.of(SECTION).everyone()] == [4, 5, 6]


@pytest.mark.parametrize(
    ("most", "expected"),
    [((10, 1000, 1000), 68), ((1000, 10, 1000), 10), ((1000, 1000, 10), 30)],
    ids=["sections", "guests", "workers"],
)
async def test_nobody_makes_a_worker_remember_without_end(
    heard: relay.PresenceRelay,
    monkeypatch: pytest.MonkeyPatch,
    most: tuple[int, int, int],
    expected: int,
) -> None:
    """Two people in a section of each message's own, and one in a section of all."""
    monkeypatch.setattr(relay, "MAX_SECTIONS", most[0])
    monkeypatch.setattr(relay, "MAX_GUESTS", most[1])
    monkeypatch.setattr(relay, "MAX_WORKERS", most[2])
    for number in range(50):
        worker = OTHER if most[2] > 10 else new_id().hex
        strange = SectionId(new_id())
        hears(heard, Places(worker, strange, False, (place(number), place(100 + number))))
        hears(heard, Places(worker, SECTION, False, (place(number, number + 1),)))

    assert sum(presence.guests for presence in heard._presences.values()) == expected
