"""The long-lived parts of one server process, made in `main` and handed to whoever needs them."""

from dataclasses import dataclass

from app.accounts.keys import KeyUse
from app.accounts.tries import SignInLimit
from app.broker.base import Broker
from app.db.engine import Database
from app.jobs import Jobs
from app.plenary.hall.feed import ScreenFeed
from app.rooms.connections.limits import Census, Pulse
from app.rooms.registry import RoomRegistry
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """What routes find at `request.app.state.services`."""

    settings: Settings
    broker: Broker
    database: Database
    jobs: Jobs
    rooms: RoomRegistry
    sign_in_limit: SignInLimit
    key_use: KeyUse
    screens: ScreenFeed
    census: Census
    pulse: Pulse
