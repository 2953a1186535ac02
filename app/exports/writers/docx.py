"""The report as a Word document: a pandoc tree of literal words, and the finish of its bytes."""

import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import docx

from app.exports.tree import (
    Block,
    Break,
    Direction,
    ExportTree,
    Footnote,
    Inline,
    MemberLine,
    Section,
    Text,
    base_direction,
    block_direction,
    is_heading,
    plain_text,
    printed_inlines,
    safe_link,
    text_direction,
    wants_contents,
)
from app.exports.writers import docx_raw as raw
from app.exports.writers import docx_reference
from app.exports.writers.docx_raw import Node
from app.exports.writers.phrases import Phrases, phrases_in

SOURCE = "report.json"
REFERENCE = "reference.docx"
_API = [1, 23, 1]  # of pandoc 3.9's JSON
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def files(tree: ExportTree) -> Mapping[str, bytes]:
    """The files that pandoc reads: its own kind of tree, and the reference document."""
    base = base_direction(tree.language)
    front = tree.front
    meta = {"lang": {"t": "MetaString", "c": tree.language}}
    document = {"pandoc-api-version": _API, "meta": meta, "blocks": _blocks(tree, base)}
    reference = docx_reference.build(front.subtitle or front.title, front.symbol, rtl=base == "rtl")
    return {SOURCE: json.dumps(document).encode(), REFERENCE: reference}


def finish(written: bytes, tree: ExportTree, made_at: datetime) -> bytes:
    """What pandoc wrote, with the report's own properties and nothing of the moment or machine."""
    document = docx.Document(BytesIO(written))
    properties = document.core_properties
    properties.title = tree.front.title[:255]
    properties.subject = tree.front.symbol[:255]
    properties.author = properties.last_modified_by = "Rapporteur"
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    properties.language = tree.language
    repacked = BytesIO()
    document.save(repacked)
    return _without_times(repacked.getvalue())


def _without_times(packed: bytes) -> bytes:
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(packed)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = zipfile.ZipInfo(name, date_time=_ZIP_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return target.getvalue()


def _blocks(tree: ExportTree, base: Direction) -> list[Node]:
    phrases = phrases_in(tree.language)
    annex = Section(f"{phrases.annex}: {phrases.members}", 1)
    blocks = _front(tree, base)
    if wants_contents(tree):
        blocks += raw.contents(tree, phrases.contents, [annex] if tree.members else [])
    for place, section in enumerate(tree.sections, start=1):
        blocks.append(raw.heading(section, place, base, on_new_page=place == 1))
        blocks += [node for block in section.blocks if (node := _block(block, base))]
    if tree.members:
        blocks.append(raw.heading(annex, len(tree.sections) + 1, base, on_new_page=True))
        blocks += _members(tree.members, phrases)
    return blocks


def _front(tree: ExportTree, base: Direction) -> list[Node]:
    front = tree.front
    masthead = raw.run(front.working_group) + raw.TAB + raw.run(front.symbol)
    lines = (
        ("Title", front.title),
        ("Subtitle", front.subtitle),
        ("ReportStatus", front.status_line),
        ("ReportDate", front.date),
        *(("ReportLegend", sentence) for sentence in front.legend),
    )
    bidi = "<w:bidi/>" if base == "rtl" else ""
    return [
        raw.paragraph("ReportMasthead", masthead, bidi),
        *(raw.titled(style_id, words, base) for style_id, words in lines if words),
    ]


def _block(block: Block, base: Direction) -> Node | None:
    direction = block_direction(block, base)
    words = [_inline(inline, direction) for inline in printed_inlines(block)]
    if block.kind == "heading":
        style = f"Text Heading {max(1, block.level)}"
        return _styled(style, words, direction) if is_heading(block) else None
    if block.kind == "plain" or not block.label:
        return _styled("Plain Paragraph", words, direction)
    numbered = block.kind == "para"
    style = "Numbered Paragraph" if numbered else f"Sub-paragraph {min(2, max(1, block.level))}"
    return _styled(style, [_words(block.label), raw.raw_inline(raw.TAB), *words], direction)


def _styled(style: str, inlines: list[Node], direction: Direction) -> Node:
    attributes = [["custom-style", style], ["dir", direction]]
    return {"t": "Div", "c": [["", [], attributes], [{"t": "Para", "c": inlines}]]}


def _words(text: str) -> Node:
    return {"t": "Str", "c": text}


def _inline(inline: Inline, direction: Direction) -> Node:
    match inline:
        case Text():
            return _text(inline)
        case Break():
            return {"t": "LineBreak"}
        case Footnote(inlines):
            own = text_direction(plain_text(inlines), direction)
            note = [_inline(part, own) for part in inlines]
            return {"t": "Note", "c": [{"t": "Para", "c": note}]}


def _text(run: Text) -> Node:
    node = _words(run.text)
    if run.em:
        node = {"t": "Emph", "c": [node]}
    if run.strong:
        node = {"t": "Strong", "c": [node]}
    if address := safe_link(run.link):
        node = {"t": "Link", "c": [_NO_ATTRIBUTES, [node], [address, ""]]}
    return node


_NO_ATTRIBUTES: list[object] = ["", [], []]


def _members(members: tuple[MemberLine, ...], phrases: Phrases) -> list[Node]:
    heads = (phrases.name, phrases.stakeholder_group, phrases.affiliation, phrases.role)
    rows = [
        _row(
            member.name + ("*" if member.personal_capacity else ""),
            member.stakeholder_group,
            member.affiliation,
            member.role,
        )
        for member in members
    ]
    widths = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": 0.25}]] * len(heads)
    head = [_NO_ATTRIBUTES, [_row(*heads, strong=True)]]
    body = [_NO_ATTRIBUTES, 0, [], rows]
    table = {
        "t": "Table",
        "c": [_NO_ATTRIBUTES, [None, []], widths, head, [body], [_NO_ATTRIBUTES, []]],
    }
    if any(member.personal_capacity for member in members):
        return [table, _styled("Report Legend", [_words(f"* {phrases.personal_capacity}")], "ltr")]
    return [table]


def _row(*cells: str, strong: bool = False) -> list[object]:
    return [_NO_ATTRIBUTES, [_cell(cell, strong) for cell in cells]]


def _cell(text: str, strong: bool) -> list[object]:
    words = [_text(Text(text, strong=strong))] if text else []
    attributes = ["", [], [["dir", text_direction(text, "ltr")]]]
    content = {"t": "Div", "c": [attributes, [{"t": "Plain", "c": words}]]}
    return [_NO_ATTRIBUTES, {"t": "AlignDefault"}, 1, 1, [content]]
