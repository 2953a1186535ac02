"""The live text of one section: who is attached, what waits to be written, what is shown."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from app.access.actor import Actor, Role
from app.access.text import TextRight
from app.errors import Refused
from app.ids import ReportId, SectionId, Seq, TextHash
from app.rooms import guard
from app.rooms.connections.attachment import Attachment, Shown, stateless_frame, step2_frame
from app.rooms.connections.showing import Showing
from app.rooms.frames import (
    EMPTY_VECTOR,
    AwarenessEntry,
    Frame,
    Kind,
    Sync,
    decode_vector,
)
from app.rooms.keeping.damage import Damage
from app.rooms.keeping.loading import Loaded
from app.rooms.keeping.replaying import joined
from app.rooms.live_text import LiveText
from app.rooms.precautions.accounts import waiting_size
from app.rooms.presence import Presence
from app.rooms.strict.facts import UpdateFacts
from app.rooms.telling.heads import HeadTimer, HeadTurns
from app.text.hashing import content_hash
from app.text.model import Document

BATCH = 256
# Who comes within this of somebody else is sent the very same bytes.
_TOGETHER_S = 2.0
# The head of a longer text takes more than a millisecond to find out.
_LONG_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class HeadText:
    """A section's text at the head of its log."""

    seq: Seq
    document: Document
    content_hash: TextHash


@dataclass(eq=False, slots=True)
class ClientEdit:
    """An Update or SyncStep2 that waits. facts None: it was refused on sight, for `error`."""

    attachment: Attachment
    update: bytes
    facts: UpdateFacts | None
    error: Refused | None = None


@dataclass(eq=False, slots=True)
class ServerEdit:
    """A change that the server makes for somebody, through the same door."""

    change: guard.Edit
    actor: Actor
    acting_role: Role
    needs_right: bool
    done: "asyncio.Future[Seq]" = field(repr=False)


@dataclass(eq=False, slots=True)
class CatchUp:
    """A wish to read what others have logged."""

    done: "asyncio.Future[None]" = field(repr=False)


Errand: TypeAlias = ClientEdit | ServerEdit | CatchUp


@dataclass(frozen=True, slots=True)
class News:
    """Who is told what happens in a room, and how much showing is grouped under load."""

    waits: Callable[["Room"], None]
    """Something waits in it to be written."""
    text_moved: Callable[["Room"], None]
    presence_moved: Callable[["Room"], None]
    broke: Callable[["Room"], None]
    show_window_s: float = 0.0
    head_turns: HeadTurns = field(default_factory=HeadTurns)


class Room:
    """The live document of one section in this server process.

    It never holds an unlogged character: only its writer changes the text, after the commit.
    """

    def __init__(
        self, section_id: SectionId, report_id: ReportId, loaded: Loaded, news: News
    ) -> None:
        self.section_id = section_id
        self.report_id = report_id
        self.seq = loaded.seq
        self.hash = loaded.hash
        self.checkpoint_seq = loaded.checkpoint_seq
        self.damage: Damage | None = loaded.damage
        self.owners: dict[int, UUID | None] = {}
        """Whose the client ids are, as far as they were met."""
        self.holders: dict[int, Attachment] = {}
        """Which connection wrote last under a client id."""
        self.attachments: set[Attachment] = set()
        self.presence = Presence()
        self.text = LiveText(loaded.state)
        self.waiting_bytes = 0
        """How much waits to be written."""
        self.drained = asyncio.Event()
        self.idle_since = asyncio.get_running_loop().time()
        self._showing = Showing(
            self.attachments,
            news.show_window_s,
            self.state,
            lambda: self.presence.everyone(),
            joined,
        )
        self._news = news
        self._errands: deque[Errand] = deque()
        self._busy = self._is_urgent = False
        self._wake_timer: asyncio.TimerHandle | None = None
        self._head: HeadText | None = None
        self._whole: tuple[bytes, Shown | None] | None = None
        """The whole text and, when a second one has come for it, its frame; for a moment."""
        self._head_timer = HeadTimer(news.head_turns, self._tell_head)

    # ---------------------------------------------------------------- attachments

    def join(self, attachment: Attachment) -> None:
        """Let a connection take part."""
        self.attachments.add(attachment)
        if self.damage is not None:
            reason = self.damage.sentence
            attachment.tell(stateless_frame({"type": "damaged", "reason": reason}))
        self._showing.everyone_to(attachment)

    def leave(self, attachment: Attachment) -> None:
        """Let a connection go. What it sent before is still written."""
        if attachment in self.attachments:
            self.attachments.discard(attachment)
            self.holders = {c: h for c, h in self.holders.items() if h is not attachment}
            self.idle_since = asyncio.get_running_loop().time()
            self.tell_people(self.presence.leave(attachment))
            self._news.presence_moved(self)

    def receive(self, attachment: Attachment, frame: Frame) -> None:
        """Take a frame of an attached connection.

        Raises: Malformed.
        """
        if frame.kind in (Kind.SYNC, Kind.SYNC_REPLY):
            self._sync(attachment, frame)
        elif frame.kind is Kind.AWARENESS:
            told = self.presence.receive(attachment, frame.body, self.owners)
            self.tell_people(told)
            if told:
                self._news.presence_moved(self)
        elif frame.kind is Kind.QUERY_AWARENESS:
            self._showing.everyone_to(attachment)

    def tell_people(self, entries: list[AwarenessEntry]) -> None:
        """Tell everybody who came, went or moved."""
        if entries:
            self._showing.people(entries)

    def judge(self, right_of: Callable[[Attachment], TextRight | None]) -> None:
        """Tell each connection whose right has changed what it may do from now on.

        right_of: None for a connection about which nothing was read.
        """
        for attachment in list(self.attachments):
            right = right_of(attachment)
            if right is None:
                continue
            may_write = right.may_write and self.damage is None
            if not right.may_see:
                attachment.close(right.reason)
            elif may_write != attachment.may_write:
                attachment.accept(may_write, right.reason)

    # -------------------------------------------------------- what waits for the writer

    def add(self, errand: Errand) -> None:
        """Put an errand in line for the writer.

        While showing is grouped, edits of clients wait as long before the commit as they would
        after it: one commit serves a whole window.
        """
        self._errands.append(errand)
        self.waiting_bytes += _size_of(errand)
        self.drained.clear()
        if isinstance(errand, ClientEdit):
            self._showing.awaits()
        else:
            self._is_urgent = True
        if not self._busy:
            self._wake_when_due()

    def hurry(self) -> None:
        """Let what waits be written now, whatever window it waits for."""
        self._is_urgent = True
        if not self._busy:
            self._wake()

    def take_batch(self) -> list[Errand]:
        """Return what waits, in order, up to a batch; `answered` or `put_back` is to follow."""
        self._busy = True
        self._stop_waiting()
        self._showing.taken()
        batch = [self._errands.popleft() for _ in range(min(BATCH, len(self._errands)))]
        self._is_urgent = bool(self._errands)
        self.waiting_bytes -= sum(map(_size_of, batch))
        return batch

    def put_back(self, errands: Sequence[Errand]) -> None:
        """Put a batch back in front of what came since: it was not looked at."""
        self._errands.extendleft(reversed(errands))
        self.waiting_bytes += sum(map(_size_of, errands))
        self._is_urgent = True
        self.answered()

    def answered(self) -> None:
        """Let the next batch come: the one that was taken is done with."""
        self._busy = False
        if self._errands:
            self._wake_when_due()
        else:
            self.drained.set()

    @property
    def is_drained(self) -> bool:
        """Whether nothing waits."""
        return not self._errands and not self._busy

    @property
    def is_idle(self) -> bool:
        """Whether nobody is attached and nothing waits."""
        return not self.attachments and self.is_drained

    # --------------------------------------------------------------------- the text

    def state(self) -> bytes:
        """Return the whole text as one update."""
        return self.text.state()

    def vector(self) -> bytes:
        """Return the state vector of the text."""
        return self.text.vector()

    def head_text(self) -> HeadText:
        """Return the text at the head as a value."""
        if self._head is None or self._head.seq != self.seq:
            document = self.text.read()
            self._head = HeadText(self.seq, document, content_hash(document))
        return self._head

    def advance(
        self,
        seq: Seq,
        log_hash: bytes,
        updates: Sequence[bytes],
        facts: Iterable[UpdateFacts],
        *,
        is_proven: bool = False,
    ) -> None:
        """Take in what was logged: the only way in which the text changes.

        facts: what the updates say, all in all. is_proven: whether a proving copy of this process
        holds them.
        """
        (self.text.take_proven if is_proven else self.text.take)(updates, facts)
        self.seq, self.hash = seq, log_hash
        self._head_timer.moved()

    def note_damage(self, damage: Damage) -> None:
        """Serve what came before the damaged row, read-only from now on."""
        self.damage = damage
        for attachment in list(self.attachments):
            attachment.tell(stateless_frame({"type": "damaged", "reason": damage.sentence}))
            attachment.accept(False, damage.sentence)

    def show(self, written: Sequence[tuple[bytes, Attachment | None]]) -> None:
        """Send logged updates to every connection that did not write them itself.

        At once in a quiet room; under load grouped, at most one frame per window.
        """
        self._showing.text(written)

    def text_moved(self) -> None:
        """Tell the rest of the server that the text is another."""
        self._news.text_moved(self)

    def close(self, reason: str) -> None:
        """Close the document for everybody who is attached."""
        for attachment in list(self.attachments):
            attachment.close(reason)
        self._showing.stop()
        self._head_timer.stop()

    def break_off(self) -> None:
        """Give the room up, unread: its connections are to open the document again."""
        self.text.is_broken = True
        self._news.broke(self)
        self.close("The text had to be opened again. Nothing that was saved is lost.")

    # ---------------------------------------------------------------------- private

    def _wake_when_due(self) -> None:
        is_now = self._is_urgent or len(self._errands) >= BATCH
        wait_s = 0.0 if is_now else self._showing.due_in_s
        if wait_s <= 0:
            self._wake()
        elif self._wake_timer is None:
            self._wake_timer = asyncio.get_running_loop().call_later(wait_s, self._wake)

    def _wake(self) -> None:
        self._stop_waiting()
        if self._errands and not self._busy:
            self._news.waits(self)

    def _stop_waiting(self) -> None:
        if self._wake_timer is not None:
            self._wake_timer.cancel()
            self._wake_timer = None

    def _sync(self, attachment: Attachment, frame: Frame) -> None:
        if frame.sub == Sync.STEP1:
            vector = frame.body
            decode_vector(vector)
            attachment.step2(lambda: self._missing_from(vector))
            if frame.kind is Kind.SYNC and attachment.asks_back:
                attachment.step1(self.vector())
            self._tell_head_to(attachment)
            return
        if frame.sub == Sync.STEP2:
            attachment.is_asked = False
        edit = ClientEdit(attachment, frame.body, None)
        try:
            edit.facts = self.text.facts_of(frame.body)
        except Refused as error:
            edit.error = error
        attachment.waits(waiting_size(edit.update, edit.facts))
        self.add(edit)

    def _missing_from(self, vector: bytes) -> Shown:
        """What somebody lacks, framed: once for all who have nothing and follow somebody soon."""
        if vector != EMPTY_VECTOR:
            return step2_frame(self.text.missing_from(vector))
        state = self.text.state()
        if self._whole is None:
            asyncio.get_running_loop().call_later(_TOGETHER_S, self._drop_whole)
        if self._whole is None or self._whole[0] is not state:
            self._whole = state, None
            return step2_frame(state)
        shown = self._whole[1] or step2_frame(state)
        self._whole = state, shown
        return shown

    def _drop_whole(self) -> None:
        self._whole = None

    def _tell_head_to(self, attachment: Attachment) -> None:
        """Say where the text stands: of a long text later, when all who come together have it."""
        is_known = self._head is not None and self._head.seq == self.seq
        if is_known or len(self.text.state()) <= _LONG_BYTES:
            attachment.tell(self._head_frame())
        else:
            self._head_timer.moved()

    def _tell_head(self) -> None:
        self._showing.now()
        if self.attachments:
            frame = self._head_frame()
            for attachment in self.attachments:
                attachment.tell(frame)

    def _head_frame(self) -> Shown:
        loop = asyncio.get_running_loop()
        began = loop.time()
        head = self.head_text()
        self._head_timer.cost(loop.time() - began)
        message: dict[str, Any] = {"type": "head", "seq": head.seq, "hash": head.content_hash}
        return stateless_frame(message)


def _size_of(errand: Errand) -> int:
    return len(errand.update) if isinstance(errand, ClientEdit) else 0
