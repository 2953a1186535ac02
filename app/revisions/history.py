"""Reads a page of the timeline: moments with names, counts and what they point at."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.db.tables import Decision, Revision, Section, SectionStateChange
from app.ids import SectionId, Seq
from app.revisions.attribution import Attribution, Counted
from app.revisions.comparing import bare
from app.revisions.people import People, people_of
from app.revisions.schemas import MomentShown, TimelineShown
from app.revisions.timeline import LogRow, Moment, Point, moments
from app.rooms.keeping.loading import load_state
from app.rooms.keeping.rows import read_since
from app.rooms.log import UPDATE

_ROWS = 3000
"""Rows of the log that one page looks at, at most."""

Subjects = dict[Any, dict[str, Any]]


async def show_timeline(
    session: AsyncSession, section: Section, before: int | None, limit: int
) -> TimelineShown:
    """Return the newest moments before a seq (None: from the head on).

    limit: how many moments at most.
    """
    rows = await _rows_before(session, section, before)
    low = rows[0].seq if rows else 0
    high = rows[-1].seq if rows else 0
    points, subjects = await _points(session, section, 0 if low <= 1 else low, high)
    found = moments(rows, points)
    page = found[:limit]
    next_before = _next_before(found, page, low)
    counted = await _count(session, section, page)
    people = await people_of(session, section, (moment.member_id for moment in page))
    decisions = await _decisions(session, section, page)
    return TimelineShown(
        moments=[
            _show(moment, counts, people, subjects | decisions)
            for moment, counts in zip(page, counted, strict=True)
        ],
        next_before=next_before,
        head_seq=section.head_seq,
    )


async def _rows_before(session: AsyncSession, section: Section, before: int | None) -> list[LogRow]:
    last = section.head_seq if before is None else min(before - 1, section.head_seq)
    rows = await read_since(session, SectionId(section.id), max(last - _ROWS, 0), last)
    return [bare(row) for row in rows]


def _next_before(found: Sequence[Moment], page: Sequence[Moment], low: int) -> int | None:
    if len(page) < len(found):
        return min(moment.from_seq for moment in page)
    return low if low > 1 else None


async def _points(
    session: AsyncSession, section: Section, low: int, high: int
) -> tuple[list[Point], Subjects]:
    points: list[Point] = []
    subjects: Subjects = {}
    revisions = await session.scalars(
        select(Revision).where(Revision.section_id == section.id, Revision.seq.between(low, high))
    )
    for one in revisions:
        at_us = clock.to_us(one.created_at)
        points.append(Point("revision", one.seq, at_us, one.member_id, one.acting_role, one.id))
        subjects[one.id] = {"id": str(one.id), "name": one.name}
    states = await session.scalars(
        select(SectionStateChange).where(
            SectionStateChange.section_id == section.id,
            SectionStateChange.seq.between(low, high),
        )
    )
    for state in states:
        at_us = clock.to_us(state.created_at)
        points.append(
            Point("state", state.seq, at_us, state.member_id, state.acting_role, state.id)
        )
        subjects[state.id] = {
            "from": state.from_state,
            "to": state.to_state,
            "reason": state.reason,
        }
    return points, subjects


async def _decisions(session: AsyncSession, section: Section, page: Iterable[Moment]) -> Subjects:
    seqs = [moment.from_seq for moment in page if moment.kind == "decision"]
    found = await session.scalars(
        select(Decision).where(Decision.section_id == section.id, Decision.seq.in_(seqs))
    )
    return {
        one.seq: {
            "id": str(one.id),
            "paragraph_id": one.paragraph_id,
            "label": one.label,
            "verb": one.verb,
            "status_after": one.status_after,
            "reason": one.reason,
        }
        for one in found
    }


async def _count(session: AsyncSession, section: Section, page: Sequence[Moment]) -> list[Counted]:
    """Replay the page's rows once, and return what each moment added and removed."""
    edits = [moment for moment in page if moment.kind == "edit"]
    if not edits:
        return [Counted(0, 0)] * len(page)
    low = min(moment.from_seq for moment in edits)
    high = max(moment.to_seq for moment in edits)
    state, _ = await load_state(session, SectionId(section.id), Seq(low - 1))
    rows = await read_since(session, SectionId(section.id), Seq(low - 1), Seq(high))
    updates = [(row.seq, row.entry.payload) for row in rows if row.entry.kind == UPDATE]
    by_seq = await asyncio.to_thread(_replay, state, updates)
    return [_sum(moment, by_seq) for moment in page]


def _replay(state: bytes, updates: Sequence[tuple[int, bytes]]) -> dict[int, Counted]:
    counted = Attribution(state).follow((0, update) for _, update in updates)
    return {seq: count for (seq, _), count in zip(updates, counted, strict=True)}


def _sum(moment: Moment, by_seq: dict[int, Counted]) -> Counted:
    if moment.kind != "edit":
        return Counted(0, 0)
    own = [by_seq[seq] for seq in range(moment.from_seq, moment.to_seq + 1) if seq in by_seq]
    return Counted(sum(one.added for one in own), sum(one.removed for one in own))


def _show(moment: Moment, counted: Counted, people: People, subjects: Subjects) -> MomentShown:
    return MomentShown(
        kind=moment.kind,
        from_seq=moment.from_seq,
        to_seq=moment.to_seq,
        began_at=clock.from_us(moment.began_us),
        ended_at=clock.from_us(moment.ended_us),
        member=people.person(moment.member_id),
        acting_role=moment.acting_role,
        subgroup=people.subgroup(moment.member_id, moment.acting_role),
        added=counted.added,
        removed=counted.removed,
        revision=subjects.get(moment.subject) if moment.kind == "revision" else None,
        state=subjects.get(moment.subject) if moment.kind == "state" else None,
        decision=subjects.get(moment.from_seq) if moment.kind == "decision" else None,
    )
