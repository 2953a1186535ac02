"""The report as one HTML file that needs nothing else: no script, no picture, no network."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path

from app.exports.tree import (
    Block,
    Break,
    Direction,
    ExportTree,
    Footnote,
    FrontPage,
    Inline,
    MemberLine,
    Section,
    Text,
    base_direction,
    block_direction,
    is_heading,
    printed_inlines,
    safe_link,
    text_direction,
    wants_contents,
)
from app.exports.writers.phrases import Phrases, phrases_in

# The file may be opened from a disk or a mail: it forbids itself everything but its own style.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_DEEPEST = 6


@dataclass(slots=True)
class _Notes:
    """The document's direction, and the footnotes met so far, in order."""

    base: Direction
    written: list[str] = field(default_factory=list)


def write(tree: ExportTree) -> bytes:
    """The bytes of the HTML file: the same tree gives the same bytes."""
    return "\n".join(_document(tree)).encode()


@cache
def _style() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def _document(tree: ExportTree) -> Iterator[str]:
    phrases = phrases_in(tree.language)
    notes = _Notes(base_direction(tree.language))
    yield "<!doctype html>"
    yield f'<html lang="{escape(tree.language)}" dir="{base_direction(tree.language)}">'
    yield '<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="generator" content="Rapporteur">'
    yield f"<title>{escape(tree.front.title)}</title>"
    yield f"<style>\n{_style()}</style>\n</head>\n<body>"
    yield '<div class="sheet">'
    yield from _front(tree.front)
    if wants_contents(tree):
        yield from _contents(tree, phrases)
    yield "<main>"
    for place, section in enumerate(tree.sections, start=1):
        yield from _section(section, place, notes)
    if tree.members:
        yield from _members(tree.members, phrases)
    yield "</main>"
    yield from _footnotes(notes, phrases)
    yield "</div>\n</body>\n</html>\n"


def _front(front: FrontPage) -> Iterator[str]:
    yield '<header class="front">'
    yield '<div class="masthead">'
    yield f'<p class="group" dir="auto">{escape(front.working_group)}</p>'
    yield f'<p class="symbol"><bdi>{escape(front.symbol)}</bdi></p>'
    yield "</div>"
    yield f'<h1 dir="auto">{escape(front.title)}</h1>'
    if front.subtitle:
        yield f'<p class="subtitle" dir="auto">{escape(front.subtitle)}</p>'
    yield f'<p class="status" dir="auto">{escape(front.status_line)}</p>'
    yield f'<p class="date">{escape(front.date)}</p>'
    yield '<div class="legend">'
    yield from (f'<p dir="auto">{escape(sentence)}</p>' for sentence in front.legend)
    yield "</div>\n</header>"


def _contents(tree: ExportTree, phrases: Phrases) -> Iterator[str]:
    yield '<nav aria-labelledby="contents" role="doc-toc">'
    yield f'<h2 id="contents">{escape(phrases.contents)}</h2>'
    entries = [
        (section.depth, _entry(section.number, section.title, f"section-{place}"))
        for place, section in enumerate(tree.sections, start=1)
    ]
    if tree.members:
        entries.append((1, _entry("", f"{phrases.annex}: {phrases.members}", "members")))
    yield from _nested(entries)
    yield "</nav>"


def _entry(number: str, title: str, target: str) -> str:
    return (
        f'<a href="#{target}"><span class="number">{escape(number)}</span> '
        f'<span class="title" dir="auto">{escape(title)}</span></a>'
    )


def _nested(entries: list[tuple[int, str]]) -> Iterator[str]:
    open_depths: list[int] = []
    for depth, entry in entries:
        while open_depths and open_depths[-1] > depth:
            open_depths.pop()
            yield "</li></ol>"
        if open_depths and open_depths[-1] == depth:
            yield "</li>"
        else:
            open_depths.append(depth)
            yield "<ol>"
        yield f"<li>{entry}"
    yield from ("</li></ol>" for _ in open_depths)


def _section(section: Section, place: int, notes: _Notes) -> Iterator[str]:
    tag = f"h{min(section.depth + 1, _DEEPEST)}"
    number = f'<span class="number">{escape(section.number)}</span> ' if section.number else ""
    title = f'<span class="title">{escape(section.title)}</span>'
    yield f'<section id="section-{place}">'
    yield f'<{tag} dir="{text_direction(section.title, notes.base)}">{number}{title}</{tag}>'
    for block in section.blocks:
        yield _block(block, section.depth, notes)
    yield "</section>"


def _block(block: Block, depth: int, notes: _Notes) -> str:
    words = "".join(_inline(inline, notes) for inline in printed_inlines(block))
    state = f' data-status="{block.status}"' if block.status else ""
    direction = f' dir="{block_direction(block, notes.base)}"'
    attributes = f"{direction}{state}"
    match block.kind:
        case "heading":
            tag = f"h{min(depth + 1 + max(1, block.level), _DEEPEST)}"
            look = f' class="within within{max(1, block.level)}"'
            return f"<{tag}{look}{attributes}>{words}</{tag}>" if is_heading(block) else ""
        case "para" if block.label:
            target = _target(block.label)
            number = f'<a class="number" href="#{target}">{escape(block.label)}</a>'
            return f'<p class="para" id="{target}"{attributes}>{number}{_words(words)}</p>'
        case "subpara":
            level = f"sub{min(2, max(1, block.level))}"
            number = f'<span class="number">{escape(block.label)}</span>'
            return f'<p class="sub {level}"{attributes}>{number}{_words(words)}</p>'
    return f"<p{attributes}>{words}</p>"


def _words(words: str) -> str:
    return f' <span class="words">{words}</span>'


def _target(label: str) -> str:
    letters = "".join(letter if letter.isalnum() else "-" for letter in label)
    return "para-" + letters.strip("-")


def _inline(inline: Inline, notes: _Notes) -> str:
    match inline:
        case Text(text, strong, em, link):
            words = escape(text)
            words = f"<em>{words}</em>" if em else words
            words = f"<strong>{words}</strong>" if strong else words
            address = escape(safe_link(link))
            return f'<a href="{address}" rel="noreferrer">{words}</a>' if address else words
        case Break():
            return "<br>"
        case Footnote(inlines):
            notes.written.append("".join(_inline(part, notes) for part in inlines))
            number = len(notes.written)
            return (
                f'<sup><a id="mark-{number}" href="#note-{number}" role="doc-noteref">'
                f"{number}</a></sup>"
            )


def _footnotes(notes: _Notes, phrases: Phrases) -> Iterator[str]:
    if not notes.written:
        return
    yield '<section class="notes" role="doc-endnotes" aria-labelledby="footnotes">'
    yield f'<h2 id="footnotes">{escape(phrases.footnotes)}</h2>\n<ol>'
    back = escape(phrases.back)
    for number, words in enumerate(notes.written, start=1):
        yield (
            f'<li id="note-{number}"><span dir="auto">{words}</span> '
            f'<a class="back" href="#mark-{number}" role="doc-backlink" '
            f'aria-label="{back}: {number}">\N{LEFTWARDS ARROW WITH HOOK}\ufe0e</a></li>'
        )
    yield "</ol>\n</section>"


def _members(members: tuple[MemberLine, ...], phrases: Phrases) -> Iterator[str]:
    heads = (phrases.name, phrases.stakeholder_group, phrases.affiliation, phrases.role)
    yield "<section>"
    yield f'<h2 id="members">{escape(phrases.annex)}: {escape(phrases.members)}</h2>'
    yield '<div class="table" tabindex="0" role="region" aria-labelledby="members">\n<table>'
    yield (
        "<thead><tr>"
        + "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
        + "</tr></thead>"
    )
    yield "<tbody>"
    for member in members:
        mark = "*" if member.personal_capacity else ""
        cells = (member.stakeholder_group, member.affiliation, member.role)
        yield (
            f'<tr><th scope="row"><bdi>{escape(member.name)}</bdi>{mark}</th>'
            + "".join(f"<td><bdi>{escape(cell)}</bdi></td>" for cell in cells)
            + "</tr>"
        )
    yield "</tbody>\n</table>\n</div>"
    if any(member.personal_capacity for member in members):
        yield f'<p class="remark">* {escape(phrases.personal_capacity)}</p>'
    yield "</section>"
