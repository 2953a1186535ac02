"""Rights and locks of reports, kept for a moment and read again as soon as they may change."""

import asyncio
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.text import TextRights, load_text_rights

# The contract: nobody writes for longer than this after losing the right.
MAX_AGE_S = 1.0

Writers: TypeAlias = Callable[[UUID], Set[UUID]]
"""The members who have a report open for writing here: they are read for in one go."""


@dataclass(frozen=True, slots=True)
class _Known:
    rights: TextRights
    version: int
    members: Set[UUID]
    read_at: float
    asked: set[UUID] = field(default_factory=set)
    """Who has written since."""


class KnownRights:
    """What is known of reports, each as of one version of its change counter."""

    def __init__(self, writers: Writers) -> None:
        self._writers = writers
        self._known: dict[UUID, _Known] = {}

    def find(self, report_id: UUID, version: int, members: Set[UUID]) -> TextRights | None:
        """Return rights that hold at this version and cover the members, if read a moment ago."""
        known = self._known.get(report_id)
        if known is None or known.version != version or not members <= known.members:
            return None
        known.asked.update(members)
        if asyncio.get_running_loop().time() - known.read_at > MAX_AGE_S:
            return None
        return known.rights

    async def read(
        self, session: AsyncSession, report_id: UUID, version: int, members: Set[UUID]
    ) -> TextRights:
        """Return rights as they are at this moment.

        version: the counter's, read before: a change that comes between is then looked at twice.
        Effects: while the same members go on writing they are read for alone; with somebody new,
        everybody who may write is.
        """
        now = asyncio.get_running_loop().time()
        known = self._known.get(report_id)
        is_same = known is not None and members <= known.members
        members = members | (known.asked if known and is_same else self._writers(report_id))
        rights = await load_text_rights(session, report_id, members)
        self._known[report_id] = _Known(rights, version, members, now)
        return rights

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
