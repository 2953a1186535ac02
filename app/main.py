"""Builds the application: the only module that knows all the others."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from app.accounts.group_routes import router as working_groups
from app.accounts.keys import KeyUse
from app.accounts.routes import router as accounts
from app.accounts.tries import SignInLimit
from app.broker.choose import make_broker
from app.db.engine import Database
from app.exports.routes import router as exports
from app.exports.service import make_exports
from app.exports.workshop import network_is_shut
from app.jobs import Jobs
from app.logs import configure_logs, get_logger
from app.plenary.hall.feed import ScreenFeed
from app.plenary.hall.sockets import router as hall_screens
from app.plenary.record import ReportViews
from app.plenary.routes import router as plenary
from app.reports.routes import router as reports
from app.revisions.routes import router as revisions
from app.rooms.connections.limits import Census, Pulse
from app.rooms.registry import RoomRegistry
from app.rooms.routes import router as live_tickets
from app.rooms.socket import LiveDoor
from app.rooms.socket import router as live
from app.services import Services
from app.settings import Settings
from app.web.edge import Edge
from app.web.errors import install_error_pages
from app.web.frontend import install_frontend
from app.web.health import router as health
from app.web.warming import warm

log = get_logger(__name__)


def create_app(
    settings: Settings | None = None, *, worker: int | None = None, warms_up: bool = False
) -> FastAPI:
    """Return the whole application, wired; its parts start and stop with its lifespan.

    worker: its number among several, for the log. warms_up: it starts later, and nobody waits
    then for what is otherwise put off until it is first used.
    """
    settings = settings or Settings()
    configure_logs(as_json=settings.log_json, worker=worker)
    app = FastAPI(
        title="Rapporteur",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.warms_up = warms_up
    app.state.services = build_services(settings)
    app.state.live_door = LiveDoor(app.state.services)
    app.state.exports = make_exports(app.state.services)
    app.add_middleware(Edge, max_body_bytes=settings.max_body_bytes)
    install_error_pages(app)
    app.router.routes.extend(_routes())
    install_frontend(app, settings.frontend_dir)
    return app


def build_services(settings: Settings) -> Services:
    """Return the long-lived parts, not yet started."""
    broker = make_broker(settings)
    database = Database(settings, broker)
    rooms = RoomRegistry(database, broker, settings)
    rooms.set_view(ReportViews(database, rooms).build)
    key_use = KeyUse(database)
    rooms.admissions.note_key = key_use.note
    return Services(
        settings=settings,
        broker=broker,
        database=database,
        jobs=Jobs(),
        rooms=rooms,
        sign_in_limit=SignInLimit(database),
        key_use=key_use,
        screens=ScreenFeed(database, rooms, broker),
        census=Census(settings),
        pulse=Pulse(),
    )


@cache
def _routes() -> Sequence[BaseRoute]:
    """Return every route but those of the pages; what they take is read once in a process."""
    router = APIRouter()
    # Routes are tried in turn, and when a hall comes in, it is this one a thousand times.
    router.include_router(live)
    router.include_router(health)
    router.include_router(_api(), prefix="/api/v1")
    router.include_router(hall_screens)
    return router.routes


def _api() -> APIRouter:
    api = APIRouter()
    api.include_router(accounts)
    api.include_router(working_groups)
    api.include_router(reports)
    api.include_router(plenary)
    api.include_router(revisions)
    api.include_router(exports)
    api.include_router(live_tickets)
    return api


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    log.info("starting", **services.settings.summary())
    if not await network_is_shut():
        log.warning("exports_have_network", hint="The kernel gives their children no namespace.")
    await services.rooms.start()
    if app.state.warms_up:
        warm(app)
        await services.rooms.warm()
    services.jobs.start("key use", services.key_use.keep_writing)
    services.jobs.start("old exports", app.state.exports.keep_tidy)
    try:
        yield
    finally:
        await services.rooms.close()
        await services.screens.close()
        await services.jobs.close()
        await services.broker.close()
        await services.database.dispose()
