"""What the server relays of a damaged update, yjs takes without a throw, and shows the same text.

MUTANTS_FOR_YJS says how many are tried, MUTANTS_SEED which.
"""

import os
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from app.rooms.guard import open_document
from tests.house.peers import NodePeer
from tests.strict.children import SEED, accepted, run_batches
from tests.strict.proving import shown

MUTANTS = int(os.environ.get("MUTANTS_FOR_YJS", "5000"))
# Other mutants than those that are only proven: every new text is a chance.
FIRST = 100_000_000
LONG_S = 12 * 3600
_PER_LINE = 50
StartPeer: TypeAlias = Callable[..., Awaitable[NodePeer]]

pytestmark = [pytest.mark.peers]


@pytest.mark.timeout(LONG_S)
async def test_yjs_shows_what_the_server_shows(start_peer: StartPeer, tmp_path: Path) -> None:
    yjs = await start_peer("mutants.mjs")
    seen = 0
    for so_far in run_batches(MUTANTS, FIRST, tmp_path):
        assert so_far.faults == []
        cases = accepted(tmp_path)
        for start in range(0, len(cases), _PER_LINE):
            await compare(yjs, cases[start : start + _PER_LINE])
        seen += len(cases)

    assert seen > MUTANTS / 10


async def compare(yjs: NodePeer, cases: list[dict[str, Any]]) -> None:
    """Fail unless yjs shows each case as the server does."""
    told = await yjs.ask("take", cases=cases)
    for case, taken in zip(cases, told["taken"], strict=True):
        where = f"SEED={SEED} state={case['state']} relayed={case['relayed']}"
        assert "fault" not in taken, f"{taken['fault']} {where}"
        assert words(taken["shown"]) == words(case["shown"]), where
        if taken["shown"] != case["shown"]:
            # It has tidied marks up; once the server has that too, they show the same.
            assert taken["shown"] == tidied(case, taken), where


def words(text_shown: dict[str, Any]) -> list[Any]:
    """Return what is shown without its marks: characters and embeds one by one."""
    texts = [text_shown["body"], *(text for _, text in sorted(text_shown["notes"].items()))]
    return [[unit for piece, _ in text for unit in units(piece)] for text in texts]


def units(piece: Any) -> list[Any]:
    """Return the characters of a piece, or its one embed."""
    return list(piece) if isinstance(piece, str) else [piece]


def tidied(case: dict[str, Any], taken: dict[str, Any]) -> dict[str, Any]:
    """Return what the server shows when it has what yjs would send of its own."""
    doc = open_document(b64decode(case["state"]))
    doc.apply_update(b64decode(case["relayed"]))
    doc.apply_update(b64decode(taken["own"]))
    return shown(doc)
