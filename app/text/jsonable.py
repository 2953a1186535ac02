"""The wire form of the text: what history, screens and exports are told in JSON, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.ids import ParagraphId
from app.text import schema
from app.text.hashing import text_hash
from app.text.model import (
    Block,
    Document,
    FootnoteRef,
    Inline,
    Inlines,
    LineBreak,
    Marks,
    Notes,
    Run,
    UnknownAtom,
    make_marks,
    simple_marks,
    tidy,
)


def document_json(
    document: Document, labels: Sequence[str] = (), *, whole: bool = False
) -> dict[str, Any]:
    """`{"blocks": [...]}` with footnotes numbered from 1 through the document.

    labels: one for each block (numbering.label_blocks); none given, all are empty.
    whole: also what readers do not see, so that document_from_json gives back the same value.
    """
    blocks = []
    footnote = 1
    for block, label in zip(document.blocks, labels or [""] * len(document.blocks), strict=True):
        wire = block_json(block, document.notes, label, footnote=footnote, whole=whole)
        footnote += sum(isinstance(inline, FootnoteRef) for inline in block.inlines)
        blocks.append(wire)
    return {"blocks": blocks}


def block_json(
    block: Block, notes: Notes, label: str = "", *, footnote: int = 1, whole: bool = False
) -> dict[str, Any]:
    """One block of the wire form; its first footnote gets the number `footnote`."""
    wire: dict[str, Any] = {
        "id": block.id,
        "kind": block.kind,
        "level": block.level,
        "dir": block.dir,
        "label": label,
        "runs": runs_json(block.inlines, notes, footnote=footnote, whole=whole),
        "hash": text_hash(block, notes),
    }
    if whole and block.extra:
        wire["extra"] = dict(block.extra)
    return wire


def runs_json(
    inlines: Inlines, notes: Notes, *, footnote: int = 1, whole: bool = False
) -> list[dict[str, Any]]:
    """The runs of a block; a footnote call carries its number, its id and its text."""
    runs = []
    for inline in inlines if whole else tidy(map(_visible, inlines)):
        run = _run_json(inline)
        if isinstance(inline, FootnoteRef):
            run["fn"] = footnote
            footnote += 1
            if inline.id in notes:
                run["note"] = runs_json(notes[inline.id], {}, whole=whole)
        runs.append(run)
    return runs


def _run_json(inline: Inline) -> dict[str, Any]:
    marks = dict(inline.marks)
    if isinstance(inline, Run):
        return {"text": inline.text, "marks": marks}
    run: dict[str, Any] = {"marks": marks} if marks else {}
    if isinstance(inline, FootnoteRef):
        return {"fn": 0, "note_id": inline.id, **run}
    if isinstance(inline, LineBreak):
        return {"br": True, **run}
    return {"embed": inline.value, **run}


def _visible(inline: Inline) -> Inline:
    marks = simple_marks(inline.marks)
    if isinstance(inline, Run):
        return Run(inline.text, marks)
    if isinstance(inline, FootnoteRef):
        return FootnoteRef(inline.id, marks)
    return LineBreak(marks) if isinstance(inline, LineBreak) else UnknownAtom(inline.value, marks)


def document_from_json(wire: Mapping[str, Any]) -> Document:
    """The document that a wire form stands for; labels, hashes and numbers are left aside.

    Raises: KeyError, TypeError for what is no wire form.
    """
    notes: dict[str, Inlines] = {}
    for block in wire["blocks"]:
        notes.update(notes_from_json(block["runs"]))
    return Document(tuple(block_from_json(block) for block in wire["blocks"]), notes)


def block_from_json(wire: Mapping[str, Any]) -> Block:
    """The block that a wire form stands for; what is not named has the value of a plain new one."""
    kind = schema.read_kind(wire.get("kind"))
    return Block(
        id=ParagraphId(wire["id"]) if wire.get("id") else None,
        kind=kind,
        level=schema.read_level(kind, wire.get("level")),
        dir=schema.read_direction(wire.get("dir")),
        inlines=_inlines(wire["runs"]),
        extra=make_marks(wire.get("extra", {})),
    )


def notes_from_json(runs: Iterable[Mapping[str, Any]]) -> dict[str, Inlines]:
    """The footnotes' texts that stand in the runs of a block, by id."""
    return {run["note_id"]: _inlines(run["note"]) for run in runs if "note" in run}


def _inlines(runs: Iterable[Mapping[str, Any]]) -> Inlines:
    return tidy(_inline(run, make_marks(run.get("marks", {}))) for run in runs)


def _inline(run: Mapping[str, Any], marks: Marks) -> Inline:
    if "text" in run:
        return Run(run["text"], marks)
    if "fn" in run:
        return FootnoteRef(run["note_id"], marks)
    return LineBreak(marks) if "br" in run else UnknownAtom(run["embed"], marks)
