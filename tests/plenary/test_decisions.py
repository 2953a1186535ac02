"""The chair's acts over HTTP: the floor, the gavel, and what is refused."""

from tests.house.builders import Group
from tests.house.texts import block, hash_of, paragraph_id, read_text, words_of
from tests.plenary.hall import PARAGRAPHS, a_hall

AMENDED = tuple(
    block("one", "States shall ensure access.") if one.id == paragraph_id("one") else one
    for one in PARAGRAPHS
)


async def test_the_gavel_agrees_to_the_paragraph_on_the_floor(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")

    decision = await hall.decide("agree", "one")

    assert decision["status_after"] == "agreed"
    assert decision["label"] == "1"
    assert decision["text"] == "States should ensure access."
    assert decision["by"]["name"] == group.chair.name
    assert await hall.status("one") == "agreed"
    assert (await hall.view())["meeting"]["counts"]["agreed"] == 1


async def test_text_that_moved_is_not_agreed_and_both_texts_come_back(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    seen = await hash_of(group.house.database, hall.section, "one")
    await hall.rewrite(AMENDED)

    refusal = await hall.decide("agree", "one", seen=seen, status=409)

    assert refusal["error"] == "TextMoved"
    assert refusal["shown_hash"] == seen
    assert refusal["current_text"] == "States shall ensure access."
    assert refusal["seq"] == 2
    assert await hall.status("one") == "tabled"


async def test_the_same_key_decides_once(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")

    first = await hall.decide("agree", "one", once="same")
    second = await hall.decide("agree", "one", once="same")

    assert first["id"] == second["id"]
    assert len(await hall.chair.get(f"/meetings/{hall.meeting}/decisions")) == 1
    refusal = await hall.decide("park", "one", once="same", status=422)
    assert "another decision" in refusal["detail"]


async def test_only_the_chair_gavels(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")

    for person in (group.secretariat, group.convenor, group.member, group.observer):
        refusal = await hall.decide("agree", "one", who=person, status=403)
        assert refusal["detail"] == "Only the chair may record a decision of the meeting."
    assert (await hall.decide("agree", "one", who=group.outsider, status=404))["error"]
    assert (await hall.decide("agree", "one", who=group.nobody, status=401))["error"]
    assert await hall.status("one") == "tabled"


async def test_a_bracketed_and_a_parked_paragraph_can_be_agreed_later(group: Group) -> None:
    hall = await a_hall(group)
    for key, verb in (("one", "bracket"), ("three", "park")):
        await hall.put(key)
        await hall.decide(verb, key)
    assert [await hall.status(key) for key in ("one", "three")] == ["bracketed", "parked"]

    await hall.put("one")
    await hall.decide("agree", "one")

    assert await hall.status("one") == "agreed"


async def test_reopening_needs_a_reason_and_stays_on_the_record(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    await hall.decide("agree", "one")
    await hall.put("three")

    refusal = await hall.decide("reopen", "one", status=409)
    await hall.decide("reopen", "one", reason="A delegation has new instructions.")

    assert "Say why" in refusal["detail"]
    assert await hall.status("one") == "tabled"
    path = f"/reports/{hall.report}/paragraphs/{paragraph_id('one')}/decisions"
    record = await group.observer.get(path)
    assert [(one["verb"], one["reason"]) for one in record] == [
        ("agree", ""),
        ("reopen", "A delegation has new instructions."),
    ]


async def test_agreed_text_does_not_go_on_the_floor_before_it_is_reopened(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    await hall.decide("agree", "one")

    refusal = await hall.put("one", status=409)

    assert "Reopen it" in refusal["detail"]


async def test_moving_on_skips_headings_and_agreed_paragraphs(group: Group) -> None:
    hall = await a_hall(group)
    await hall.put("one")
    await hall.decide("agree", "one")
    labels = []

    for _ in range(4):
        await hall.chair.post(f"/meetings/{hall.meeting}/floor/next", {}, status=200)
        labels.append((await hall.view())["meeting"]["floor"]["label"])
    refusal = await hall.chair.post(f"/meetings/{hall.meeting}/floor/next", {}, status=409)

    assert labels == ["2", "2 (a)", "2 (b)", "3"]
    assert "Nothing is left" in refusal["detail"]
    back = {"direction": -1}
    await hall.chair.post(f"/meetings/{hall.meeting}/floor/next", back, status=200)
    assert (await hall.view())["meeting"]["floor"]["label"] == "2 (b)"


async def test_a_consolidated_section_goes_into_reading_with_its_first_paragraph(
    group: Group,
) -> None:
    hall = await a_hall(group, state="consolidated")

    await hall.put("one")

    assert (await hall.view())["sections"][0]["state"] == "in_reading"


async def test_a_draft_never_comes_on_the_floor(group: Group) -> None:
    hall = await a_hall(group, state="drafting")

    refusal = await hall.put("one", status=409)

    assert "consolidated" in refusal["detail"]


async def test_a_paragraph_that_is_not_there_is_not_found(group: Group) -> None:
    hall = await a_hall(group)

    refusal = await hall.put("gone", status=404)

    assert "no longer in the text" in refusal["detail"]


async def test_a_decision_leaves_the_text_as_it_was(group: Group) -> None:
    hall = await a_hall(group)
    database = group.house.database
    before = words_of(await read_text(database, hall.section))

    await hall.put("one")
    await hall.decide("agree", "one")

    assert words_of(await read_text(database, hall.section)) == before
