"""The report as plain CommonMark with footnotes; numbers are letters, not list markers."""

import re
from collections.abc import Iterator
from itertools import groupby

from app.exports.tree import (
    Block,
    ExportTree,
    Footnote,
    FrontPage,
    Inline,
    MemberLine,
    Section,
    Text,
    is_heading,
    printed_inlines,
    safe_link,
)
from app.exports.writers.phrases import Phrases, phrases_in

_DEEPEST = 6
# Every character that begins markup somewhere in a line, in CommonMark or its usual extensions.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~^$#])")
# What begins a block only at the start of a line.
_STARTS = re.compile(r"^(\s*)(?:(\d+)([.)])|([-+=%:!]))", re.MULTILINE)
_BREAK = "\\\n"
# A break at either end of a paragraph would show its backslash.
_EDGE_BREAKS = re.compile(r"\A(?:\s*\\\n)+|(?:\s*\\\n\s*)+\Z")
_SPACES = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")


def write(tree: ExportTree) -> bytes:
    """The bytes of the Markdown file: the same tree gives the same bytes."""
    return ("\n\n".join(_document(tree)) + "\n").encode()


def escaped(text: str) -> str:
    """The words as Markdown that shows exactly them, on one line, wherever they stand in it."""
    return _SPECIAL.sub(r"\\\1", _SPACES.sub(" ", text))


def _line(text: str) -> str:
    """The finished line, safe also at its start."""
    return _STARTS.sub(
        lambda m: f"{m[1]}{m[2]}\\{m[3]}" if m[2] else f"{m[1]}\\{m[4]}", text.strip()
    )


def _document(tree: ExportTree) -> Iterator[str]:
    phrases = phrases_in(tree.language)
    notes: list[str] = []
    yield from _front(tree.front)
    for section in tree.sections:
        yield from _section(section, notes)
    if tree.members:
        yield from _members(tree.members, phrases)
    yield from notes


def _front(front: FrontPage) -> Iterator[str]:
    yield f"# {escaped(front.title)}"
    if front.subtitle:
        yield _stretch(front.subtitle, (True, False, ""))
    masthead = (front.working_group, front.symbol, front.date)
    yield "\\\n".join(_line(escaped(line)) for line in masthead if line)
    if front.status_line:
        yield _stretch(front.status_line, (False, True, ""))
    yield from (_line(escaped(sentence)) for sentence in front.legend)


def _section(section: Section, notes: list[str]) -> Iterator[str]:
    title = f"{section.number} {section.title}".strip()
    yield f"{'#' * min(section.depth + 1, _DEEPEST)} {escaped(title)}"
    for block in section.blocks:
        yield from _block(block, section.depth, notes)


def _block(block: Block, depth: int, notes: list[str]) -> Iterator[str]:
    words = _EDGE_BREAKS.sub("", _inlines(printed_inlines(block), notes))
    if block.kind == "heading":
        if is_heading(block):
            level = min(depth + 1 + max(1, block.level), _DEEPEST)
            yield f"{'#' * level} {words.replace(_BREAK, ' ')}"
    elif line := _line(f"{escaped(block.label)} {words}"):
        yield line


def _inlines(inlines: tuple[Inline, ...], notes: list[str]) -> str:
    written = ""
    runs = [(look, list(run)) for look, run in groupby(inlines, key=_look)]
    for place, (look, parts) in enumerate(runs, start=1):
        if look is None:
            piece = "".join(_mark(part, notes) for part in parts)
        else:
            text = "".join(part.text for part in parts if isinstance(part, Text))
            piece = _stretch(text, look, written[-1:], is_last=place == len(runs))
        if piece.startswith("[") and written.endswith("!"):
            written = written[:-1] + "\\!"  # else the link were a picture
        written += piece
    return written


_Look = tuple[bool, bool, str]


def _look(inline: Inline) -> _Look | None:
    return (inline.strong, inline.em, safe_link(inline.link)) if isinstance(inline, Text) else None


def _mark(inline: Inline, notes: list[str]) -> str:
    if not isinstance(inline, Footnote):
        return _BREAK
    place = len(notes)
    notes.append("")  # its number is taken before a later one can be
    words = _inlines(inline.inlines, notes).replace(_BREAK, " ")
    notes[place] = f"[^{place + 1}]: {_line(words)}"
    return f"[^{place + 1}]"


def _stretch(text: str, look: _Look, before: str = "", *, is_last: bool = True) -> str:
    """The words with their look; before: the character that was written last."""
    strong, em, link = look
    space, core, space_after = _split(_SPACES.sub(" ", text))
    if not core:
        return space or space_after
    opens = core[0].isalnum() or space != "" or link != "" or before in ("", " ")
    closes = core[-1].isalnum() or space_after != "" or link != "" or is_last
    touches = before == "*" and not space and not link
    words = escaped(core)
    # Asterisks beside punctuation or each other do not always mean what they say: there, tags.
    if opens and closes and not touches:
        stars = "**" * strong + "*" * em
        words = f"{stars}{words}{stars}"
    else:
        words = f"<em>{words}</em>" if em else words
        words = f"<strong>{words}</strong>" if strong else words
    return f"{space}[{words}](<{link}>){space_after}" if link else f"{space}{words}{space_after}"


def _split(text: str) -> tuple[str, str, str]:
    """The space before, the words, the space after."""
    core = text.strip()
    if not core:
        return text, "", ""
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


def _members(members: tuple[MemberLine, ...], phrases: Phrases) -> Iterator[str]:
    yield f"## {escaped(phrases.annex)}: {escaped(phrases.members)}"
    yield "\n".join(_member(member) for member in members)
    if any(member.personal_capacity for member in members):
        yield f"\\* {escaped(phrases.personal_capacity)}"


def _member(member: MemberLine) -> str:
    mark = r"\*" if member.personal_capacity else ""
    rest = (member.stakeholder_group, member.affiliation, member.role)
    facts = ", ".join(escaped(fact) for fact in rest if fact)
    return f"- {_line(escaped(member.name))}{mark}: {facts}"
