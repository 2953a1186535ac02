"""What the exports' tests do again and again: ask, wait, fetch, hold the press, listen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from fastapi import FastAPI
from sqlalchemy import Update, event

from tests.house.builders import BuiltReport, Group
from tests.house.live import PATIENCE_S
from tests.house.people import Person


async def asked(who: Person, report: BuiltReport, format_name: str, **more: Any) -> dict[str, Any]:
    call = {"report_id": str(report.id), "format": format_name, **more}
    answer: dict[str, Any] = await who.post("/exports", call, status=202)
    return answer


async def ended(app: FastAPI, who: Person, export: dict[str, Any]) -> dict[str, Any]:
    """The export once its job has ended."""
    await app.state.services.jobs.wait(f"export:{export['id']}")
    answer: dict[str, Any] = await who.get(f"/exports/{export['id']}")
    return answer


async def fetched(who: Person, export: dict[str, Any]) -> bytes:
    answer = await who.send("GET", f"/exports/{export['id']}/file")
    assert answer.status_code == 200, answer.text
    return answer.content


@asynccontextmanager
async def busy(app: FastAPI) -> AsyncIterator[None]:
    """As long as it lasts, every export waits for its turn."""
    turns = app.state.exports.press.turns
    async with turns, turns:
        yield


class Stages:
    """Listens to what the server writes down about its exports."""

    def __init__(self, group: Group) -> None:
        self._engine = group.house.database.engine.sync_engine
        self._new = asyncio.Event()
        self.told: list[str] = []

    def __enter__(self) -> Self:
        event.listen(self._engine, "after_execute", self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "after_execute", self._listen)

    async def reached(self, stage: str) -> None:
        """Wait until the server has told this stage."""
        async with asyncio.timeout(PATIENCE_S):
            while stage not in self.told:
                self._new.clear()
                await self._new.wait()

    def _listen(self, _: Any, statement: Any, *__: Any) -> None:
        if not isinstance(statement, Update) or not str(statement).startswith("UPDATE export "):
            return
        values = statement.compile().params
        if values.get("stage"):
            count = f" {values['done']} of {values['total']}" if values["total"] else ""
            self.told.append(values["stage"] + count)
            self._new.set()
