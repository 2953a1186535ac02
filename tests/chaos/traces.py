"""Recorded typing (tests/data), and people who type it again, each line a paragraph."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pycrdt import Doc, Map, Text, merge_updates

from app.ids import new_paragraph_id
from app.text import schema
from app.text.from_crdt import body_of

_FOLDER = Path(__file__).resolve().parents[1] / "data"
# Whoever has the smaller one goes first where both insert at one place, as in the recording.
CLIENT_IDS = (1001, 1002)
Patch: TypeAlias = tuple[int, int, str]
"""Where (in code points), how many characters are deleted there, what is inserted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person changed. seen: how many turns of the other they had seen."""

    author: int
    seen: int
    patches: Sequence[Patch]


@dataclass(frozen=True, slots=True)
class Trace:
    """A recorded history and the text that it ends in.

    lengths: that an author's text must have before a turn for which they saw more of the other's.
    """

    turns: list[Turn]
    end: str
    lengths: Mapping[int, int]


def load_trace(name: str, most: int | None = None) -> Trace:
    """Return a recorded history, or only its first turns."""
    recorded = json.loads(gzip.decompress((_FOLDER / f"{name}.json.gz").read_bytes()))
    turns = list(_turns(recorded["txns"]))[:most]
    is_of_one = all(turn.author == 0 for turn in turns)
    end, lengths = (_spliced(turns), {}) if is_of_one else _rehearsed(turns)
    assert most is not None or end == recorded["endContent"]
    return Trace(turns, end, lengths)


def _turns(recorded: list[dict[str, Any]]) -> Iterator[Turn]:
    """Each author's turns are in order, so that what they had seen of the other's is a number."""
    known: list[list[int]] = []
    for one in recorded:
        author = one.get("agent", 0)
        before = [known[parent] for parent in one.get("parents", [])]
        counts = [max((count[who] for count in before), default=0) for who in (0, 1)]
        yield Turn(author, counts[1 - author], one["patches"])
        counts[author] += 1
        known.append(counts)


def _spliced(turns: Sequence[Turn]) -> str:
    text = ""
    for turn in turns:
        for at, deleted, inserted in turn.patches:
            text = text[:at] + inserted + text[at + deleted :]
    return text


def _rehearsed(turns: Sequence[Turn]) -> tuple[str, dict[int, int]]:
    """What two devices come to that hand each other exactly what each is to have seen."""
    docs = [empty_text(client_id) for client_id in CLIENT_IDS]
    begin(docs[0])
    docs[1].apply_update(docs[0].get_update())
    typists = [Typist(doc) for doc in docs]
    taken = [0, 0]
    lengths: dict[int, int] = {}
    for number, turn in enumerate(turns):
        own, other = typists[turn.author], typists[1 - turn.author]
        if turn.seen > taken[turn.author]:
            for update in other.made[taken[turn.author] : turn.seen]:
                own.doc.apply_update(update)
            taken[turn.author] = turn.seen
            lengths[number] = len(body_of(own.doc))
        own.types(turn.patches)
    docs[0].apply_update(docs[1].get_update())
    return lines_of(docs[0]), lengths


class Typist:
    """Somebody who types into a document; `made` holds what came of each turn of theirs.

    is_alone: nobody else types there; only then may there be other characters than ASCII.
    """

    def __init__(self, doc: "Doc[Any]", *, is_alone: bool = False) -> None:
        self.doc = doc
        self.made: list[bytes] = []
        self._content = ""
        self._is_alone = is_alone
        self._is_typing = False
        self._subscription = doc.observe(self._note)

    def types(self, patches: Sequence[Patch]) -> None:
        """Make the patches one after the other, in one transaction."""
        body = body_of(self.doc)
        self._is_typing = True
        with self.doc.transaction():
            for at, deleted, inserted in patches:
                start = self._bytes_before(at)
                if deleted:
                    del body[start : self._bytes_before(at + deleted)]
                _insert(body, start, inserted)
                self._remember(at, deleted, inserted)
        self._is_typing = False

    def _remember(self, at: int, deleted: int, inserted: str) -> None:
        if self._is_alone:
            content = self._content
            self._content = content[:at] + inserted + content[at + deleted :]

    def _bytes_before(self, at: int) -> int:
        """Places are bytes of UTF-8 behind the first paragraph's marker; a paragraph counts one."""
        return 1 + (at if self._content.isascii() else len(self._content[:at].encode()))

    def _note(self, event: Any) -> None:
        if self._is_typing:
            self.made.append(event.update)


def empty_text(client_id: int) -> "Doc[Any]":
    """Return a document with a section's roots."""
    doc: Doc[Any] = Doc(client_id=client_id)
    doc[schema.BODY] = Text()
    doc[schema.NOTES] = Map()
    return doc


def begin(doc: "Doc[Any]") -> None:
    """Set the first paragraph's marker, as an editor does."""
    _insert(body_of(doc), 0, "\n")


def lines_of(doc: "Doc[Any]") -> str:
    """Return the text, one line for each paragraph."""
    pieces = [value if isinstance(value, str) else "\n" for value, _ in body_of(doc).diff()]
    return "".join(pieces).removeprefix("\n")


def as_one(updates: Sequence[bytes]) -> bytes:
    """Return some updates as one."""
    return merge_updates(*updates) if len(updates) > 1 else updates[0]


def _insert(body: Text, at: int, inserted: str) -> None:
    for number, line in enumerate(inserted.split("\n")):
        if number:
            marks = {schema.ATTRIBUTE_ID: new_paragraph_id(), schema.ATTRIBUTE_KIND: schema.PARA}
            body.insert_embed(at, {schema.MARKER_KEY: schema.SCHEMA_VERSION}, marks)
            at += 1
        if line:
            body.insert(at, line, {})
            at += len(line.encode())
