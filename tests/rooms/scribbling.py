"""Random edits of a section's text, honest and hostile ones, for the fuzzes of the guard."""

from collections.abc import Callable
from random import Random
from typing import Any

from pycrdt import Doc, Map, Text

from app.ids import new_paragraph_id
from app.rooms.frames import decode_vector, uint
from app.text.from_crdt import body_of, cut_blocks, notes_of, read_pieces
from app.text.into_crdt import write_document
from app.text.model import Block, Document, FootnoteRef, Run
from tests.house.texts import paragraph_id

LETTERS = "abc déf ñ 漢字 العربية 😀"
NOTES = ("nabcdefghijkl", "nbcdefghijklm")
START = Document(
    tuple(
        Block(
            paragraph_id(f"s{number}"),
            "subpara" if number % 3 == 2 else "para",
            number % 3 // 2,
            inlines=(
                Run(f"{number}: déjà "),
                Run("vu", (("strong", True),)),
                *([FootnoteRef(NOTES[number // 4])] if number in (1, 4) else []),
                Run(" 漢😀 end"),
            ),
        )
        for number in range(7)
    ),
    {note: (Run(f"note {note}"),) for note in NOTES},
)


def a_text() -> bytes:
    """Return the state of a text of seven blocks, two of them with a footnote."""
    doc: Doc[Any] = Doc(client_id=1)
    write_document(doc, START)
    return doc.get_update()


def a_copy(state: bytes, client_id: int) -> Doc[Any]:
    """Return a client's document with this state."""
    doc: Doc[Any] = Doc(client_id=client_id)
    doc["body"], doc["notes"] = Text(), Map()
    doc.apply_update(state)
    return doc


def boundaries(body: Text) -> list[int]:
    """The byte positions at which something may be put without cutting a character in two."""
    found, at = [0], 0
    for piece in read_pieces(body):
        sizes = [len(letter.encode()) for letter in str(piece.value)] if piece.is_text else [1]
        for size in sizes:
            at += size
            found.append(at)
    return found


class Scribbler:
    """Edits a document at random; the same seed makes the same edits."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._last: dict[int, int] = {}
        self._honest: list[tuple[int, Callable[[Doc[Any]], None]]] = [
            (6, self.types),
            (8, self.types_on),
            (6, self.deletes_a_little),
            (2, self.deletes_a_range),
            (2, self.replaces),
            (2, self.marks),
            (2, self.starts_a_block),
            (2, self.merges),
            (2, self.changes_a_marker),
            (1, self.embeds),
            (1, self.edits_a_note),
            (1, self.drops_a_note),
            (1, self.moves_a_block),
            (2, self.does_two_things),
        ]

    def edit(self, doc: Doc[Any]) -> bytes:
        """Make one random edit in one transaction and return it as an update."""
        if self.random.random() < 0.15:
            return self.forge(doc)
        weights, edits = zip(*self._honest, strict=True)
        [chosen] = self.random.choices(edits, weights)
        return self.update_of(doc, chosen)

    def update_of(self, doc: Doc[Any], change: Callable[[Doc[Any]], None]) -> bytes:
        """Make an edit in one transaction and return exactly what it comes to."""
        emitted: list[bytes] = []
        subscription = doc.observe(lambda event: emitted.append(event.update))
        with doc.transaction():
            change(doc)
        doc.unobserve(subscription)
        return emitted[0] if emitted else b"\x00\x00"

    # ------------------------------------------------------------------- what people do

    def types(self, doc: Doc[Any]) -> None:
        """Type a few letters."""
        self._types_at(doc, self._somewhere(doc))

    def types_on(self, doc: Doc[Any]) -> None:
        """Type where one has typed last, or close to it if the text has changed since."""
        last = self._last.get(doc.client_id, 0)
        self._types_at(doc, min(boundaries(body_of(doc)), key=lambda at: abs(at - last)))

    def _types_at(self, doc: Doc[Any], at: int) -> None:
        letters = "".join(self.random.choices(LETTERS, k=self.random.randint(1, 4)))
        body_of(doc).insert(at, letters, {})
        self._last[doc.client_id] = at + len(letters.encode())

    def deletes_a_little(self, doc: Doc[Any]) -> None:
        """Delete up to three characters, whatever they are."""
        places = boundaries(body_of(doc))
        first = self.random.randrange(len(places))
        last = min(first + self.random.randint(1, 3), len(places) - 1)
        if first < last:
            del body_of(doc)[places[first] : places[last]]

    def deletes_a_range(self, doc: Doc[Any]) -> None:
        """Delete anything up to the whole text."""
        first, last = sorted((self._somewhere(doc), self._somewhere(doc)))
        if first < last:
            del body_of(doc)[first : min(last, self._close_to(doc, first, 60))]

    def replaces(self, doc: Doc[Any]) -> None:
        """Delete a selection and type over it."""
        first = self._somewhere(doc)
        last = self._close_to(doc, first, 12)
        if first < last:
            del body_of(doc)[first:last]
        body_of(doc).insert(first, self.random.choice(LETTERS), {})

    def marks(self, doc: Doc[Any]) -> None:
        """Set or end a mark on a range."""
        first = self._somewhere(doc)
        last = self._close_to(doc, first, 30)
        value = self.random.choice([True, False, None])
        if first < last:
            body_of(doc).format(first, last, {self.random.choice(["strong", "em"]): value})

    def starts_a_block(self, doc: Doc[Any]) -> None:
        """Press Enter."""
        marker = {"b.id": new_paragraph_id(), "b.kind": "para", "strong": False}
        body_of(doc).insert_embed(self._somewhere(doc), {"b": 1}, marker)

    def merges(self, doc: Doc[Any]) -> None:
        """Delete a marker."""
        if (at := self._marker(doc)) is not None:
            del body_of(doc)[at : at + 1]

    def changes_a_marker(self, doc: Doc[Any]) -> None:
        """Give a block another kind, level, direction or id, sometimes one that is taken."""
        ids = [new_paragraph_id(), paragraph_id(f"s{self.random.randrange(7)}")]
        changes: list[dict[str, Any]] = [
            {"b.kind": self.random.choice(["heading", "para", "other"])},
            {"b.level": self.random.choice([1, 2])},
            {"b.dir": self.random.choice(["rtl", ""])},
            {"b.id": self.random.choice(ids)},
        ]
        if (at := self._marker(doc)) is not None:
            body_of(doc).format(at, at + 1, self.random.choice(changes))

    def embeds(self, doc: Doc[Any]) -> None:
        """Put in a line break, a call or something unknown."""
        atoms: list[dict[str, Any]] = [{"br": 1}, {"fn": NOTES[0]}, {"table": {"rows": 2}}]
        body_of(doc).insert_embed(self._somewhere(doc), self.random.choice(atoms), {})

    def edits_a_note(self, doc: Doc[Any]) -> None:
        """Type into a footnote, or delete in it."""
        notes = notes_of(doc)
        for note_id in self.random.sample(sorted(notes.keys()), min(1, len(notes))):
            note = notes[note_id]
            if len(note) and self.random.random() < 0.4:
                del note[0:1]
            else:
                note.insert(0, "x", {})

    def drops_a_note(self, doc: Doc[Any]) -> None:
        """Take a footnote's text away, or put one there."""
        notes = notes_of(doc)
        note_id = self.random.choice(NOTES)
        if note_id in notes.keys():
            del notes[note_id]
        else:
            notes[note_id] = Text("new")

    def moves_a_block(self, doc: Doc[Any]) -> None:
        """Cut a block out and write it anew at another place, under the same id."""
        body = body_of(doc)
        stored = [one for one in cut_blocks(read_pieces(body)) if one.marker is not None]
        if not stored:
            return
        block = self.random.choice(stored)
        words = "".join(str(piece.value) for piece in block.pieces if piece.is_text)
        name = (block.marker or {}).get("b.id")
        del body[block.start_bytes : block.end_bytes]
        at = self._somewhere(doc)
        body.insert_embed(at, {"b": 1}, {"b.id": name, "b.kind": "para"})
        if words:
            body.insert(at + 1, words, {})

    def does_two_things(self, doc: Doc[Any]) -> None:
        """Edit at two places at once."""
        for _ in range(2):
            self.random.choice([self.types, self.deletes_a_little, self.marks])(doc)

    # --------------------------------------------------------------- what only a forger does

    def forge(self, doc: Doc[Any]) -> bytes:
        """Return bytes that no editor writes: any units deleted, letters between any two units."""
        vector = {client: end for client, end in decode_vector(doc.get_state()).items() if end}
        client = self.random.choice(sorted(vector))
        if self.random.random() < 0.5:
            start = self.random.randrange(vector[client])
            length = min(self.random.choice([1, 1, 1, 2, 5]), vector[client] - start)
            return b"\x00\x01" + uint(client) + b"\x01" + uint(start) + uint(length)
        return self._letters_anywhere(doc, vector)

    def _letters_anywhere(self, doc: Doc[Any], vector: dict[int, int]) -> bytes:
        # Its own id, so that what the forger writes as an editor goes on where it was.
        clock = vector.get(doc.client_id, 0)
        ends = [self.random.choice(sorted(vector)) for _ in range(2)]
        left, right = ((end, self.random.randrange(vector[end])) for end in ends)
        info = 4 | self.random.choice([0x80, 0x40, 0xC0, 0xC0])
        places = [left] if info == 0x84 else [right] if info == 0x44 else [left, right]
        where = b"".join(uint(one) + uint(at) for one, at in places)
        text = "".join(self.random.choices("x漢😀", k=self.random.randint(1, 3))).encode()
        head = b"\x01\x01" + uint(doc.client_id) + uint(clock) + bytes([info])
        return head + where + uint(len(text)) + text + b"\x00"

    # ---------------------------------------------------------------------- places

    def _somewhere(self, doc: Doc[Any]) -> int:
        return self.random.choice(boundaries(body_of(doc)))

    def _close_to(self, doc: Doc[Any], first: int, far: int) -> int:
        places = [at for at in boundaries(body_of(doc)) if first <= at <= first + far]
        return self.random.choice(places)

    def _marker(self, doc: Doc[Any]) -> int | None:
        stored = cut_blocks(read_pieces(body_of(doc)))
        starts = [one.start_bytes for one in stored if one.marker is not None]
        return self.random.choice(starts) if starts else None
