"""What one commit of a Room holds: errands proved in order, rows to be logged, verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import TypeAlias
from uuid import UUID

from app.access.actor import Actor, Role
from app.access.text import TextRights
from app.db.tables import Section
from app.errors import Forbidden, Refused
from app.ids import Seq
from app.rooms.connections.attachment import Attachment
from app.rooms.frames import Malformed
from app.rooms.guard import Incomplete, ProvingCopy, RefusedEdit, Terms, merge
from app.rooms.log import Head
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


@dataclass(frozen=True, slots=True)
class Emitted:
    """What the copy emitted for one errand, and in whose name it is logged."""

    update: bytes
    member_id: UUID
    acting_role: Role
    attachment: Attachment | None


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row of the log to be: all that one author changed in this tick."""

    member_id: UUID
    acting_role: Role
    payload: bytes


class Tick:
    """The errands of one commit and what becomes of them."""

    def __init__(self, errands: list[Errand]) -> None:
        self.errands = errands
        self.edits: list[Written] = [e for e in errands if not isinstance(e, CatchUp)]
        self.members = frozenset(_member_of(edit) for edit in self.edits)
        self.client_ids = frozenset(_client_ids(self.edits))
        self.emitted: list[Emitted] = []
        self.bound: dict[int, UUID | None] = {}
        """Client ids that are bound with this commit."""
        self.server_client_id: int | None = None
        self.head: Head | None = None
        self.checkpoint_seq: Seq | None = None
        self._verdicts: dict[Written, tuple[Verdict, Exception | None]] = {}

    def needs_no_commit(self, room: Room) -> bool:
        """Return whether every edit only repeats what is there: acknowledged, not logged."""
        for edit in self.edits:
            if isinstance(edit, ServerEdit):
                return False
            if edit.facts is None or not room.proven().holds(edit.facts):
                return False
        return True

    def verdict_on(self, edit: Written) -> tuple[Verdict, Exception | None]:
        """Return what came of the edit, and why."""
        return self._verdicts.get(edit, (Verdict.SAVED, None))

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

    def _author_of(self, edit: ClientEdit) -> tuple[Actor, Role] | None:
        for written in self.emitted:
            if written.attachment is edit.attachment:
                return edit.attachment.actor, written.acting_role
        return None

    def rows(self) -> list[NewRow]:
        """Return the rows to be logged: neighbours by the same author, in the same role, as one."""
        return [
            NewRow(member_id, role, merge([written.update for written in group]))
            for (member_id, role), group in groupby(
                self.emitted, key=lambda written: (written.member_id, written.acting_role)
            )
        ]

    def prove(
        self, room: Room, copy: ProvingCopy, section: Section, rights: TextRights
    ) -> ProvingCopy:
        """Prove every edit, author by author, and return the copy that holds what stands.

        What builds on another author's edit of the same tick is tried once more at the end.
        """
        proving = _Proving(self, room, copy, section, rights)
        late = [edit for edit in self._by_author() if not proving.stands(edit)]
        for edit in late:
            if not proving.stands(edit):
                error = Incomplete("Something that this change builds on never arrived.")
                self._verdicts[edit] = (Verdict.INCOMPLETE, error)
        return proving.copy

    def judge(self, edit: Written, verdict: Verdict, error: Exception | None = None) -> None:
        """Note what came of an edit."""
        self._verdicts[edit] = (verdict, error)

    def _by_author(self) -> list[Written]:
        order = {member_id: place for place, member_id in enumerate(_members(self.edits))}
        return sorted(self.edits, key=lambda edit: order[_member_of(edit)])


class _Proving:
    """One tick's way through the guard."""

    def __init__(
        self, tick: Tick, room: Room, copy: ProvingCopy, section: Section, rights: TextRights
    ) -> None:
        self.copy = copy
        self._tick = tick
        self._room = room
        self._section = section
        self._rights = rights
        self._refused: set[Attachment] = set()

    def stands(self, edit: Written) -> bool:
        """Prove the edit and note the verdict; return False if it builds on something missing."""
        try:
            if isinstance(edit, ServerEdit):
                self._prove_server(edit)
            else:
                self._prove_client(edit)
        except Incomplete:
            return False
        except Malformed as error:
            self._refuse(edit, Verdict.MALFORMED, error)
        except Exception as error:
            if isinstance(edit, ClientEdit) and not isinstance(error, Refused | Forbidden):
                raise
            self._refuse(edit, Verdict.REFUSED, error)
        if self.copy.spoiled:
            self._mend()
        return True

    def _prove_client(self, edit: ClientEdit) -> None:
        attachment, facts = edit.attachment, edit.facts
        if facts is None:
            raise edit.error or RefusedEdit("This change cannot be read.")
        if attachment.was_refused or attachment in self._refused:
            raise RefusedEdit("An earlier change of yours was refused, and this builds on it.")
        if self._room.proven().holds(facts):
            return
        actor = attachment.actor
        right = self._rights.of(self._section, actor.member_id, actor.acting_role)
        if not right.may_write:
            self._prove_reader(edit.update, facts, right.reason)
            return
        proof = self.copy.prove(edit.update, facts, self._terms(attachment))
        for client_id in proof.client_ids:
            self._hold(client_id, attachment)
        self._note(proof.emitted, actor.member_id, right.acting_role, attachment)

    def _prove_reader(self, update: bytes, facts: UpdateFacts, reason: str) -> None:
        """A reader's client may tidy up behind others, if that changes nothing that is read."""
        if not self._room.proven().holds_writes(facts):
            raise Forbidden(reason)
        if ProvingCopy(self._room.state()).would_change(update):
            raise Forbidden(reason)

    def _prove_server(self, edit: ServerEdit) -> None:
        if edit.needs_right:
            right = self._rights.of(self._section, edit.actor.member_id, edit.acting_role)
            if not right.may_write:
                raise Forbidden(right.reason)
        emitted = self.copy.run(edit.change, self._rights.locked_ids)
        self._note(emitted, edit.actor.member_id, edit.acting_role, None)

    def _note(
        self, emitted: bytes, member_id: UUID, role: Role, attachment: Attachment | None
    ) -> None:
        if emitted:
            self._tick.emitted.append(Emitted(emitted, member_id, role, attachment))

    def _terms(self, attachment: Attachment) -> Terms:
        holders = self._room.holders
        taken = frozenset(
            client_id
            for client_id in self._tick.client_ids
            if client_id in holders and _is_later(holders[client_id], attachment)
        )
        return Terms(attachment.actor.member_id, self._room.owners, self._rights.locked_ids, taken)

    def _hold(self, client_id: int, attachment: Attachment) -> None:
        self._room.holders[client_id] = attachment
        if client_id not in self._room.owners:
            self._room.owners[client_id] = attachment.actor.member_id
            self._tick.bound[client_id] = attachment.actor.member_id

    def _refuse(self, edit: Written, verdict: Verdict, error: Exception) -> None:
        self._tick.judge(edit, verdict, error)
        if isinstance(edit, ClientEdit):
            self._refused.add(edit.attachment)

    def _mend(self) -> None:
        """Open the copy anew: the log's head, and what stood before the edit that spoiled it."""
        self.copy = ProvingCopy(self._room.state(), self._tick.server_client_id)
        self.copy.take([written.update for written in self._tick.emitted])


def _is_later(holder: Attachment, attachment: Attachment) -> bool:
    return holder.is_open and holder.number > attachment.number


def _member_of(edit: Written) -> UUID:
    return edit.attachment.actor.member_id if isinstance(edit, ClientEdit) else edit.actor.member_id


def _members(edits: Iterable[Written]) -> list[UUID]:
    return list(dict.fromkeys(_member_of(edit) for edit in edits))


def _client_ids(edits: Iterable[Written]) -> set[int]:
    return {
        client_id
        for edit in edits
        if isinstance(edit, ClientEdit) and edit.facts is not None
        for client_id, _, _ in edit.facts.writes
    }
