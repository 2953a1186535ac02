"""Compares texts: blocks by their ids, then words inside changed blocks, then marks."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from app.ids import ParagraphId
from app.text.model import Block, Document, FootnoteRef, Inlines, Marks, Notes, Run, simple_marks
from app.text.words import Atom, Span, Strand, align, atom_text, lay_out, rising_pairs, word_key

Op: TypeAlias = Literal["same", "ins", "del"]
Change: TypeAlias = Literal["same", "added", "removed", "changed"]
Pair: TypeAlias = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a compared block; its marks are those that readers see.

    was: the marks before, where only they changed. atom: what a lone "\\ufffc" or "\\n" stands for.
    note: the compared text of the footnote that is called here.
    """

    op: Op
    text: str
    marks: Marks = ()
    was: Marks | None = None
    atom: Atom | None = None
    note: "tuple[Piece, ...]" = ()

    @property
    def is_change(self) -> bool:
        """Whether the piece, its marks or its footnote was different before."""
        return self.op != "same" or self.was is not None or any(p.is_change for p in self.note)


@dataclass(frozen=True, slots=True)
class BlockChange:
    """What became of one block; a moved one appears as removed and as added, both `moved`."""

    change: Change
    old: Block | None
    new: Block | None
    pieces: tuple[Piece, ...]
    moved: bool = False

    @property
    def id(self) -> ParagraphId | None:
        """The id that the block has in the new text, or had in the old."""
        block = self.new or self.old
        return block.id if block else None


@dataclass(frozen=True, slots=True)
class _Step:
    """One code point of a comparison."""

    op: Op
    char: str
    marks: Marks
    was: Marks | None
    atom: Atom | None
    place: int
    """Sets neighbouring atoms apart; 0 for text."""


def diff_documents(old: Document, new: Document) -> tuple[BlockChange, ...]:
    """What happened to every block, in the order of the new text; removed ones where they stood."""
    keys = (block_keys(old.blocks), block_keys(new.blocks))
    kept = set(keys[0]) & set(keys[1])
    changes = []
    for i, j in pair_blocks(old.blocks, new.blocks):
        before = None if i is None else old.blocks[i]
        after = None if j is None else new.blocks[j]
        pieces = diff_inlines(
            before.inlines if before else (),
            after.inlines if after else (),
            (old.notes, new.notes),
        )
        is_moved = (i is None) != (j is None) and (
            (i is not None and keys[0][i] in kept) or (j is not None and keys[1][j] in kept)
        )
        changes.append(BlockChange(_name(before, after, pieces), before, after, pieces, is_moved))
    return tuple(changes)


def _name(old: Block | None, new: Block | None, pieces: Sequence[Piece]) -> Change:
    if old is None or new is None:
        return "added" if old is None else "removed"
    is_alike = (old.kind, old.level, old.dir) == (new.kind, new.level, new.dir)
    return "same" if is_alike and not any(piece.is_change for piece in pieces) else "changed"


def diff_inlines(
    old: Inlines, new: Inlines, notes: tuple[Notes, Notes] = ({}, {})
) -> tuple[Piece, ...]:
    """The new content together with what was removed from the old, in order.

    The "same" and "ins" pieces are the new content; the "same" and "del" ones are the old,
    but for the composition of letters, which is no difference.
    notes: the footnotes of the old and of the new text.
    """
    if not old or not new or old == new:
        op: Op = "same" if old == new else "ins" if new else "del"
        return tuple(_whole(op, new or old, notes))
    before, after = lay_out(old), lay_out(new)
    (old_tokens, i_at), (new_tokens, j_at) = before.tokens(), after.tokens()
    old_keys, new_keys = [word_key(t) for t in old_tokens], [word_key(t) for t in new_tokens]
    steps: list[_Step] = []
    for tag, i1, i2, j1, j2 in _join_over_spaces(align(old_keys, new_keys), old_keys):
        if tag == "equal":
            pairs = zip(range(i1, i2), range(j1, j2), strict=True)
            for i, j in pairs:
                was = range(i_at[i], i_at[i + 1])
                steps += _keep(before, after, was, range(j_at[j], j_at[j + 1]))
        else:
            steps += [_step("del", before, at) for at in range(i_at[i1], i_at[i2])]
            steps += [_step("ins", after, at) for at in range(j_at[j1], j_at[j2])]
    return tuple(_join(steps, notes))


def _whole(op: Op, inlines: Inlines, notes: tuple[Notes, Notes]) -> Iterator[Piece]:
    for inline in inlines:
        atom = None if isinstance(inline, Run) else inline
        note = _diff_note(op, atom, notes)
        yield Piece(op, atom_text(inline), simple_marks(inline.marks), None, atom, note)


def _join_over_spaces(spans: list[Span], keys: Sequence[str]) -> list[Span]:
    """Two replaced phrases with a single space between them read better as one."""
    joined: list[Span] = []
    for index, span in enumerate(spans):
        tag, i1, i2, _, j2 = span
        around = [s[0] for s in (*spans[max(index - 1, 0) : index], *spans[index + 1 : index + 2])]
        is_lone = tag == "equal" and keys[i1:i2] == [" "] and around == ["replace", "replace"]
        if joined and joined[-1][0] == "replace" and (is_lone or tag == "replace"):
            joined[-1] = ("replace", joined[-1][1], i2, joined[-1][3], j2)
        else:
            joined.append(span)
    return joined


def _keep(before: Strand[Marks], after: Strand[Marks], was: range, now: range) -> Iterator[_Step]:
    """A word that stays; where its composition changed, its first mark speaks for the rest."""
    for count, at in enumerate(now):
        old_marks = simple_marks(before.dress[was[min(count, len(was) - 1)]])
        yield _step("same", after, at, old_marks)


def _step(op: Op, strand: Strand[Marks], at: int, old_marks: Marks | None = None) -> _Step:
    marks = simple_marks(strand.dress[at])
    was = old_marks if old_marks is not None and old_marks != marks else None
    atom = strand.atoms.get(at)
    return _Step(op, strand.text[at], marks, was, atom, at + 1 if atom else 0)


def _join(steps: list[_Step], notes: tuple[Notes, Notes]) -> Iterator[Piece]:
    for _, group in groupby(steps, key=lambda s: (s.op, s.marks, s.was, s.place)):
        alike = list(group)
        first = alike[0]
        text = "".join(step.char for step in alike)
        note = _diff_note(first.op, first.atom, notes)
        yield Piece(first.op, text, first.marks, first.was, first.atom, note)


def _diff_note(op: Op, atom: Atom | None, notes: tuple[Notes, Notes]) -> tuple[Piece, ...]:
    if not isinstance(atom, FootnoteRef):
        return ()
    old = notes[0].get(atom.id, ()) if op != "ins" else ()
    new = notes[1].get(atom.id, ()) if op != "del" else ()
    return diff_inlines(old, new)


def block_keys(blocks: Sequence[Block]) -> list[str]:
    """A unique key for each block: its id, and which holder of that id it is."""
    seen: dict[str, int] = {}
    keys = []
    for block in blocks:
        name = block.id or ""
        seen[name] = seen.get(name, -1) + 1
        keys.append(f"{name}#{seen[name]}")
    return keys


def pair_blocks(
    old: Sequence[Block], new: Sequence[Block], held: Collection[ParagraphId] = ()
) -> list[Pair]:
    """Each block's places in the old and the new order; one that is on one side only has None.

    held: blocks that must be paired; those on both sides stand in the same order there.
    """
    place = {key: j for j, key in enumerate(block_keys(new))}
    shared = [(i, place[key]) for i, key in enumerate(block_keys(old)) if key in place]
    anchors = [pair for pair in shared if old[pair[0]].id in held]
    pairs: list[Pair] = []
    i0 = j0 = 0
    for i, j in [*anchors, (len(old), len(new))]:
        between = [pair for pair in shared if i0 <= pair[0] < i and j0 <= pair[1] < j]
        for i1, j1 in [*rising_pairs(between), (i, j)]:
            pairs += [(gone, None) for gone in range(i0, i1)]
            pairs += [(None, come) for come in range(j0, j1)]
            pairs.append((i1, j1))
            i0, j0 = i1 + 1, j1 + 1
    return pairs[:-1]
