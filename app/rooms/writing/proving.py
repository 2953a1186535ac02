"""One tick's way through the guard: each edit is proven, and has its own verdict."""

from time import perf_counter

from app.access.text import TextRights
from app.errors import Forbidden, Refused
from app.rooms.connections.attachment import Attachment
from app.rooms.frames import Malformed
from app.rooms.guard import Incomplete, ProvingCopy, RefusedEdit, Terms
from app.rooms.room import ClientEdit, Room, ServerEdit
from app.rooms.strict.facts import UpdateFacts
from app.rooms.writing.heads import HeldSection
from app.rooms.writing.tick import Emitted, Tick, Verdict, Written


def prove(
    tick: Tick, room: Room, copy: ProvingCopy, section: HeldSection, rights: TextRights
) -> ProvingCopy:
    """Prove every edit, author by author, and return the copy that holds what stands.

    What builds on another author's edit of the same tick is tried once more at the end.
    """
    proving = _Proving(tick, room, copy, section, rights)
    late = [edit for edit in tick.by_author() if not proving.stands(edit)]
    for edit in late:
        if not proving.stands(edit):
            error = Incomplete("Something that this change builds on never arrived.")
            tick.judge(edit, Verdict.INCOMPLETE, error)
    return proving.copy


class _Proving:
    """One tick's way through the guard."""

    def __init__(
        self, tick: Tick, room: Room, copy: ProvingCopy, section: HeldSection, rights: TextRights
    ) -> None:
        self.copy = copy
        self._tick = tick
        self._room = room
        self._section = section
        self._rights = rights
        self._refused: set[Attachment] = set()

    def stands(self, edit: Written) -> bool:
        """Prove the edit and note the verdict; return False if it builds on something missing."""
        began = perf_counter()
        try:
            return self._stands(edit)
        finally:
            if isinstance(edit, ClientEdit):
                edit.attachment.spends(perf_counter() - began)

    def _stands(self, edit: Written) -> bool:
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
        if self._room.text.holds(facts):
            return
        actor = attachment.actor
        right = self._rights.of(self._section, actor.member_id, actor.acting_role)
        if not right.may_write:
            self._prove_reader(edit.update, facts, right.reason)
            return
        proof = self.copy.prove(edit.update, facts, self._terms(attachment))
        for client_id in proof.client_ids:
            self._hold(client_id, attachment)
        self._note(Emitted(proof.emitted, actor.member_id, right.acting_role, attachment, facts))

    def _prove_reader(self, update: bytes, facts: UpdateFacts, reason: str) -> None:
        """A reader's client may tidy up behind others, if that changes nothing that is read."""
        if not self._room.text.holds_writes(facts):
            raise Forbidden(reason)
        if ProvingCopy(self._room.state()).would_change(update):
            raise Forbidden(reason)

    def _prove_server(self, edit: ServerEdit) -> None:
        if edit.needs_right:
            right = self._rights.of(self._section, edit.actor.member_id, edit.acting_role)
            if not right.may_write:
                raise Forbidden(right.reason)
        emitted = self.copy.run(edit.change, self._rights.locked_ids)
        self._note(Emitted(emitted, edit.actor.member_id, edit.acting_role, None, None))

    def _note(self, emitted: Emitted) -> None:
        if emitted.update:
            self._tick.emitted.append(emitted)

    def _terms(self, attachment: Attachment) -> Terms:
        holders = self._room.holders
        taken = frozenset(
            client_id
            for client_id in self._tick.client_ids
            if client_id in holders and _is_later(holders[client_id], attachment)
        )
        return Terms(attachment.actor.member_id, self._room.owners, self._rights.locked_ids, taken)

    def _hold(self, client_id: int, attachment: Attachment) -> None:
        before = self._room.holders.get(client_id)
        if before is not attachment:
            self._tick.replaced.setdefault(client_id, before)
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
