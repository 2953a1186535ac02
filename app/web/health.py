"""Answers for machines: is the process alive, and can it serve."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access.web import database_of
from app.db.migrate import is_current
from app.services import Services

router = APIRouter(include_in_schema=False)

_PATIENCE_S = 3.0


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """Say that the process runs."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Say whether the database answers and its schema is current; 503 if not.

    damaged: the sections whose logs are not what was written; they are only read, all others work.
    """
    problem = await _problem(request)
    if problem:
        return JSONResponse({"status": "not ready", "reason": problem}, 503)
    services: Services = request.app.state.services
    damaged = [
        {"section": str(damage.section_id), "row": damage.seq}
        for damage in services.rooms.list_damaged()
    ]
    return JSONResponse({"status": "ready", **({"damaged": damaged} if damaged else {})})


async def _problem(request: Request) -> str:
    database = database_of(request)
    try:
        async with asyncio.timeout(_PATIENCE_S), database.read() as session:
            await session.execute(text("SELECT 1"))
            current = await is_current(database.engine)
    except (SQLAlchemyError, OSError, TimeoutError):
        return "The database does not answer."
    return "" if current else "The schema is not current; run the migrations."
