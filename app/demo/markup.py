"""Read the small Markdown dialect in which the demonstration's text is kept."""

import re
from dataclasses import dataclass

from app.text import schema
from app.text.model import FootnoteRef, Inline, Inlines, Run, make_marks, tidy

_KEY = re.compile(r"\{([a-z][a-z0-9-]*)\} ")
_SIGNS = (
    ("### ", schema.HEADING, 3),
    ("## ", schema.HEADING, 2),
    ("# ", schema.HEADING, 1),
    ("-- ", schema.SUBPARA, 2),
    ("- ", schema.SUBPARA, 1),
    ("> ", schema.PLAIN, 0),
)
_INLINE = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*|\[(?P<text>[^\[\]]+)\]\((?P<link>[^()\s]+)\)"
)
_LEFT_OVER = re.compile(r"[*^\[\]]")


class MarkupError(ValueError):
    """The demonstration's text is not written in the dialect."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands in a block; the footnote called "0" is `notes[0]`, and so on."""

    inlines: Inlines
    notes: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """A block of the demonstration under the key by which its history and decisions name it."""

    key: str
    kind: str
    level: int
    wording: Wording


def read_blocks(source: str, name: str) -> tuple[WrittenBlock, ...]:
    """The blocks of a text, in order; one without a key is called by `name` and its place.

    Blocks are parted by empty lines. A block may begin with its key in braces, then with the sign
    of its kind: `# ` to `### ` a heading, `- ` and `-- ` a sub-paragraph of the first and second
    level, `> ` an unnumbered paragraph; without a sign it is a numbered paragraph.
    Raises: MarkupError.
    """
    paragraphs = re.split(r"\n\s*\n", source.strip()) if source.strip() else []
    return tuple(_read_block(text, f"{name}-{at}") for at, text in enumerate(paragraphs, 1))


def _read_block(text: str, key: str) -> WrittenBlock:
    text = " ".join(text.split())
    named = _KEY.match(text)
    if named:
        key, text = named[1], text[named.end() :]
    for sign, kind, level in _SIGNS:
        if text.startswith(sign):
            return WrittenBlock(key, kind, level, read_wording(text.removeprefix(sign)))
    return WrittenBlock(key, schema.PARA, 0, read_wording(text))


def read_wording(text: str) -> Wording:
    """What stands inside one block: `**strong**`, `*em*`, `[text](address)` and `^[footnote]`.

    `{@key}`, the number of another block, is left for content.py to fill in.
    Raises: MarkupError.
    """
    inlines: list[Inline] = []
    notes: list[Inlines] = []
    rest = " ".join(text.split())
    while (start := rest.find("^[")) >= 0:
        end = _closing_bracket(rest, start + 1)
        inlines += [*_read_runs(rest[:start]), FootnoteRef(str(len(notes)))]
        notes.append(_read_runs(rest[start + 2 : end]))
        rest = rest[end + 1 :]
    return Wording(tidy([*inlines, *_read_runs(rest)]), tuple(notes))


def _closing_bracket(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(text)):
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            return at
    raise MarkupError(f"A footnote is not closed: {text[opening:][:60]}")


def _read_runs(text: str) -> Inlines:
    runs: list[Inline] = []
    done = 0
    for found in _INLINE.finditer(text):
        runs += [_plain(text[done : found.start()]), _marked(found)]
        done = found.end()
    return tidy([*runs, _plain(text[done:])])


def _plain(text: str) -> Run:
    if _LEFT_OVER.search(text):
        raise MarkupError(f"A sign of the dialect stands alone in: {text[:60]}")
    return Run(text)


def _marked(found: re.Match[str]) -> Run:
    if found["link"]:
        return Run(found["text"], make_marks({"link": found["link"]}))
    mark = "strong" if found["strong"] else "em"
    return Run(found[mark], make_marks({mark: True}))
