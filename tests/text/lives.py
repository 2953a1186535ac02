"""Live documents for the tests of the text."""

from typing import Any

from pycrdt import Doc

from app.ids import ParagraphId
from app.text.from_crdt import body_of, cut_blocks, read_pieces
from app.text.into_crdt import write_document
from app.text.model import Document


def live(document: Document) -> "Doc[Any]":
    doc: Doc[Any] = Doc()
    write_document(doc, document)
    return doc


def copy_of(doc: "Doc[Any]") -> "Doc[Any]":
    copy: Doc[Any] = Doc()
    copy.apply_update(doc.get_update())
    return copy


def sync(one: "Doc[Any]", other: "Doc[Any]") -> None:
    mine, theirs = one.get_update(), other.get_update()
    one.apply_update(theirs)
    other.apply_update(mine)


def update_of(doc: "Doc[Any]", target: Document, keep: tuple[ParagraphId, ...] = ()) -> bytes:
    """What writing the target sends to others, b"" if nothing."""
    sent: list[bytes] = []
    subscription = doc.observe(lambda event: sent.append(event.update))
    write_document(doc, target, keep)
    doc.unobserve(subscription)
    return b"".join(sent)


def marker(doc: "Doc[Any]", place: int) -> dict[str, Any]:
    stored = cut_blocks(read_pieces(body_of(doc)))[place].marker
    assert stored is not None
    return stored
