"""What one commit of a Room holds: errands proved in order, rows to be logged, verdicts."""

from collections.abc import Iterable
from enum import Enum
from itertools import groupby
from typing import NamedTuple, TypeAlias
from uuid import UUID

from app.access.actor import Actor, Role
from app.errors import Refused
from app.rooms.connections.attachment import Attachment
from app.rooms.guard import LibraryFailed
from app.rooms.keeping.replaying import merge
from app.rooms.log import UPDATE, Entry
from app.rooms.room import CatchUp, ClientEdit, Errand, Room, ServerEdit
from app.rooms.strict.facts import UpdateFacts

Written: TypeAlias = ClientEdit | ServerEdit


class Verdict(Enum):
    """What came of an errand."""

    SAVED = "saved"
    """On disk, or nothing that needs to be there."""
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    MALFORMED = "malformed"


class Emitted(NamedTuple):
    """What the copy emitted for one errand, and in whose name it is logged."""

    update: bytes
    member_id: UUID
    acting_role: Role
    attachment: Attachment | None
    facts: UpdateFacts | None
    """What it says; None: nobody has read it yet."""


class Tick:
    """The errands of one commit and what becomes of them."""

    def __init__(self, errands: list[Errand]) -> None:
        self.errands = errands
        self.edits: list[Written] = [e for e in errands if not isinstance(e, CatchUp)]
        self.members = frozenset(member_of(edit) for edit in self.edits)
        self.client_ids = frozenset(_client_ids(self.edits))
        self.emitted: list[Emitted] = []
        self.bound: dict[int, UUID | None] = {}
        """Client ids that are bound with this commit; none if nothing is logged."""
        self.replaced: dict[int, Attachment | None] = {}
        """Who wrote under a client id before this tick was proven, where that is another now."""
        self.server_client_id: int | None = None
        self.rows: list[Entry] = []
        """What is logged of it, once it is proven."""
        self._verdicts: dict[Written, tuple[Verdict, Exception | None]] = {}

    @property
    def wishes_to_catch_up(self) -> bool:
        """Whether somebody wants what others have logged to be read."""
        return len(self.edits) < len(self.errands)

    def needs_no_commit(self, room: Room) -> bool:
        """Return whether every edit only repeats what is there: acknowledged, not logged."""
        return all(
            isinstance(edit, ClientEdit) and edit.facts is not None and room.text.holds(edit.facts)
            for edit in self.edits
        )

    def verdict_on(self, edit: Written) -> tuple[Verdict, Exception | None]:
        """Return what came of the edit, and why."""
        return self._verdicts.get(edit, (Verdict.SAVED, None))

    @property
    def shook_the_library(self) -> bool:
        """Whether the CRDT library gave way over one of the edits."""
        return any(isinstance(error, LibraryFailed) for _, error in self._verdicts.values())

    def refuse_all(self, error: Refused) -> None:
        """Let nothing stand."""
        for edit in self.edits:
            self._verdicts[edit] = (Verdict.REFUSED, error)

    def last_to_place_blocks(self) -> tuple[Actor, Role] | None:
        """Return whose standing edit was the last that may have made or named blocks."""
        for edit in reversed(self.edits):
            if not isinstance(edit, ClientEdit) or edit.facts is None:
                continue
            if edit.facts.names_blocks or edit.facts.embeds:
                return self._author_of(edit)
        return None

    def last_author(self) -> tuple[Actor, Role] | None:
        """Return whose standing edit was the last, if a member's device made one."""
        for written in reversed(self.emitted):
            if written.attachment is not None:
                return written.attachment.actor, written.acting_role
        return None

    def _author_of(self, edit: ClientEdit) -> tuple[Actor, Role] | None:
        for written in self.emitted:
            if written.attachment is edit.attachment:
                return edit.attachment.actor, written.acting_role
        return None

    @property
    def must_be_written(self) -> bool:
        """Whether it adds anything to the database."""
        return bool(self.emitted)

    def make_rows(self, at_us: int) -> None:
        """Make the rows to be logged: neighbours by the same author, in the same role, are one."""
        self.rows = [
            Entry(UPDATE, member_id, role, at_us, merge([written.update for written in group]))
            for (member_id, role), group in groupby(
                self.emitted, key=lambda written: (written.member_id, written.acting_role)
            )
        ]

    def judge(self, edit: Written, verdict: Verdict, error: Exception | None = None) -> None:
        """Note what came of an edit."""
        self._verdicts[edit] = (verdict, error)

    def by_author(self) -> list[Written]:
        """Return the edits, each author's together and in order."""
        if len(self.edits) < 2:
            return self.edits
        order = {member_id: place for place, member_id in enumerate(_members(self.edits))}
        return sorted(self.edits, key=lambda edit: order[member_of(edit)])


def member_of(edit: Written) -> UUID:
    """Return for whom it is written."""
    return edit.attachment.actor.member_id if isinstance(edit, ClientEdit) else edit.actor.member_id


def _members(edits: Iterable[Written]) -> list[UUID]:
    return list(dict.fromkeys(member_of(edit) for edit in edits))


def _client_ids(edits: Iterable[Written]) -> set[int]:
    return {
        client_id
        for edit in edits
        if isinstance(edit, ClientEdit) and edit.facts is not None
        for client_id, _, _ in edit.facts.writes
    }
