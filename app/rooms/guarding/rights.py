"""Rights and locks of reports, kept for a moment and read again as soon as they may change."""

import asyncio
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.access.text import TextRights, look_up_rights
from app.db.ledger import in_session

# The contract: nobody writes for longer than this after losing the right.
MAX_AGE_S = 1.0
_MAX_AGE_US = 1_000_000

Writers: TypeAlias = Callable[[UUID], Set[UUID]]
"""The members who have a report open for writing here: they are read for in one go."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of a report, at this version of its change counter or a later one."""

    rights: TextRights
    version: int
    members: Set[UUID]
    read_at: float
    until_us: int
    """The moment from which it is to be read anew."""
    asked: set[UUID] = field(default_factory=set)
    """Who has written since."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be read: the members of each report; and since when it counts."""

    covered: Mapping[UUID, Set[UUID]]
    began_at: float
    until_us: int


class KnownRights:
    """What is known of reports, each as of one version of its change counter."""

    def __init__(self, writers: Writers) -> None:
        self._writers = writers
        self._known: dict[UUID, Known] = {}

    def find(self, report_id: UUID, version: int, members: Set[UUID]) -> TextRights | None:
        """Return rights that hold at this version and cover the members, if read a moment ago."""
        known = self.latest(report_id, members)
        return known.rights if known is not None and known.version == version else None

    def latest(self, report_id: UUID, members: Set[UUID]) -> Known | None:
        """Return what was read a moment ago, if it covers the members."""
        known = self._known.get(report_id)
        if known is None or not members <= known.members:
            return None
        known.asked.update(members)
        if asyncio.get_running_loop().time() - known.read_at > MAX_AGE_S:
            return None
        return known

    def begin(self, asked: Mapping[UUID, Set[UUID]]) -> Reading:
        """Return what is to be read now for these members, by report.

        While the same members go on writing they are read for alone; with somebody new, everybody
        who may write is.
        """
        now, until_us = asyncio.get_running_loop().time(), clock.now_us() + _MAX_AGE_US
        covered = {report_id: self._to_cover(report_id, some) for report_id, some in asked.items()}
        return Reading(covered, now, until_us)

    def note(
        self, reading: Reading, found: Mapping[UUID, TextRights], versions: Mapping[UUID, int]
    ) -> None:
        """Know what was found, of several reports in one go.

        versions: the counters', read before: a change that comes between is then looked at twice;
        0 for a report that is not in it.
        """
        for report_id, members in reading.covered.items():
            version = versions.get(report_id, 0)
            self._known[report_id] = Known(
                found[report_id], version, members, reading.began_at, reading.until_us
            )

    async def read(
        self, session: AsyncSession, asked: Mapping[UUID, Set[UUID]], versions: Mapping[UUID, int]
    ) -> dict[UUID, TextRights]:
        """Return rights as they are at this moment, and know them. versions: as for `note`."""
        reading = self.begin(asked)
        found = await in_session(session, partial(look_up_rights, asked=reading.covered))
        self.note(reading, found, versions)
        return found

    def _to_cover(self, report_id: UUID, members: Set[UUID]) -> Set[UUID]:
        known = self._known.get(report_id)
        is_same = known is not None and members <= known.members
        return members | (known.asked if known and is_same else self._writers(report_id))

    def forget(self, report_id: UUID) -> None:
        """Read this report's rights again the next time."""
        self._known.pop(report_id, None)

    def clear(self) -> None:
        """Read everything again the next time."""
        self._known.clear()

    def prune(self) -> None:
        """Let go of what is too old to be used."""
        now = asyncio.get_running_loop().time()
        self._known = {k: v for k, v in self._known.items() if now - v.read_at <= MAX_AGE_S}
