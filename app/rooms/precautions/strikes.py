"""Who sends malformed bytes again and again is kept out for a while."""

from datetime import datetime, timedelta
from uuid import UUID

from app import clock
from app.errors import Refused
from app.logs import get_logger

STRIKES = 3
WITHIN = timedelta(minutes=10)
OUT_FOR = timedelta(minutes=5)

logger = get_logger(__name__)


class KeptOut(Refused):
    """A member's devices sent malformed bytes too often; for some minutes no text opens."""

    close_code = 4403


class Strikes:
    """The malformed bytes of each member, in this process, of the last minutes.

    A refused edit is no strike: it is well-formed, only not allowed.
    """

    def __init__(self) -> None:
        self._struck: dict[UUID, list[datetime]] = {}
        self._out: dict[UUID, datetime] = {}

    def count(self, member_id: UUID) -> None:
        """Note that a connection of the member ended over malformed bytes."""
        now = clock.now()
        self._forget(now)
        recent = [*self._struck.get(member_id, ()), now]
        self._struck[member_id] = recent
        logger.warning("malformed_bytes", member=str(member_id), strikes=len(recent))
        if len(recent) >= STRIKES:
            self._out[member_id] = now + OUT_FOR
            del self._struck[member_id]

    def check(self, member_id: UUID) -> None:
        """Make sure that the member may open texts. Raises: KeptOut."""
        if self._out.get(member_id, clock.now()) > clock.now():
            raise KeptOut(
                "One of your devices has sent broken data several times. To protect the texts, "
                "they stay closed to you for five minutes. Please reload the page then."
            )

    def _forget(self, now: datetime) -> None:
        struck = {m: [at for at in times if now - at < WITHIN] for m, times in self._struck.items()}
        self._struck = {member_id: times for member_id, times in struck.items() if times}
        self._out = {member_id: until for member_id, until in self._out.items() if until > now}
