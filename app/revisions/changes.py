"""Pure: what changed between two moments, word by word, with the writer of each piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.revisions.attribution import Attribution, Row, latest
from app.text.diff import BlockChange, Piece, diff_documents
from app.text.from_crdt import StoredBlock, body_of, cut_blocks, read_document, read_pieces
from app.text.model import Document
from app.text.words import tokenize


@dataclass(frozen=True, slots=True)
class Signed:
    """A piece of a compared block; writer: who put it in or took it out, if it changed."""

    piece: Piece
    writer: int | None


@dataclass(frozen=True, slots=True)
class SignedChange:
    """What became of one block, and who did it.

    old_at, new_at: its place in the old and in the new text. writer: who made or removed the
    block itself.
    """

    change: BlockChange
    pieces: tuple[Signed, ...]
    writer: int | None
    old_at: int | None
    new_at: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts of a section and all that lies between them."""

    old: Document
    new: Document
    changes: tuple[SignedChange, ...]


def compare(state: bytes, rows: Sequence[Row]) -> Compared:
    """Return what the rows changed in the text that the state holds.

    rows: in order; a writer is an index, the later the higher. Where a word was changed in part,
    the last writer in it is named.
    """
    attribution = Attribution(state)
    old = read_document(attribution.doc)
    old_stored = cut_blocks(read_pieces(body_of(attribution.doc)))
    attribution.follow(rows)
    new = read_document(attribution.doc)
    new_stored = cut_blocks(read_pieces(body_of(attribution.doc)))
    signer = _Signer(attribution, (old, old_stored), (new, new_stored))
    return Compared(old, new, tuple(signer.sign(one) for one in diff_documents(old, new)))


class _Signer:
    """Finds the writers of compared blocks by their places in bytes."""

    def __init__(
        self,
        attribution: Attribution,
        old: tuple[Document, Sequence[StoredBlock]],
        new: tuple[Document, Sequence[StoredBlock]],
    ) -> None:
        self._attribution = attribution
        self._old = {id(b): (at, old[1][at]) for at, b in enumerate(old[0].blocks)}
        self._new = {id(b): (at, new[1][at]) for at, b in enumerate(new[0].blocks)}

    def sign(self, change: BlockChange) -> SignedChange:
        """Return the change with its writers."""
        old_at, old = self._old.get(id(change.old), (None, None))
        new_at, new = self._new.get(id(change.new), (None, None))
        pieces = list(self._pieces(change.pieces, old, new))
        return SignedChange(
            change, tuple(_filled(pieces)), self._of_block(old, new), old_at, new_at
        )

    def _of_block(self, old: StoredBlock | None, new: StoredBlock | None) -> int | None:
        if new is not None:
            return latest(self._attribution.writers(new.start_bytes, new.content_bytes))
        if old is not None:
            return latest(self._attribution.removers(old.start_bytes, old.content_bytes))
        return None

    def _pieces(
        self, pieces: Sequence[Piece], old: StoredBlock | None, new: StoredBlock | None
    ) -> Iterator[Signed]:
        was = old.content_bytes if old else 0
        now = new.content_bytes if new else 0
        for piece in pieces:
            size = _size(piece)
            if piece.op == "same":
                yield Signed(piece, None)
                was, now = was + size, now + size
            elif piece.op == "ins":
                yield from self._by_word(piece, now, is_new=True)
                now += size
            else:
                yield from self._by_word(piece, was, is_new=False)
                was += size

    def _by_word(self, piece: Piece, at: int, *, is_new: bool) -> Iterator[Signed]:
        who = self._attribution.writers if is_new else self._attribution.removers
        if piece.atom is not None:
            yield Signed(piece, latest(who(at, at + 1)))
            return
        words: list[tuple[str, int | None]] = []
        for word in tokenize(piece.text):
            end = at + len(word.encode())
            words.append((word, latest(who(at, end))))
            at = end
        for writer, group in groupby(words, key=lambda word: word[1]):
            yield Signed(replace(piece, text="".join(word for word, _ in group)), writer)


def _size(piece: Piece) -> int:
    return 1 if piece.atom is not None else len(piece.text.encode())


def _filled(pieces: Sequence[Signed]) -> Iterator[Signed]:
    """Sign as its neighbour what nobody wrote: a word kept while the one beside it was rewritten.

    Neighbours of the same kind and writer are joined.
    """
    signed: list[Signed] = []
    for at, one in enumerate(pieces):
        writer = one.writer
        if writer is None and one.piece.op != "same":
            writer = _nearest(pieces, at)
        before = signed[-1] if signed else None
        if before is not None and _is_more(before, one.piece, writer):
            text = before.piece.text + one.piece.text
            signed[-1] = Signed(replace(before.piece, text=text), writer)
        else:
            signed.append(Signed(one.piece, writer))
    yield from signed


def _is_more(before: Signed, piece: Piece, writer: int | None) -> bool:
    bare = replace(piece, text="")
    return before.writer == writer and piece.atom is None and replace(before.piece, text="") == bare


def _nearest(pieces: Sequence[Signed], at: int) -> int | None:
    for distance in range(1, len(pieces)):
        for neighbour in (at - distance, at + distance):
            if 0 <= neighbour < len(pieces) and pieces[neighbour].writer is not None:
                return pieces[neighbour].writer
    return None
