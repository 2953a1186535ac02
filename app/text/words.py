"""Cuts text into words and lines up two texts word by word."""

import json
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeAlias, TypeVar

import cydifflib

from app.text.model import (
    Block,
    Document,
    FootnoteRef,
    Inline,
    Inlines,
    LineBreak,
    Marks,
    Run,
    UnknownAtom,
    plain_text,
)
from app.text.schema import ATOM, LINE_BREAK

Tag: TypeAlias = Literal["equal", "delete", "insert", "replace"]
Span: TypeAlias = tuple[Tag, int, int, int, int]
Atom: TypeAlias = FootnoteRef | LineBreak | UnknownAtom
Dress = TypeVar("Dress")

# Beyond FINE_PAIRS pairs of tokens (about 1,000 words against 1,000 inside one block) frequent
# tokens no longer anchor the comparison; beyond COARSE_PAIRS all between equal ends is replaced.
FINE_PAIRS = 4_000_000
COARSE_PAIRS = 40_000_000

_HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
_JOINERS = "\u200c\u200d"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_FLAG_LETTER = "[\U0001f1e6-\U0001f1ff]"


def _combining() -> str:
    """A character class of everything that joins the character before it."""
    spans: list[list[int]] = []
    for point in (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0)):
        if not unicodedata.category(chr(point)).startswith("M"):
            continue
        if spans and spans[-1][1] == point - 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)


_MARKS = _combining()
_CJK = f"[{_HAN}{_KANA}][{_MARKS}]*"
_LETTER = f"(?:(?![{_HAN}{_KANA}])\\w[{_MARKS}{_JOINERS}]*)"
_WORD = f"{_LETTER}+(?:['\u2019]{_LETTER}+)*"
_PICTURE = f"[^\\w\\s{ATOM}](?:[{_MARKS}{_JOINERS}{_SKIN_TONES}]|(?<=\u200d)[^\\w\\s{ATOM}])*"
_TOKEN = re.compile(f"{_CJK}|{_WORD}|{_FLAG_LETTER}{{2}}|{_PICTURE}|.", re.DOTALL)
_COUNTED = re.compile(f"{_CJK}|{_WORD}")


def tokenize(text: str) -> list[str]:
    """The words, signs and single spaces that the text consists of; joined they are the text.

    A CJK character is a word; letters keep their combining marks and joiners.
    """
    return _TOKEN.findall(text)


def word_key(token: str) -> str:
    """What two tokens must share to be the same word: their composed form (NFC), interned."""
    return sys.intern(unicodedata.normalize("NFC", token))


def count_words(text: str | Block | Document) -> int:
    """How many words the text holds; of a document, footnotes included."""
    if isinstance(text, str):
        return sum(1 for _ in _COUNTED.finditer(text))
    if isinstance(text, Block):
        return count_words(plain_text(text.inlines, ATOM))
    notes = sum(count_words(plain_text(inlines, ATOM)) for inlines in text.notes.values())
    return notes + sum(count_words(block) for block in text.blocks)


@dataclass(slots=True)
class Strand(Generic[Dress]):
    """Content by code points: one dress (its marks) for each, atoms by position."""

    text: str = ""
    dress: list[Dress] = field(default_factory=list)
    atoms: dict[int, Atom] = field(default_factory=dict)

    def tokens(self) -> tuple[list[str], list[int]]:
        """The tokens, an atom being one that no text equals; and their starts, last the end."""
        tokens, starts = [], [0]
        for token in tokenize(self.text):
            atom = self.atoms.get(starts[-1])
            tokens.append(token if atom is None else ATOM + atom_key(atom))
            starts.append(starts[-1] + len(token))
        return tokens, starts

    def characters(self, start: int, stop: int) -> list[str]:
        """The code points of a span, an atom being one that no text equals."""
        return [
            ATOM + atom_key(self.atoms[at]) if at in self.atoms else self.text[at]
            for at in range(start, stop)
        ]


def atom_key(atom: Atom) -> str:
    """What two atoms must share to be the same one, marks aside."""
    if isinstance(atom, LineBreak):
        return "br"
    if isinstance(atom, FootnoteRef):
        return "fn" + atom.id
    return json.dumps(atom.value, sort_keys=True)


def atom_text(inline: Inline) -> str:
    """The characters that stand for the inline where code points are counted."""
    if isinstance(inline, Run):
        return inline.text
    return LINE_BREAK if isinstance(inline, LineBreak) else ATOM


def lay_out(inlines: Inlines) -> Strand[Marks]:
    """The content by code points, each with its marks."""
    strand: Strand[Marks] = Strand("".join(map(atom_text, inlines)))
    for inline in inlines:
        if not isinstance(inline, Run):
            strand.atoms[len(strand.dress)] = inline
        strand.dress.extend([inline.marks] * len(atom_text(inline)))
    return strand


def align(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """The spans that turn old into new, in order and without gaps; equal ends are matched first."""
    head = common_length(old, new)
    tail = common_length(old[head:][::-1], new[head:][::-1])
    end_old, end_new = len(old) - tail, len(new) - tail
    spans: list[Span] = [("equal", 0, head, 0, head)]
    spans += [
        (tag, head + i1, head + i2, head + j1, head + j2)
        for tag, i1, i2, j1, j2 in _align_middle(old[head:end_old], new[head:end_new])
    ]
    spans.append(("equal", end_old, len(old), end_new, len(new)))
    return [span for span in spans if span[1] < span[2] or span[3] < span[4]]


def rising_pairs(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs whose second numbers rise like the first; those rise already."""
    lasts: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for place, (_, number) in enumerate(pairs):
        at = bisect_left(lasts, number)
        before.append(holders[at - 1] if at else -1)
        lasts[at : at + 1] = [number]
        holders[at : at + 1] = [place]
    chosen = []
    place = holders[-1] if holders else -1
    while place >= 0:
        chosen.append(pairs[place])
        place = before[place]
    return chosen[::-1]


def common_length(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items are equal from the start."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _align_middle(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    pairs = len(old) * len(new)
    if pairs > COARSE_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    matcher = cydifflib.SequenceMatcher(None, old, new, autojunk=pairs > FINE_PAIRS)
    return [(tag, i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]
