"""A live document is served no longer than the key lasts with which it was opened."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import httpx
import pytest
from websockets.asyncio.client import connect

from app import clock
from app.accounts.sign_ins import end_sign_in
from app.db.engine import Database
from app.ids import SectionId
from tests.accounts.test_signing_in import PASSWORD, give_password, sign_in
from tests.house.builders import BuiltReport, Group
from tests.house.live import PATIENCE_S, LiveText
from tests.house.people import API, Person, told
from tests.rooms.conftest import OpenDevice

ENDED = "Your sign-in has ended. Please sign in again."

OpenBy: TypeAlias = Callable[[Person, BuiltReport, OpenDevice], Awaitable[LiveText]]
End: TypeAlias = Callable[[Person], Awaitable[None]]


async def by_cookie(person: Person, report: BuiltReport, device: OpenDevice) -> LiveText:
    return await (await device(person)).open(report.sections[0], "")


async def by_api_token(person: Person, report: BuiltReport, device: OpenDevice) -> LiveText:
    return await (await device()).open(report.sections[0], person.api_token)


async def by_ticket(person: Person, report: BuiltReport, device: OpenDevice) -> LiveText:
    return await (await device()).open(report.sections[0], await ticket_of(person, report))


async def by_ticket_of_api_token(
    person: Person, report: BuiltReport, device: OpenDevice
) -> LiveText:
    bearer = {"Authorization": f"Bearer {person.api_token}"}
    ticket = await ticket_of(person, report, **bearer)
    return await (await device()).open(report.sections[0], ticket)


async def ticket_of(person: Person, report: BuiltReport, **headers: str) -> str:
    call = {"report_id": str(report.id)}
    answer = await person.send("POST", "/live-tickets", call, **headers)
    return str(told(answer, 201)["ticket"])


async def sign_out(person: Person) -> None:
    await person.delete("/sign-ins/current")


async def withdraw_api_token(person: Person) -> None:
    [token] = await person.get("/me/api-tokens")
    await person.delete(f"/me/api-tokens/{token['id']}")


async def still_served(*texts: LiveText) -> None:
    for text in texts:
        text.types("still here")
        await text.saved()
        assert text.closed is None


@pytest.mark.parametrize(
    "case",
    [
        (by_cookie, sign_out, by_api_token),
        (by_ticket, sign_out, by_ticket_of_api_token),
        (by_api_token, withdraw_api_token, by_cookie),
        (by_ticket_of_api_token, withdraw_api_token, by_ticket),
    ],
    ids=["cookie", "ticket", "api token", "ticket of api token"],
)
async def test_what_a_key_opened_closes_when_the_key_ends(
    group: Group, report: BuiltReport, device: OpenDevice, case: tuple[OpenBy, End, OpenBy]
) -> None:
    open_, end, other = case
    mine = await open_(group.member, report, device)
    same_person = await other(group.member, report, device)
    neighbour = await open_(group.convenor, report, device)
    mine.types("before ")
    await mine.saved()

    await end(group.member)
    await mine.until(lambda text: text.closed)
    mine.types("after ")

    assert mine.closed == ENDED
    await still_served(same_person, neighbour)
    assert "after" not in neighbour.words


async def test_a_new_password_closes_what_the_other_sign_ins_opened(
    group: Group, report: BuiltReport, device: OpenDevice, client: httpx.AsyncClient
) -> None:
    await give_password(group.member, group.house)
    await sign_in(client, group.member.email, PASSWORD)
    call = {"report_id": str(report.id)}
    issued = told(await client.post(f"{API}/live-tickets", json=call), 201)
    here = await (await device()).open(report.sections[0], issued["ticket"])
    elsewhere = [await open_(group.member, report, device) for open_ in (by_cookie, by_ticket)]
    program = await by_api_token(group.member, report, device)

    asked = {"current": PASSWORD, "new": "a quite different one"}
    told(await client.put(f"{API}/me/password", json=asked), 204)
    for text in elsewhere:
        await text.until(lambda text: text.closed)

    assert {text.closed for text in elsewhere} == {ENDED}
    await still_served(here, program)


@pytest.mark.parametrize("open_", [by_cookie, by_ticket])
async def test_what_a_sign_in_opened_closes_when_it_expires(
    group: Group, report: BuiltReport, device: OpenDevice, open_: OpenBy
) -> None:
    mine = await open_(group.member, report, device)
    program = await by_api_token(group.member, report, device)

    clock.set_now(clock.now() + timedelta(days=2))
    await mine.until(lambda text: text.closed)

    assert mine.closed == ENDED
    await still_served(program)


async def test_the_channel_of_the_report_closes_too(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    channel = (await device(group.observer)).text(f"report:{report.id}")
    channel.signs_in("")
    await channel.until(lambda text: text.scope)

    await sign_out(group.observer)
    await channel.until(lambda text: text.closed)

    assert channel.closed == ENDED


async def test_a_ticket_ends_with_the_sign_in_that_it_was_made_with(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    ticket = await ticket_of(group.member, report)
    await sign_out(group.member)

    text = await (await device()).open(report.sections[0], ticket)

    assert text.denied


async def test_a_ticket_does_not_outlast_a_sign_in_that_expires(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    day = clock.now() + timedelta(days=1)
    clock.set_now(day - timedelta(seconds=5))
    ticket = await ticket_of(group.member, report)
    clock.set_now(day + timedelta(seconds=5))

    text = await (await device()).open(report.sections[0], ticket)

    assert text.denied


async def test_who_signs_in_anew_on_the_socket_is_held_to_the_new_key(
    group: Group, report: BuiltReport, device: OpenDevice
) -> None:
    mine = await by_cookie(group.member, report, device)
    mine.scope = None
    mine.signs_in(group.member.api_token)
    await mine.until(lambda text: text.scope)

    beside = await by_ticket(group.member, report, device)
    await withdraw_api_token(group.member)
    await mine.until(lambda text: text.closed)

    assert mine.closed == ENDED
    await still_served(beside)


async def test_a_key_that_ends_unheard_is_found_within_the_poll(
    group: Group, report: BuiltReport, device: OpenDevice, database: Database
) -> None:
    """The test's own door to the database has a broker of its own: only the counter tells."""
    mine = await by_cookie(group.member, report, device)

    async with database.write() as work:
        await end_sign_in(work, group.member.cookie or "")

    await mine.until(lambda text: text.closed == ENDED)


async def test_a_socket_for_one_document_closes_whole(
    group: Group, section: SectionId, host: str
) -> None:
    address = f"ws://{host}/live/y/{section}"
    async with connect(address, additional_headers=group.member.headers) as socket:
        await socket.recv()

        await sign_out(group.member)
        async with asyncio.timeout(PATIENCE_S):
            await socket.wait_closed()

    assert (socket.close_code, socket.close_reason) == (4403, ENDED)
