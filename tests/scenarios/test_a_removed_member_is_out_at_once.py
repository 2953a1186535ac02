"""Removing a member, or a place in a subgroup, acts at once on texts that are open."""

from tests.house.builders import Group, a_report
from tests.scenarios.conftest import OpenDevice


async def test_a_removed_members_open_text_closes_and_their_keys_open_nothing(
    group: Group, open_device: OpenDevice
) -> None:
    section = (await a_report(group)).sections[0]
    text = await (await open_device()).open(section, group.member.api_token)

    await group.secretariat.delete(f"/working-groups/{group.id}/members/{group.member.id}")

    await text.until(lambda text: text.closed is not None or text.device.close_code, "a close")
    again = await (await open_device()).open(section, group.member.api_token)
    assert again.denied
    assert not again.words


async def test_who_leaves_the_subgroup_reads_on_but_no_longer_writes(
    group: Group, open_device: OpenDevice
) -> None:
    section = (await a_report(group)).sections[0]
    mine = await (await open_device()).open(section, group.member.api_token)
    theirs = await (await open_device()).open(section, group.convenor.api_token)
    mine.types("Before.")
    await theirs.shows("Before.")

    await group.secretariat.delete(f"/subgroups/{group.access}/members/{group.member.id}")
    mine.types("After.")
    await mine.until(lambda text: text.closed is not None or 0 in text.statuses, "a refusal")

    theirs.types(" Theirs.")
    await theirs.saved()
    assert theirs.words == "Before. Theirs."


async def test_a_section_given_to_another_subgroup_changes_hands_at_once(
    group: Group, open_device: OpenDevice
) -> None:
    section = (await a_report(group)).sections[0]
    mine = await (await open_device()).open(section, group.member.api_token)

    await group.secretariat.patch(f"/sections/{section}", {"subgroup_id": str(group.security)})
    mine.types("Too late.")
    await mine.until(lambda text: text.closed is not None or 0 in text.statuses, "a refusal")

    theirs = await (await open_device()).open(section, group.other_member.api_token)
    theirs.types("In time.")
    await theirs.saved()
    assert theirs.words == "In time."
