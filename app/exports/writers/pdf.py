"""The report as PDF: the tree as JSON, laid out by the typst source beside this file."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.exports.tree import (
    Block,
    Break,
    Direction,
    ExportTree,
    Footnote,
    Inline,
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
from app.exports.writers.phrases import phrases_in

SOURCE = "report.typ"


@cache
def source() -> bytes:
    """The typst source of every report."""
    return (Path(__file__).parent / SOURCE).read_bytes()


def files(tree: ExportTree, made_at: datetime) -> Mapping[str, bytes]:
    """The files that typst reads: the same tree and moment give the same bytes."""
    return {SOURCE: source(), "tree.json": json.dumps(_tree(tree, made_at)).encode()}


def _tree(tree: ExportTree, made_at: datetime) -> dict[str, Any]:
    base = base_direction(tree.language)
    language, _, _region = tree.language.partition("-")
    front = tree.front
    return {
        "lang": language,
        "dir": base,
        "date": {"year": made_at.year, "month": made_at.month, "day": made_at.day},
        "phrases": asdict(phrases_in(tree.language)),
        "wants_contents": wants_contents(tree),
        "front": {
            "title": front.title,
            "running-title": front.subtitle or front.title,
            "subtitle": front.subtitle,
            "symbol": front.symbol,
            "working-group": front.working_group,
            "date": front.date,
            "status-line": front.status_line,
            "legend": front.legend,
        },
        "sections": _sections(tree.sections, base),
        "members": [asdict(member) for member in tree.members],
    }


def _sections(sections: tuple[Section, ...], base: Direction) -> list[dict[str, Any]]:
    reached = 0  # the level of the last heading: an accessible PDF may not skip one going down

    def next_level(wanted: int) -> int:
        nonlocal reached
        reached = min(wanted, reached + 1)
        return reached

    return [_section(section, base, next_level) for section in sections]


def _section(section: Section, base: Direction, next_level: Callable[[int], int]) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": section.title,
        "outline-level": next_level(section.depth),
        "dir": text_direction(section.title, base),
        "blocks": [
            _block(block, base)
            | (
                {"outline-level": next_level(section.depth + block.level)}
                if is_heading(block)
                else {}
            )
            for block in section.blocks
            if block.kind != "heading" or is_heading(block)
        ],
    }


def _block(block: Block, base: Direction) -> dict[str, Any]:
    direction = block_direction(block, base)
    return {
        "kind": block.kind,
        "level": max(1, block.level),
        "label": block.label,
        "dir": direction,
        "inlines": [_inline(inline, direction) for inline in printed_inlines(block)],
    }


def _inline(inline: Inline, direction: Direction) -> dict[str, Any]:
    match inline:
        case Text(text, strong, em, link):
            return {"is": "text", "text": text, "strong": strong, "em": em, "link": safe_link(link)}
        case Break():
            return {"is": "break"}
        case Footnote(inlines):
            return {
                "is": "footnote",
                "dir": text_direction(plain_text(inlines), direction),
                "inlines": [_inline(part, direction) for part in inlines],
            }
