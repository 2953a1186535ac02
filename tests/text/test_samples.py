"""The samples that Python and TypeScript both read."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.text import schema
from app.text.from_crdt import read_state
from app.text.hashing import canonical, text_hash
from app.text.jsonable import block_from_json, document_json, notes_from_json
from app.text.model import Block, Document
from app.text.numbering import label_blocks

CONTRACTS = Path(__file__).parents[2] / "contracts"


def load(name: str) -> Any:
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


@named(load("samples/canonical.json")["cases"])
def test_a_block_has_the_canonical_form_and_hash_of_the_sample(case: dict[str, Any]) -> None:
    block, notes = block_from_json(case["block"]), notes_from_json(case["block"]["runs"])

    assert canonical(block, notes).decode() == case["canonical"]
    assert text_hash(block, notes) == case["sha256"]
    assert hashlib.sha256(case["canonical"].encode()).hexdigest() == case["sha256"]


@named(load("samples/updates.json")["samples"])
def test_an_update_reads_as_the_text_of_the_sample(case: dict[str, Any]) -> None:
    document = read_state(bytes.fromhex(case["update"]))

    wire = document_json(document, whole=True)["blocks"]
    shown = [{k: v for k, v in block.items() if k not in ("hash", "label")} for block in wire]
    assert shown == case["blocks"]


@named(load("samples/labels.json")["cases"])
def test_blocks_are_labelled_as_in_the_sample(case: dict[str, Any]) -> None:
    blocks = tuple(Block(None, block["kind"], block["level"]) for block in case["blocks"])

    labels, following = label_blocks(Document(blocks), case["start"])

    assert list(labels) == [block["label"] for block in case["blocks"]]
    assert following == case["next"]


CONTRACT = load("document.json")


def test_the_parts_of_the_document_are_named_as_in_the_contract() -> None:
    assert CONTRACT["schema"] == schema.SCHEMA_VERSION
    assert CONTRACT["roots"] == {
        "body": {"name": schema.BODY, "type": "Text"},
        "notes": {"name": schema.NOTES, "type": "Map", "values": "Text"},
    }
    assert CONTRACT["embeds"] == {
        "marker": {"key": schema.MARKER_KEY, "value": 1},
        "footnote": {"key": schema.FOOTNOTE_KEY, "value": "note id"},
        "line_break": {"key": schema.LINE_BREAK_KEY, "value": 1},
    }
    assert CONTRACT["ids"] == {
        "block": {"prefix": "p", "pattern": schema.BLOCK_ID_PATTERN},
        "note": {"prefix": "n", "pattern": schema.NOTE_ID_PATTERN},
    }


def test_blocks_and_their_attributes_are_those_of_the_contract() -> None:
    assert CONTRACT["blocks"] == {
        "kinds": list(schema.KINDS),
        "numbered": list(schema.NUMBERED_KINDS),
        "numbering_restarts_at": list(schema.RESTARTING_KINDS),
        "default_kind": schema.DEFAULT_KIND,
        "levels": {kind: list(levels) for kind, levels in schema.LEVELS.items()},
        "default_level": schema.DEFAULT_LEVELS,
        "directions": list(schema.DIRECTIONS),
    }
    assert CONTRACT["attributes"] == {
        "prefix": schema.ATTRIBUTE_PREFIX,
        "id": schema.ATTRIBUTE_ID,
        "kind": schema.ATTRIBUTE_KIND,
        "level": schema.ATTRIBUTE_LEVEL,
        "direction": schema.ATTRIBUTE_DIRECTION,
        "reserved": list(schema.RESERVED_ATTRIBUTES),
        "reserved_prefixes": list(schema.RESERVED_ATTRIBUTE_PREFIXES),
    }


def test_marks_and_the_canonical_form_are_those_of_the_contract() -> None:
    assert CONTRACT["marks"] == {
        "flags": list(schema.FLAG_MARKS),
        "text_valued": list(schema.TEXT_MARKS),
        "simple": list(schema.SIMPLE_MARKS),
        "keyed_prefixes": list(schema.KEYED_PREFIXES),
        "on_markers": list(schema.PENDING_PREFIXES),
        "joining": list(schema.JOINING_PREFIXES),
        "removed_value": False,
    }
    assert CONTRACT["canonical"] == {
        "version": schema.CANONICAL_VERSION,
        "marks": sorted(schema.SIMPLE_MARKS),
        "atom": schema.ATOM,
        "line_break": schema.LINE_BREAK,
        "footnote_key": schema.FOOTNOTE_KEY,
        "embed_key": schema.EMBED_KEY,
    }
